"""`make numbers`: our numbers in a small table, and every place that breaks one, with its cure."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.import_cycles import cycles
from tools.measure import (
    FILE_LINES_MAX,
    FUNCTION_LINES_MAX,
    NESTING_MAX,
    Breach,
    FileMeasure,
    is_test,
    measure,
)
from tools.texts import forbidden

GENERATED = ("central/store/migrations/versions/",)
TEXT_FILE_BYTES_MAX = 2_000_000  # larger files are data, not text


@dataclass(frozen=True)
class Numbers:
    """What was measured and what is wrong."""

    source: tuple[FileMeasure, ...]
    tests: tuple[FileMeasure, ...]
    breaches: tuple[Breach, ...]


def take(root: Path) -> Numbers:
    """Measure every text file of the project at `root`."""
    texts = dict(_texts(root, project_files(root)))
    code = {path: text for path, text in texts.items() if path.endswith(".py") and not path.startswith(GENERATED)}
    files = [measure(path, text) for path, text in sorted(code.items())]
    breaches = [breach for file in files for breach in file.breaches]
    breaches += cycles({path: text for path, text in code.items() if not is_test(path)})
    breaches += [breach for path, text in texts.items() for breach in forbidden(path, text)]
    return Numbers(
        source=tuple(file for file in files if not is_test(file.path)),
        tests=tuple(file for file in files if is_test(file.path)),
        breaches=tuple(breaches),
    )


def project_files(root: Path) -> list[str]:
    """Files that are, or would be, in the repository; outside of one, every file."""
    if not (root / ".git").exists():
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    listing = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in set(names.split("\0")) if name and (root / name).is_file())


def table(numbers: Numbers) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'':16}{'median':>8}{'p90':>8}{'max':>8}{'limit':>8}"
    for title, files in (("source", numbers.source), ("tests", numbers.tests)):
        yield _row(f"{title}: file", [file.lines for file in files if file.function_lines], FILE_LINES_MAX)
        yield _row("  function", [lines for file in files for lines in file.function_lines], FUNCTION_LINES_MAX)
        yield _row("  nesting", [depth for file in files for depth in file.depths], NESTING_MAX)
    source, tests = (sum(file.lines for file in files) for files in (numbers.source, numbers.tests))
    yield f"{source} lines of source, {tests} of tests: {tests / max(source, 1):.2f} lines of tests to one of source"


def main(arguments: Sequence[str]) -> int:
    """Print the table of the project at `arguments[0]` (default: here); 1 if a number is broken."""
    numbers = take(Path(arguments[0] if arguments else "."))
    print("\n".join(table(numbers)))
    for breach in numbers.breaches:
        print(breach)
    print(f"{len(numbers.breaches)} breaches" if numbers.breaches else "every number is kept")
    return 1 if numbers.breaches else 0


def _texts(root: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        raw = (root / name).read_bytes()
        if len(raw) <= TEXT_FILE_BYTES_MAX and b"\0" not in raw[:8192]:
            yield name, raw.decode("utf-8", errors="replace")


def _row(title: str, values: Sequence[int], limit: int) -> str:
    if not values:
        return f"{title:16}{'–':>8}{'–':>8}{'–':>8}{limit:>8}"
    ordered = sorted(values)
    p90 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))]
    return f"{title:16}{statistics.median(ordered):>8.0f}{p90:>8}{ordered[-1]:>8}{limit:>8}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
