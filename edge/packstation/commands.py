"""What a command barcode (`PL:…`) tells a pack station. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from wire.deeds import Problem
from wire.ids import TEXT_MAX


@dataclass(frozen=True)
class AsideCommand:
    """`PL:ASIDE`."""


@dataclass(frozen=True)
class ProblemCommand:
    """`PL:MISSING` and its like."""

    problem: Problem


@dataclass(frozen=True)
class BadgeCommand:
    """`PL:BADGE:<code>`."""

    badge: str


@dataclass(frozen=True)
class ReasonCommand:
    """`PL:REASON:<word>`."""

    reason: str


@dataclass(frozen=True)
class BoxFullCommand:
    """`PL:BOX-FULL`."""


@dataclass(frozen=True)
class ReprintCommand:
    """`PL:REPRINT:<reason>`."""

    reason: str


@dataclass(frozen=True)
class StationCommand:
    """`PL:STATION:<name>`: the barcode on a bench, to see which scanner belongs to which."""

    name: str


@dataclass(frozen=True)
class ZoneCommand:
    """`PL:SHORT`, `PL:SKIP`, `PL:UNDO`, `PL:QTY:<n>`: for pickers, not for a bench."""

    words: str


@dataclass(frozen=True)
class SignOutCommand:
    """`PL:SIGN-OUT`."""


@dataclass(frozen=True)
class SelfTestCommand:
    """`PL:SELFTEST`: test this bench."""


@dataclass(frozen=True)
class LampDeadCommand:
    """`PL:LAMP-DEAD`: in a self-test, the lamp did not show its colours."""


@dataclass(frozen=True)
class CountCommand:
    """`PL:COUNT:<n>`: so many pieces of the SKU accepted last are in the box in all."""

    pieces: int


@dataclass(frozen=True)
class UnknownCommand:
    """`PL:` and something we do not know."""

    text: str


BareCommand = AsideCommand | BoxFullCommand | SignOutCommand | SelfTestCommand | LampDeadCommand
KnownCommand = (
    BareCommand
    | ProblemCommand
    | BadgeCommand
    | ReasonCommand
    | ReprintCommand
    | CountCommand
    | StationCommand
    | ZoneCommand
)
PROBLEMS: Final[dict[str, Problem]] = {
    "MISSING": "missing_item",
    "UNREADABLE": "unreadable_barcode",
    "DAMAGED": "damaged_item",
    "PACKING-DAMAGED": "packing_damaged",
    "LABEL-DAMAGED": "label_damaged",
    "WRONG-ITEM": "wrong_item_found",
}
_BARE: Final[dict[str, BareCommand]] = {
    "ASIDE": AsideCommand(),
    "BOX-FULL": BoxFullCommand(),
    "SIGN-OUT": SignOutCommand(),
    "SELFTEST": SelfTestCommand(),
    "LAMP-DEAD": LampDeadCommand(),
}
_NOT_TOUCHED: Final = (BadgeCommand, StationCommand, ZoneCommand, UnknownCommand)
_CODE: Final = re.compile(rf"[\x21-\x7e]{{1,{TEXT_MAX}}}")
_PIECES: Final = re.compile(r"[1-9][0-9]{0,4}")
_OF_ZONES: Final = re.compile(r"SHORT|SKIP|UNDO|QTY:[0-9]{1,5}")


def command_of(words: str) -> KnownCommand | UnknownCommand:
    """What stands behind `PL:`."""
    verb, colon, code = words.partition(":")
    match verb, bool(colon), bool(_CODE.fullmatch(code)):
        case _ if words in _BARE:
            return _BARE[words]
        case "REPRINT", True, True:
            return ReprintCommand(code)
        case "BADGE", True, True:
            return BadgeCommand(code)
        case "REASON", True, True:
            return ReasonCommand(code)
        case "COUNT", True, True if _PIECES.fullmatch(code):
            return CountCommand(int(code))
        case "STATION", True, True:
            return StationCommand(code)
        case _ if words in PROBLEMS:
            return ProblemCommand(PROBLEMS[words])
        case _ if _OF_ZONES.fullmatch(words):
            return ZoneCommand(words)
    return UnknownCommand(words[:TEXT_MAX])


def may_be_touched(text: str) -> bool:
    """True for the text of a command that the bench's page may send: never a badge, which shows who stands there."""
    return text.startswith("PL:") and not isinstance(command_of(text[3:]), _NOT_TOUCHED)
