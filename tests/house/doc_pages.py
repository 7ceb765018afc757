"""Reading our own pages: the rows of their tables, what stands in backticks, and their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "systemd").rglob("*.md")])


def rows(page: str, heading: str = "") -> dict[str, list[str]]:
    """Table rows of `page` (below `heading`) whose first cell is one `key` in backticks: key → all cells."""
    found = {}
    text = (ROOT / page).read_text(encoding="utf-8")
    if heading:
        text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `") and (key := re.fullmatch(r"`([^`]+)`", cells[0])):
            found[key[1]] = cells
    return found


def quoted(text: str) -> Iterator[str]:
    """Everything in single backticks outside of code blocks."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose)


def headings(page: str) -> list[int]:
    """The level of each heading, in order."""
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]


def code_blocks(page: Path) -> list[str]:
    """The commands of each code block, without comments."""
    blocks = re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return ["\n".join(line.split(" #")[0].rstrip() for line in block.splitlines()) for block in blocks]
