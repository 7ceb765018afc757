"""Exceptions: which stage is held responsible, and who may let a blocked parcel go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wire.command_codes import DEFAULT_REASONS
from wire.phrases import Refusal

STAGE_OF: Final[Mapping[Refusal, str]] = {
    Refusal.WRONG_ITEM: "picking",
    Refusal.TOO_MANY: "picking",
    Refusal.BARCODE_AMBIGUOUS: "host_data",
    Refusal.SERIAL_KNOWN: "packing",
    Refusal.LOT_UNKNOWN: "host_data",
    Refusal.LOT_EXPIRED: "put_away",
    Refusal.LOT_NOT_FIRST: "picking",
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

# The refused item is taken out and packing goes on (an unreadable one stays: the scale vouches for it). Nothing else
# can be waved through.
OVERRIDABLE: Final = frozenset(
    {
        *(Refusal.WRONG_ITEM, Refusal.TOO_MANY, Refusal.UNKNOWN_BARCODE, Refusal.BARCODE_AMBIGUOUS),
        *(Refusal.SERIAL_KNOWN, Refusal.LOT_UNKNOWN, Refusal.LOT_EXPIRED, Refusal.LOT_NOT_FIRST),
        Refusal.UNREADABLE_BARCODE,
    }
)
_MAY_OVERRIDE: Final = frozenset({"supervisor", "administrator"})


@dataclass(frozen=True)
class OverrideRules:
    """What a site allows a second person. `photo_required`: where a bench has a camera, no photo is no override."""

    overrides: bool = True
    override_reasons: tuple[str, ...] = DEFAULT_REASONS
    photo_required: bool = False


OVERRIDE_RULES: Final = OverrideRules()


@dataclass(frozen=True)
class BadgeHolder:
    """Who a badge belongs to."""

    badge: str
    person: str
    role: str


@dataclass(frozen=True)
class OverrideCase:
    """An override as it was asked for. `no_photo`: why the bench's camera made none, ""."""

    kind: str
    packer: str
    reason: str
    no_photo: str = ""


def judge_override(rules: OverrideRules, case: OverrideCase, holder: BadgeHolder | None) -> Refusal | None:
    """Why `holder` may not override this ticket at its packer's bench; None if that is fine."""
    if not rules.overrides:
        return Refusal.OVERRIDES_OFF
    if case.kind not in OVERRIDABLE:
        return Refusal.IN_EXCEPTION
    if holder is None or holder.role not in _MAY_OVERRIDE:
        return Refusal.BAD_BADGE
    if case.packer and case.packer in (holder.badge, holder.person):
        return Refusal.SAME_PERSON
    if case.reason not in rules.override_reasons:
        return Refusal.BAD_REASON
    return Refusal.NO_PHOTO if case.no_photo and rules.photo_required else None
