"""The name of the rule behind each verdict of the match, kept with the scan it judged.

A verdict that is not of the match (a badge, a ticket, a gate) keeps its own word. central/web/words_rules.py says each
name in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wire.phrases import Refusal

RULE_OF: Final[Mapping[str, str]] = {
    "loaded": "order_ready",
    "accepted": "item_belongs",
    "serial_wanted": "serial_captured",
    "lot_wanted": "lot_captured",
    "complete": "all_counted",
    "proved": "label_on_box",
    "verified": "all_counted",
    Refusal.UNKNOWN_LABEL: "label_known",
    Refusal.NOT_PICKED: "fully_picked",
    Refusal.AT_OTHER_STATION: "one_bench",
    Refusal.NOT_THIS_PARCEL: "one_bench",
    Refusal.ALREADY_SHIPPED: "not_released_before",
    Refusal.RELEASE_UNKNOWN: "not_released_before",
    Refusal.ORDER_CANCELLED: "not_cancelled",
    Refusal.ORDER_ON_HOLD: "not_held",
    Refusal.ORDER_FROZEN: "not_held",
    Refusal.RISK_CONTROL: "not_held",
    Refusal.ADDRESS_CHANGED: "address_as_printed",
    Refusal.OTHER_WAREHOUSE: "our_warehouse",
    Refusal.IN_EXCEPTION: "no_open_ticket",
    Refusal.UNKNOWN_BARCODE: "one_owner",
    Refusal.BARCODE_AMBIGUOUS: "one_owner",
    Refusal.WRONG_ITEM: "item_belongs",
    Refusal.TOO_MANY: "not_too_many",
    Refusal.ONE_BY_ONE: "serial_captured",
    Refusal.SERIAL_KNOWN: "serial_new",
    Refusal.NOT_A_DETAIL: "detail_readable",
    Refusal.LOT_UNKNOWN: "lot_known",
    Refusal.LOT_EXPIRED: "lot_good",
    Refusal.LOT_NOT_FIRST: "first_expired_first",
    Refusal.COUNT_NOT_ALLOWED: "count_allowed",
    Refusal.COUNT_TOO_LOW: "count_covers_scans",
    Refusal.LABEL_NOT_ITEM: "item_not_label",
    Refusal.WRONG_LABEL: "label_on_box",
    Refusal.NOT_A_LABEL: "label_on_box",
    Refusal.NO_ORDER_WAITS: "order_waits",
}


def rule_of(verdict: str) -> str:
    """The rule that gave `verdict`."""
    return RULE_OF.get(verdict, verdict)
