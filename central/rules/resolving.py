"""Resolving a ticket step by step: which steps are possible for its kind and where its order stands. Pure.

A ticket is resolved by steps, each done by a person at a time: goods are picked anew, a label is replaced, pieces are
put back; `repack`, `cancel` and `close` decide about the order. A ticket stays open while something is left to do.
No step puts another SKU in the place of one that was ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from central.rules.allocation import Need
from wire.commands import Resolving
from wire.phrases import Refusal

Phase = Literal["none", "held", "cancelled", "gone", "moving"]
_PHASE: Final[Mapping[str, Phase]] = {
    "": "none",
    "exception": "held",
    "at_bench": "held",
    "cancelled": "cancelled",
    "released": "gone",
    "handed_over": "gone",
}
# What may be done while the order waits for a decision, the likeliest first.
OF_KIND: Final[Mapping[str, tuple[Resolving, ...]]] = {
    Refusal.WRONG_ITEM: ("repack", "return_stock", "repick", "cancel"),
    Refusal.TOO_MANY: ("repack", "return_stock", "cancel"),
    Refusal.WRONG_LABEL: ("repack", "replace_label", "cancel"),
    Refusal.UNKNOWN_BARCODE: ("repack", "replace_label", "repick", "cancel"),
    Refusal.ADDRESS_CHANGED: ("replace_label", "repack", "cancel"),
    Refusal.OTHER_WAREHOUSE: ("cancel", "repack"),
    Refusal.MISSING_ITEM: ("repick", "repack", "ship_partial", "cancel"),
    Refusal.UNREADABLE_BARCODE: ("replace_label", "repick", "repack", "ship_partial", "cancel"),
    Refusal.DAMAGED_ITEM: ("repick", "repack", "ship_partial", "cancel"),
    Refusal.LABEL_DAMAGED: ("replace_label", "repack", "cancel"),
    Refusal.WRONG_ITEM_FOUND: ("return_stock", "repick", "repack", "ship_partial", "cancel"),
    Refusal.SHORT_PICK: ("repack", "ship_partial", "cancel"),
}
_OTHERWISE: Final[tuple[Resolving, ...]] = ("repack", "cancel")
_OF_PHASE: Final[Mapping[Phase, tuple[Resolving, ...]]] = {
    "none": ("close",),
    "gone": ("close",),
    "moving": ("close",),
    "cancelled": ("return_stock", "write_off", "close"),
}
# One of these must be done before the order goes back to the bench.
BEFORE_REPACK: Final[Mapping[str, frozenset[Resolving]]] = {
    Refusal.LABEL_DAMAGED: frozenset({"replace_label"}),
    Refusal.ADDRESS_CHANGED: frozenset({"replace_label"}),
    Refusal.UNREADABLE_BARCODE: frozenset({"replace_label", "repick"}),
}
# A wrong piece was taken instead of the right one: the right one still lies where the record says it was taken.
TAKEN_IN_ERROR: Final = frozenset({Refusal.WRONG_ITEM, Refusal.WRONG_ITEM_FOUND})


class Stop(StrEnum):
    """Why a step is impossible now."""

    CLOSED = "closed"
    NOT_FOR_KIND = "not_for_kind"
    NO_ORDER = "no_order"
    HAS_LEFT = "has_left"
    CANCELLED = "cancelled"
    MOVED_ON = "moved_on"
    UNDECIDED = "undecided"
    STILL_TO_PICK = "still_to_pick"
    STEP_FIRST = "step_first"
    ON_HOLD = "on_hold"
    GOODS_LEFT = "goods_left"


_NOT_NOW: Final[Mapping[Phase, Stop]] = {
    "none": Stop.NO_ORDER,
    "gone": Stop.HAS_LEFT,
    "cancelled": Stop.CANCELLED,
    "moving": Stop.MOVED_ON,
}


@dataclass(frozen=True)
class TicketNow:
    """A ticket and its order at this moment. `done`: steps so far; `to_pick`: pieces of the order that are lit;
    `in_hand`: pieces taken for it and neither put back nor written off."""

    kind: str
    status: str = "open"
    order_status: str = ""
    hold: str = ""
    done: frozenset[str] = frozenset()
    to_pick: int = 0
    in_hand: int = 0

    @property
    def phase(self) -> Phase:
        """Where its order stands."""
        return _PHASE.get(self.order_status, "moving")


def offered(now: TicketNow) -> tuple[Resolving, ...]:
    """The steps of such a ticket, possible now or later; none when it is closed."""
    if now.status != "open":
        return ()
    return OF_KIND.get(now.kind, _OTHERWISE) if now.phase == "held" else _OF_PHASE[now.phase]


def possible(now: TicketNow) -> tuple[Resolving, ...]:
    """The steps that can be done now, the likeliest first."""
    steps = tuple(step for step in offered(now) if judge(now, step) is None)
    fresh = tuple(step for step in steps if step not in now.done)
    return (*fresh, *(step for step in steps if step in now.done))


def judge(now: TicketNow, step: Resolving) -> Stop | None:
    """Why `step` is impossible now; None: it is possible."""
    if now.status != "open":
        return Stop.CLOSED
    if step not in offered(now):
        if now.phase != "held":
            return _NOT_NOW[now.phase]
        return Stop.UNDECIDED if step == "close" else Stop.NOT_FOR_KIND
    if step in ("repick", "ship_partial") and now.hold:
        return Stop.ON_HOLD
    if step == "repack":
        return _judge_repack(now)
    if step == "ship_partial" and now.to_pick and "repick" in now.done:
        return Stop.STILL_TO_PICK
    if now.phase == "cancelled" and step == "close" and now.in_hand:
        return Stop.GOODS_LEFT
    return None


def _judge_repack(now: TicketNow) -> Stop | None:
    if now.hold:
        return Stop.ON_HOLD
    if now.to_pick and "repick" in now.done:
        return Stop.STILL_TO_PICK
    needed = BEFORE_REPACK.get(now.kind, frozenset())
    return Stop.STEP_FIRST if needed and not needed & now.done else None


def next_step(now: TicketNow) -> str:
    """The key of what to do now: the kind of ticket, or what its order waits for. The words are central.web's."""
    if now.status != "open":
        return "nothing"
    match now.phase:
        case "none":
            return now.kind if now.kind == Refusal.INTERLOCK_FAULT else "close"
        case "gone":
            return now.kind if now.kind == Refusal.ALREADY_SHIPPED else "gone"
        case "cancelled":
            return "put_back" if now.in_hand else "close"
        case "moving":
            return "moved_on"
        case "held":
            return _next_of_held(now)


