"""Labels: may this number go on a parcel, may it be printed again, may the box be closed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from central.rules.match import Block, Refuse
from wire.phrases import Refusal
from wire.uplink import ItemCount

Standing = Literal["free", "gone", "void"]
_REASON: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{1,63}")


@dataclass(frozen=True)
class Printing:
    """How often a label came out, or may have: a printing that surely failed is not counted."""

    times: int
    reprints: int


def judge_number(standing: Standing) -> Refuse | Block | None:
    """Why no parcel may be begun with a label that stands like this; None: it may."""
    if standing == "void":
        return Refuse(Refusal.LABEL_VOID)
    return Block(Refusal.ALREADY_SHIPPED) if standing == "gone" else None


def prints_by_itself(printer: bool, done: Printing) -> bool:
    """True if the bench prints without being asked: where it can, once. A second paper needs a person and a reason."""
    return printer and done.times == 0


def judge_reprint(printer: bool, done: Printing, reason: str, reprints_max: int) -> Refusal | None:
    """Why the label is not printed once more; None: it is. What surely did not come out counts as nothing."""
    if not printer:
        return Refusal.NO_PRINTER
    if _REASON.fullmatch(reason) is None:
        return Refusal.BAD_REASON
    return Refusal.REPRINT_LIMIT if done.times > 0 and done.reprints >= reprints_max else None


def judge_close(items: Sequence[ItemCount], mine: str, free: Sequence[str]) -> Refusal | None:
    """Why the box cannot go as one of several; None: it can. `free`: the order's labels that are still on no parcel."""
    if not any(item.packed_pieces for item in items):
        return Refusal.EMPTY_BOX
    return None if any(label != mine for label in free) else Refusal.NO_MORE_LABELS


def spread(lines: Sequence[tuple[int, str, int]], pieces: dict[str, int]) -> dict[int, int]:
    """`pieces` by SKU given to lines of (number, SKU, room), the first line first; what is over, to the SKU's last."""
    given: dict[int, int] = {}
    left = dict(pieces)
    last = {sku: number for number, sku, _ in lines}
    for number, sku, room in lines:
        part = left.get(sku, 0) if last[sku] == number else min(left.get(sku, 0), room)
        left[sku] = left.get(sku, 0) - part
        if part:
            given[number] = part
    return given
