"""The set-up and the lock files: quick when done, clear when it cannot be done, and in step with the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from tests.house.doc_pages import ROOT

SETUP = "tools/setup.sh"
BARE_TOOLS = ("bash", "dirname", "id", "cat", "sha256sum", "cut", "basename", "env")


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))


def wanted(requirements: list[str]) -> set[str]:
    """Package names of requirement lines."""
    return {re.split(r"[^A-Za-z0-9-]", requirement)[0].lower() for requirement in requirements}


def test_everything_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    assert wanted(project["dependencies"] + extras["build"]) <= locked("requirements.lock").keys()
    assert wanted(project["dependencies"] + extras["dev"]) <= locked("requirements-dev.lock").keys()


def test_what_is_tested_is_what_runs() -> None:
    tested = locked("requirements-dev.lock")

    assert {name: tested[name] for name in locked("requirements.lock")} == locked("requirements.lock")


def test_every_locked_package_carries_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        parts = re.split(r"^(?=[a-z0-9.-]+==)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert all("--hash=sha256:" in part for part in parts if part.strip()), name


def test_without_a_python_the_setup_says_what_to_do(tmp_path: Path) -> None:
    done = set_up_bare(tmp_path)

    assert done.returncode == 1
    assert "picklight needs Python 3.11 or newer; found: none" in done.stderr
    assert "make PYTHON=/path/to/python3.11 run" in done.stderr


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = '#!/bin/sh\ncase "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac\n'

    assert "found: Python 3.9.2" in set_up_bare(tmp_path, python3=old).stderr


def test_an_unknown_purpose_is_refused() -> None:
    done = subprocess.run([ROOT / SETUP, "fly"], capture_output=True, text=True, timeout=30)

    assert done.returncode == 2
    assert "say run, test or hil, not 'fly'" in done.stderr


def set_up_bare(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Set up a copy of the project where only a shell and `programs` (name=script) can be found."""
    tools = folder / "bin"
    tools.mkdir()
    for name in BARE_TOOLS:
        (tools / name).symlink_to(str(shutil.which(name)))
    for name, script in programs.items():
        (tools / name).write_text(script, encoding="utf-8")
        (tools / name).chmod(0o755)
    (folder / "tools").mkdir()
    shutil.copy(ROOT / SETUP, folder / SETUP)
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    command = [str(shutil.which("bash")), str(folder / SETUP), "run"]
    return subprocess.run(command, env={"PATH": str(tools)}, capture_output=True, text=True, timeout=30)