def _next_of_held(now: TicketNow) -> str:
    if now.hold and judge(now, "repack") is Stop.ON_HOLD and now.kind != Refusal.ADDRESS_CHANGED:
        return "on_hold" if now.kind != Refusal.OTHER_WAREHOUSE else now.kind
    stop = _judge_repack(now)
    if stop is Stop.STILL_TO_PICK:
        return "pick_first"
    return "repack" if now.done and stop is None else now.kind


@dataclass(frozen=True)
class Taken:
    """Pieces of a SKU that the record says were taken from a place for the order."""

    sku: str
    location_id: str
    pieces: int


def in_hand(taken: Iterable[Taken], gone: Mapping[str, int]) -> list[Taken]:
    """What the order still has of `taken`; `gone`: pieces by SKU that were put back, lost or spoilt since."""
    left = dict(gone)
    kept: list[Taken] = []
    for one in taken:
        less = min(one.pieces, left.get(one.sku, 0))
        left[one.sku] = left.get(one.sku, 0) - less
        if one.pieces > less:
            kept.append(Taken(one.sku, one.location_id, one.pieces - less))
    return kept


def missing(needs: Sequence[Need], has: Mapping[str, int]) -> list[Need]:
    """What the lines want beyond the pieces by SKU that the order has or that are lit for it."""
    left = dict(has)
    lacking: list[Need] = []
    for need in needs:
        covered = min(need.pieces, max(0, left.get(need.sku, 0)))
        left[need.sku] = left.get(need.sku, 0) - covered
        if need.pieces > covered:
            lacking.append(Need(need.line_no, need.sku, need.pieces - covered))
    return lacking


def of_sku(taken: Iterable[Taken], sku: str) -> int:
    """Pieces of one SKU."""
    return sum(one.pieces for one in taken if one.sku == sku)
