"""What a bench's phrase sounds like. Pure."""

from __future__ import annotations

from typing import Final

from edge.drivers.bench_ports import Sound
from wire.phrases import Refusal

_GOOD: Final = frozenset(
    {"scan_items", "next_item", "send_it", "set_aside_done", "override_done", "signed_in", "self_test_passed"}
)
_BAD: Final = frozenset({*Refusal, "no_answer", "storage_full", "gate_refused", "gate_fault", "self_test_failed"})
_NOTHING: Final = frozenset(
    {"scan_label", "checking_label", "checking_item", "releasing", "repeat_ignored", "checking_badge", "printing_slip"}
)


def sound_of(say: str) -> Sound | None:
    """The sound for the phrase `say`; one we do not know asks for attention."""
    if say in _NOTHING:
        return None
    return "good" if say in _GOOD else "bad" if say in _BAD else "attention"
