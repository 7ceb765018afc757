"""What a bench may show: every state of its table, and each sort of thing it may say in it."""

from __future__ import annotations

from typing import Any, Final

from edge.packstation.rules import State
from tests.web.web_floor import idle_bench
from wire.shift_deeds import BenchPart, PartResult
from wire.uplink import BenchDevice, ItemCount, SelfTestLive, StationLive

ITEMS: Final = (
    ItemCount(sku="MUG-RED", title="Red mug with a handle, 300 ml", asked_pieces=2, packed_pieces=1),
    ItemCount(sku="85123A", title="White hanging heart 心形吊灯", asked_pieces=6, packed_pieces=6),
    ItemCount(sku="71053", title="Lantern", asked_pieces=12, packed_pieces=0),
)
PARCEL: Final[dict[str, Any]] = {"order_no": "536365", "label": "LP00123456789CN", "items": ITEMS}
DEVICES: Final = (
    BenchDevice(name="scale", state="present"),
    BenchDevice(name="printer", state="refused", why="paper_out"),
)
PARTS: Final[tuple[BenchPart, ...]] = ("lamp", "scanner", "scale", "gate", "clock", "central", "printer")
WELL: Final = tuple(PartResult(part=part, ok=True) for part in PARTS)
SICK: Final = (
    PartResult(part="lamp", ok=False, why="unseen"),
    PartResult(part="scanner", ok=False, why="no_code"),
    PartResult(part="scale", ok=False, why="not_empty"),
    PartResult(part="gate", ok=False, why="forced"),
    PartResult(part="clock", ok=False, why="off"),
    PartResult(part="central", ok=False, why="no_answer"),
    PartResult(part="printer", ok=False, why="paper_out"),
)
AT: Final = 1_764_000_000_000_000_000


def shows(state: State, say: str, lamp: str, **more: Any) -> StationLive:
    """A bench in `state`."""
    known = {"devices": DEVICES, "packer": "P-17", "person": "Li Na 李娜", "last_scan_id": "s-1", **more}
    return idle_bench(state=str(state), say=say, lamp=lamp, **known)


BLOCKED: Final = {**PARCEL, "ticket": "T0000009", "detail": "CUP-BLUE"}
EVERY: Final[dict[str, StationLive]] = {
    "ready": shows(State.READY, "scan_label", "off"),
    "ready_not_signed_in": shows(State.READY, "sign_in_first", "amber", packer="", person=""),
    "ready_refused": shows(State.READY, "unknown_label", "red", detail="NO-SUCH-LABEL"),
    "ready_passed": shows(
        State.READY, "self_test_passed", "green", test=SelfTestLive(parts=PARTS, results=WELL, at_utc_ns=AT)
    ),
    "signing_in": shows(State.SIGNING_IN, "checking_badge", "amber"),
    "self_test": shows(State.SELF_TEST, "scan_test_code", "blue", test=SelfTestLive(parts=PARTS, results=WELL[:3])),
    "beginning": shows(State.BEGINNING, "checking_label", "amber"),
    "checking_label": shows(State.CHECKING_LABEL, "checking_label", "amber"),
    "packing": shows(State.PACKING, "next_item", "blue", **PARCEL),
    "packing_unread": shows(State.PACKING, "dirty_scan", "amber", **PARCEL),
    "packing_repeat": shows(State.PACKING, "repeat_ignored", "amber", **PARCEL, ignored_repeats=3),
    "packing_refused": shows(State.PACKING, "label_not_item", "red", **PARCEL),
    "checking_item": shows(State.CHECKING_ITEM, "checking_item", "amber", **PARCEL),
    "wants_detail": shows(State.WANTS_DETAIL, "scan_serial", "blue", **PARCEL),
    "checking_detail": shows(State.CHECKING_DETAIL, "checking_detail", "amber", **PARCEL),
    "weighing": shows(State.WEIGHING, "weigh_box", "blue", **PARCEL),
    "checking_weight": shows(State.CHECKING_WEIGHT, "checking_weight", "amber", **PARCEL),
    "labelling": shows(State.LABELLING, "scan_box_label", "blue", **PARCEL),
    "checking_proof": shows(State.CHECKING_PROOF, "checking_box_label", "amber", **PARCEL),
    "releasing": shows(State.RELEASING, "releasing", "green", **PARCEL),
    "released": shows(State.RELEASED, "send_it", "green", gate="released", **PARCEL),
    "blocked": shows(State.BLOCKED, "wrong_item", "red", **BLOCKED),
    "badged": shows(State.BADGED, "scan_reason", "red", **BLOCKED),
    "photographing": shows(State.PHOTOGRAPHING, "taking_photo", "red", **BLOCKED),
    "checking_override": shows(State.CHECKING_OVERRIDE, "wait_for_check", "red", **BLOCKED),
    "checking_aside": shows(State.CHECKING_ASIDE, "wait_for_check", "amber", **BLOCKED),
    "unanswered": shows(State.UNANSWERED, "no_answer", "red", scanner_ok=False, **PARCEL),
    "gate_fault": shows(State.GATE_FAULT, "gate_e_stop", "red", gate="fault", detail="gate"),
    "gate_fault_tested": shows(
        State.GATE_FAULT, "self_test_failed", "red", gate="fault",
        test=SelfTestLive(parts=PARTS, results=SICK, at_utc_ns=AT),
    ),
}  # fmt: skip
