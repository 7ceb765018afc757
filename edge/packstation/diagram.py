"""Pictures of the two tables, drawn from them: `python -m edge.packstation.diagram` renews docs/diagrams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from edge.packstation.guard import table as guard
from edge.packstation.table import TABLE

FOLDER: Final = Path(__file__).parents[2] / "docs" / "diagrams"
RENEW: Final = "python -m edge.packstation.diagram"


def pages() -> dict[str, str]:
    """File name to content, of every diagram."""
    return {
        "packstation.md": _page("The pack station", "edge/packstation/table.py", TABLE),
        "guard.md": _page("The interlock guard", "edge/packstation/guard/table.py", guard.TABLE),
    }


def main() -> None:
    """Write them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (FOLDER / name).write_text(page, encoding="utf-8")


def _page(title: str, source: str, table: Mapping[Any, Mapping[type, Any]]) -> str:
    lines = [
        f"# {title}",
        "",
        f"Drawn from `{source}` by `{RENEW}`; edit the table, not this page.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *_arrows(table),
        "```",
        "",
        "What moves nothing, and what is said or why:",
        "",
        "| state | event | stays because |",
        "|---|---|---|",
        *_stays(table),
        "",
    ]
    return "\n".join(lines)


def _arrows(table: Mapping[Any, Mapping[type, Any]]) -> Iterator[str]:
    for state, row in table.items():
        moves: dict[StrEnum, list[str]] = {}
        for event, rule in row.items():
            if hasattr(rule, "to"):
                moves.setdefault(rule.to, []).append(event.__name__)
        for to, events in moves.items():
            yield f"    {state} --> {to}: {', '.join(sorted(events))}"


def _stays(table: Mapping[Any, Mapping[type, Any]]) -> Iterator[str]:
    for state, row in table.items():
        reasons: dict[str, list[str]] = {}
        for event, rule in row.items():
            if not hasattr(rule, "to"):
                reasons.setdefault(_what(rule), []).append(event.__name__)
        for why, events in reasons.items():
            yield f"| {state} | {', '.join(sorted(events))} | {why} |"


def _what(rule: Any) -> str:
    if getattr(rule, "again", False):
        return "says once more why"
    return f"says `{rule.say}`" if getattr(rule, "say", "") else str(rule.why)


if __name__ == "__main__":
    main()
