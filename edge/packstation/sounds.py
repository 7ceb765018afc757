"""What a bench's phrase sounds like. Pure."""

from __future__ import annotations

from typing import Final

from edge.drivers.bench_ports import Sound
from wire.phrases import GATE_FAULTS, Refusal

_GOOD: Final = frozenset(
    {
        *("scan_items", "next_item", "next_item_or_count", "scan_serial", "scan_lot", "weigh_box", "scan_box_label"),
        *("send_it", "set_aside_done", "override_done", "signed_in", "self_test_passed", "scanner_good"),
    }
)
_BAD: Final = frozenset({*Refusal, *GATE_FAULTS, "no_answer", "storage_full", "gate_refused", "self_test_failed"})
_NOTHING: Final = frozenset(
    {
        *("scan_label", "scan_first_item", "scan_cubby", "releasing", "repeat_ignored"),
        *("checking_label", "checking_item", "checking_weight", "checking_box_label", "checking_badge"),
        *("checking_detail", "checking_count", "watch_lamp", "taking_photo", "printing_slip"),
    }
)


def sound_of(say: str) -> Sound | None:
    """The sound for the phrase `say`; one we do not know asks for attention."""
    if say in _NOTHING:
        return None
    return "good" if say in _GOOD else "bad" if say in _BAD else "attention"
