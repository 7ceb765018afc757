"""What a scan can be at a pack station; words of its table, known there by the names of events.py."""

from __future__ import annotations

from dataclasses import dataclass

from wire.deeds import Problem, ScanDetail

# ---- a scan; the shell made its `scan_id` ----


@dataclass(frozen=True)
class LabelShown:
    """A shipping label."""

    scan_id: str
    text: str


@dataclass(frozen=True)
class ItemShown:
    """An item's barcode, and what else was read with it."""

    scan_id: str
    text: str
    detail: ScanDetail | None = None


@dataclass(frozen=True)
class DetailShown:
    """A code that is no item's, only its serial number, lot or last good day."""

    scan_id: str
    text: str
    detail: ScanDetail


@dataclass(frozen=True)
class CountShown:
    """The command, or the screen's key: so many pieces of the SKU accepted last are in the box in all."""

    scan_id: str
    pieces: int


@dataclass(frozen=True)
class PlainShown:
    """A text that is a label or an item: whichever the bench waits for."""

    scan_id: str
    text: str


@dataclass(frozen=True)
class AsideShown:
    """The command: this parcel goes aside."""

    scan_id: str


@dataclass(frozen=True)
class ProblemShown:
    """The command: this parcel cannot be finished."""

    scan_id: str
    problem: Problem


@dataclass(frozen=True)
class BadgeShown:
    """A person's badge."""

    scan_id: str
    badge: str


@dataclass(frozen=True)
class ReasonShown:
    """A reason from the sheet."""

    scan_id: str
    reason: str


@dataclass(frozen=True)
class BoxFullShown:
    """The command: what is in the box is one parcel of several."""

    scan_id: str


@dataclass(frozen=True)
class ReprintShown:
    """The command: print the label once more."""

    scan_id: str
    reason: str


@dataclass(frozen=True)
class UnknownShown:
    """A command barcode that nobody knows."""


@dataclass(frozen=True)
class Told:
    """A scan that moves nothing and is answered: `say` is a key of wire.phrases, `detail` belongs to it."""

    say: str
    detail: str = ""


@dataclass(frozen=True)
class DirtyShown:
    """A scan that cannot be trusted."""


@dataclass(frozen=True)
class RepeatShown:
    """The same text again within the quiet window."""
