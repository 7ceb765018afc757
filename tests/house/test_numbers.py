"""A breach of each of our numbers is planted, and must be seen with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.measure import measure
from tools.numbers import main, take

HEADING = '"""A file."""\n\nfrom __future__ import annotations\n\n'


def nested(levels: int) -> str:
    """A function with `levels` of `if` inside each other."""
    ifs = "".join(f"{'    ' * (level + 1)}if x:\n" for level in range(levels))
    return f"def f(x: int) -> None:\n{ifs}{'    ' * (levels + 1)}print(x)\n"


def long(lines: int) -> str:
    """A function of `lines` lines."""
    return "def f() -> None:\n" + "    print()\n" * (lines - 1)


PLANTED = {
    "file too long": ("edge/a.py", HEADING + "A = 1\n" * 297, "301 lines, the limit is 300"),
    "function too long": ("edge/a.py", HEADING + long(41), "f has 41 lines, the limit is 40"),
    "too deep": ("edge/a.py", HEADING + nested(4), "f is 4 levels deep, the limit is 3"),
    "bare except": ("edge/a.py", HEADING + "try:\n    pass\nexcept:\n    pass\n", "broad except"),
    "except Exception": ("edge/a.py", HEADING + "try:\n    pass\nexcept Exception:\n    pass\n", "broad except"),
    "hidden in a tuple": (
        "sim/a.py",
        HEADING + "try:\n    pass\nexcept (OSError, BaseException):\n    pass\n",
        "broad except",
    ),
    "another error instead": (
        "edge/a.py",
        HEADING + "try:\n    pass\nexcept Exception:\n    raise ValueError from None\n",
        "broad except",
    ),
    "suppress": ("edge/a.py", HEADING + "with contextlib.suppress(Exception):\n    pass\n", "suppress of everything"),
    "import in a function": ("cli/a.py", HEADING + "def f() -> None:\n    import os\n", "import inside f"),
    "assert": ("wire/a.py", HEADING + "assert 1 + 1 == 2\n", "assert in source"),
    "mock": ("tests/test_a.py", HEADING + "from unittest import mock\n", "unittest.mock"),
    "monkeypatch": ("tests/test_a.py", HEADING + "def test_a(monkeypatch: object) -> None: ...\n", "monkeypatch"),
    "raises without words": (
        "tests/test_a.py",
        HEADING + "with pytest.raises(WireError):\n    f()\n",
        "raises without match=",
    ),
    "sleep": ("tests/test_a.py", HEADING + "def test_a() -> None:\n    time.sleep(1)\n", "a test sleeps"),
    "no docstring": ("edge/a.py", "import os\n", "no docstring"),
    "eager annotations": ("edge/a.py", '"""A file."""\nimport os\n', "annotations are evaluated"),
    "registry": ("docs/a.md", "Get it from files.python" + "hosted.org\n", "names a package registry"),
    "somebody's machine": ("docs/a.md", "See /ro" + "ot/notes\n", "names a place on somebody's machine"),
}
ALLOWED = {
    "at every limit": ("edge/a.py", HEADING + "A = 1\n" * 296),
    "function at the limit": ("edge/a.py", HEADING + long(40)),
    "three levels": ("edge/a.py", HEADING + nested(3)),
    "the supervisor": ("edge/tasks.py", HEADING + "try:\n    pass\nexcept Exception:\n    pass\n"),
    "tidies and lets go on": (
        "edge/a.py",
        HEADING + "try:\n    pass\nexcept BaseException:\n    undo()\n    raise\n",
    ),
    "raises with words": ("tests/test_a.py", HEADING + "with pytest.raises(WireError, match='no'):\n    f()\n"),
    "raises, the test's own": (
        "tests/test_a.py",
        HEADING + "class Odd(Exception): ...\nwith pytest.raises(Odd):\n    f()\n",
    ),
    "raises, looked at": ("tests/test_a.py", HEADING + "with pytest.raises(WireError) as caught:\n    f()\n"),
    "a paced wait": ("tests/test_a.py", HEADING + "def test_a() -> None:\n    while f():\n        time.sleep(0.01)\n"),
    "assert in a test": ("tests/test_a.py", HEADING + "assert 1 + 1 == 2\n"),
}


@pytest.mark.parametrize(("path", "text", "what"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_breach_is_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, text: str, what: str
) -> None:
    plant(tmp_path, path, text)

    assert main([str(tmp_path)]) == 1
    assert f"{path}:" in (told := capsys.readouterr().out)
    assert what in told


@pytest.mark.parametrize(("path", "text"), ALLOWED.values(), ids=ALLOWED.keys())
def test_what_keeps_the_numbers_passes(tmp_path: Path, path: str, text: str) -> None:
    plant(tmp_path, path, text)

    assert take(tmp_path).breaches == ()


def test_an_import_cycle_is_seen_once_and_named_whole(tmp_path: Path) -> None:
    for name, imported in (("a", "b"), ("b", "c"), ("c", "a")):
        plant(tmp_path, f"edge/{name}.py", f"{HEADING}from edge import {imported}\n")

    assert [breach.what for breach in take(tmp_path).breaches] == ["import cycle: edge.a → edge.b → edge.c → edge.a"]


def test_an_import_only_for_types_closes_a_cycle_too(tmp_path: Path) -> None:
    plant(tmp_path, "edge/a.py", f"{HEADING}from edge.b import B\n")
    plant(tmp_path, "edge/b.py", f"{HEADING}if TYPE_CHECKING:\n    from edge.a import A\n")

    assert [breach.what for breach in take(tmp_path).breaches] == ["import cycle: edge.a → edge.b → edge.a"]


def test_elif_is_no_deeper_than_if() -> None:
    chain = "def f(x: int) -> None:\n    if x:\n        pass\n    elif x:\n        pass\n    elif x:\n        pass\n"

    assert measure("edge/a.py", HEADING + chain).depths == (1,)


def test_the_cases_of_a_match_and_the_arms_of_a_try_are_one_level() -> None:
    inner = "            try:\n                pass\n            except OSError:\n                pass\n"
    body = f"    match x:\n        case 1:\n{inner}"

    assert measure("edge/a.py", f"{HEADING}def f(x: int) -> None:\n{body}").depths == (2,)


def plant(root: Path, path: str, text: str) -> None:
    """Write `text` to `path` under `root`."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
