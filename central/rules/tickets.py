"""Exceptions: which stage is held responsible, and who may let a blocked parcel go on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wire.phrases import Refusal

STAGE_OF: Final[Mapping[Refusal, str]] = {
    Refusal.WRONG_ITEM: "picking",
    Refusal.TOO_MANY: "picking",
    Refusal.WRONG_LABEL: "packing",
    Refusal.WEIGHT_OFF: "packing",
    Refusal.UNKNOWN_BARCODE: "host_data",
    Refusal.ALREADY_SHIPPED: "packing",
    Refusal.ORDER_CANCELLED: "host_data",
    Refusal.ORDER_ON_HOLD: "host_data",
    Refusal.ORDER_FROZEN: "host_data",
    Refusal.RISK_CONTROL: "host_data",
    Refusal.ADDRESS_CHANGED: "host_data",
    Refusal.OTHER_WAREHOUSE: "host_data",
    Refusal.RELEASE_UNKNOWN: "device",
    Refusal.MISSING_ITEM: "picking",
    Refusal.UNREADABLE_BARCODE: "put_away",
    Refusal.DAMAGED_ITEM: "picking",
    Refusal.PACKING_DAMAGED: "packing",
    Refusal.LABEL_DAMAGED: "packing",
    Refusal.WRONG_ITEM_FOUND: "picking",
    Refusal.INTERLOCK_FAULT: "device",
    Refusal.SHORT_PICK: "picking",
}

# The refused item is taken out and packing goes on; nothing else can be waved through.
OVERRIDABLE: Final = frozenset({Refusal.WRONG_ITEM, Refusal.TOO_MANY, Refusal.UNKNOWN_BARCODE})
_MAY_OVERRIDE: Final = frozenset({"supervisor", "administrator"})
_REASON: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{1,63}")


@dataclass(frozen=True)
class BadgeHolder:
    """Who a badge belongs to."""

    badge: str
    person: str
    role: str


def judge_override(kind: str, holder: BadgeHolder | None, packer: str, reason: str) -> Refusal | None:
    """Why `holder` may not override a ticket of `kind` at `packer`'s bench; None if that is fine."""
    if kind not in OVERRIDABLE:
        return Refusal.IN_EXCEPTION
    if holder is None or holder.role not in _MAY_OVERRIDE:
        return Refusal.BAD_BADGE
    if packer and packer in (holder.badge, holder.person):
        return Refusal.SAME_PERSON
    if _REASON.fullmatch(reason) is None:
        return Refusal.BAD_REASON
    return None
