"""What the self-test barcode says about the scanner that read it. Pure.

The text is known, so whatever arrives instead can only be one of a few things: another country setting than the node
believes, CapsLock, no GS, no AIM identifier. Each of them gives one text, which is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from edge.drivers.scanner_layouts import LAYOUTS, Layout, Place
from wire.command_codes import GS, SELF_TEST

AIM: Final = "]C0"  # Code 128, as the sheet is printed


@dataclass(frozen=True)
class Finding:
    """`say` is a phrase of the bench; `detail` the setting that would be right."""

    say: str
    detail: str = ""


def finding_of(text: str) -> Finding | None:
    """What to say if `text` is the self-test barcode, however garbled; None if it is another text."""
    found = _FINDINGS.get(text)
    if found is None and SELF_TEST[:8] in text:
        return Finding("scanner_odd", text.replace(GS, "<GS>")[:64])
    return found


def _findings() -> Iterator[tuple[str, Finding]]:
    """The best setting last, so that a text that could be two things is the better one."""
    for scanner, node in product(LAYOUTS.values(), LAYOUTS.values()):
        for caps, gs, aim in product((True, False), (False, True), (False, True)):
            sent = (AIM if aim else "") + (SELF_TEST if gs else SELF_TEST.replace(GS, ""))
            arrived = _typed(sent, scanner, node)
            yield arrived.swapcase() if caps else arrived, _judged(scanner, node, caps, gs, aim)


def _judged(scanner: Layout, node: Layout, caps: bool, gs: bool, aim: bool) -> Finding:
    if scanner is not node:
        return Finding("scanner_layout", f'layout = "{scanner.name}"')
    if caps:
        return Finding("scanner_caps")
    if not gs:
        return Finding("scanner_no_gs")
    return Finding("scanner_good") if aim else Finding("scanner_no_aim")


def _typed(text: str, scanner: Layout, node: Layout) -> str:
    """What a node with that layout reads when a scanner with this one types; a key that types nothing is left out."""
    if scanner is node:
        return text
    places: dict[str, Place] = {}
    for place, char in scanner.keys.items():
        places.setdefault(char, place)
    typed = [GS if char == GS else node.keys.get(places[char], "") for char in text]
    whole = "".join(typed)
    return whole if all(typed) else whole.encode().decode("ascii", "backslashreplace")  # as dirty scans are shown


_FINDINGS: Final[dict[str, Finding]] = dict(
    sorted(_findings(), key=lambda pair: pair[1].say != "scanner_layout")  # a text that is right is not another layout
)
