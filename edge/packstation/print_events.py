"""What can happen while a bench prints a label; words of its table, known there by the names of events.py."""

from __future__ import annotations

from dataclasses import dataclass

from wire.answers import LabelWanted


@dataclass(frozen=True)
class LabelToPrint:
    """Central wants the label on the box, and hands over what is to be printed first."""

    wanted: LabelWanted


@dataclass(frozen=True)
class PrintDone:
    """The printer has all of the label. `asked_by`: the scan whose answer wanted it."""

    asked_by: str
    verification: str
    label: str


@dataclass(frozen=True)
class PrintFailed:
    """The label was not printed; `unsure`: perhaps it was."""

    asked_by: str
    verification: str
    label: str
    why: str
    unsure: bool = False


@dataclass(frozen=True)
class PrintOver:
    """The printing of a parcel that is no longer on the table is over."""

    was: PrintDone | PrintFailed
