"""What the page of a bench offers to touch and how it shows what the bench says: tables, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from wire.command_codes import COMMAND_CODES
from wire.phrases import Refusal
from wire.uplink import StationLive

REASONS_MAX: Final = 8  # buttons beside "set aside"; any further one is scanned from the sheet
KNOWN: Final = tuple(code.text for code in COMMAND_CODES if code.where != "zone")
PROBLEMS: Final = (
    *("PL:MISSING", "PL:WRONG-ITEM", "PL:DAMAGED", "PL:UNREADABLE"),
    *("PL:LABEL-DAMAGED", "PL:PACKING-DAMAGED"),
)
_REPRINTS: Final = tuple(text for text in KNOWN if text.startswith("PL:REPRINT:"))
_WITH_A_PARCEL: Final = ("PL:ASIDE", *PROBLEMS)
_OF_STATE: Final[Mapping[str, tuple[str, ...]]] = {
    "ready": ("PL:SELFTEST",),
    "self_test": ("PL:LAMP-DEAD",),
    "packing": (*_WITH_A_PARCEL, "PL:BOX-FULL"),
    "weighing": _WITH_A_PARCEL,
    "labelling": (*_WITH_A_PARCEL, *_REPRINTS),
    "blocked": ("PL:ASIDE",),
    "badged": ("PL:ASIDE",),
    "unanswered": _WITH_A_PARCEL,
    "gate_fault": ("PL:SELFTEST",),
}
COUNTS: Final = any(text.startswith("PL:COUNT") for text in KNOWN)  # one piece was scanned, and the rest is keyed
HELD: Final = frozenset({"blocked", "badged", "photographing", "checking_override", "checking_aside"})
WAITS: Final = frozenset(
    (
        *("signing_in", "beginning", "checking_label", "checking_item", "checking_detail", "checking_weight"),
        *("checking_proof", "photographing", "checking_override", "checking_aside", "releasing"),
    )
)
UNREAD: Final = frozenset({"dirty_scan", "ambiguous", "unknown_command"})
READ_WELL: Final = frozenset({"scanner_good", "scanner_no_aim"})
FAULTS: Final = frozenset({"storage_full", "no_answer", "gate_refused", "self_test_failed"})


def acts(live: StationLive | None, reasons: Sequence[str] = ()) -> tuple[str, ...]:
    """The command barcodes that may be touched now, most used first. `reasons`: the site's words for an override."""
    if live is None:
        return ()
    signed_in = ("PL:SIGN-OUT",) if live.packer and live.state == "ready" else ()
    why = tuple(f"PL:REASON:{word}" for word in reasons[:REASONS_MAX]) if live.state == "badged" else ()
    return (*(text for text in _OF_STATE.get(live.state, ()) if text in KNOWN), *why, *signed_in)


def may_count(live: StationLive | None) -> bool:
    """Whether the number of pieces may be keyed now: an item was just accepted."""
    return COUNTS and live is not None and live.state == "packing" and live.say == "next_item"


def sort_of(live: StationLive | None) -> str:
    """What kind of thing the bench says; each has a shape of its own beside the lamp's colour.

    `unread` is a scan that was not understood and counts for nothing, never to be taken for a `wrong` item.
    """
    if live is None:
        return "away"
    if live.say == "repeat_ignored":
        return "repeat"
    if live.say in UNREAD or (live.say.startswith("scanner_") and live.say not in READ_WELL):
        return "unread"
    if live.state == "gate_fault" or live.say in FAULTS:
        return "fault"
    if live.lamp == "green":
        return "go"
    if live.state in WAITS or live.say == "wait_for_check":
        return "wait"
    if live.state in HELD:
        return "wrong"
    return "refused" if live.say in {*Refusal} else "ask"
