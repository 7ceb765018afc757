"""The verbs do what the pages say they do."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.house.doc_pages import ROOT


def recipe(*arguments: str) -> str:
    """What make would run, without running it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    done = subprocess.run(
        ["make", "--dry-run", *arguments], cwd=ROOT, env=plain, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.mark.parametrize(
    ("verb", "commands"),
    [
        ("run", ["tools/setup.sh run", "picklight floor start"]),
        ("test", ["tools/setup.sh test", "-m pytest"]),
        ("hil", ["tools/setup.sh test", "tools/setup.sh hil", "-m tests.hil.bed test"]),
        ("setup", ["tools/setup.sh test"]),
        ("bench", ["tools/setup.sh test", "-m bench"]),
        (
            "check",
            [
                "format --check",
                "ruff check",
                "mypy --strict",
                "lint-imports",
                "tools.numbers",
                "tools.contract --check",
            ],
        ),
    ],
)
def test_a_verb_does_its_own_set_up_and_then_its_work(verb: str, commands: list[str]) -> None:
    told = recipe(verb)

    places = [told.index(command) for command in commands]
    assert places == sorted(places)


def test_bench_can_be_narrowed_to_one() -> None:
    assert "-m bench --only press_to_dark" in recipe("bench", "ONLY=press_to_dark")


def test_make_alone_lists_the_verbs() -> None:
    done = subprocess.run(["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert "make run" in done.stdout
    assert "make test" in done.stdout


def test_continuous_integration_runs_the_same_verbs_and_no_others() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")

    assert [line for line in script.splitlines() if line.startswith("make")] == ["make check", "make hil", "make test"]
    assert "set -euo pipefail" in script
    assert os.access(ROOT / ".ci/run", os.X_OK)
