"""The pack station's table: for every state and every event, what happens. Drawn in docs/diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.printing import note_print
from edge.packstation.requests import (
    await_answer,
    await_gate,
    await_photo,
    fault,
    hold,
    label,
    override,
    photo,
    released,
    weigh,
    weighed,
)
from edge.packstation.rules import Go, Row, State, Stay
from edge.packstation.shift_requests import (
    print_slip,
    shift_tested,
)
from edge.packstation.table_rows import (
    ASIDE,
    BASE,
    BLOCK,
    BLOCKED_SCANS,
    CHECK_COUNT,
    CHECK_DETAIL,
    CHECK_ITEM,
    CLOSE_BOX,
    DECLARE,
    FREE,
    GUARD_SILENT,
    NEEDS_LABEL,
    NEXT,
    ODD_SCAN,
    PROVE,
    REPRINT,
    SELF_TEST,
    SIGN_IN,
    SIGN_OUT,
    STILL_BLOCKED,
    VOID,
    WAITING,
    all_of,
)
from wire.answers import (
    AsideNoted,
    Blocked,
    OrderLoaded,
    Overridden,
    Refused,
    SignedIn,
    WeighWanted,
)

Table = Mapping[State, Row]

TABLE: Final[Table] = {
    State.READY: {
        **NEEDS_LABEL,
        **ODD_SCAN,
        **all_of((ev.ItemShown, ev.DetailShown), Stay("scan_label_first", lamp="amber")),
        **all_of((ev.AsideShown, ev.ProblemShown), Stay("nothing_to_declare", lamp="amber")),
        ev.BadgeShown: SIGN_IN,
        shift.SignOutShown: Stay("nobody_signed_in", lamp="amber"),
        shift.PackerLeft: SIGN_OUT,
        shift.SelfTestShown: SELF_TEST,
    },
    State.SIGNING_IN: {
        **WAITING,
        SignedIn: Go(State.READY, "signed_in", "blue"),
        Refused: Go(State.READY, "", "red"),
        ev.Overdue: Go(State.READY, "badge_unanswered", "amber"),
        ev.StorageFull: Go(State.READY, "storage_full", "red"),
    },
    State.SELF_TEST: {
        **WAITING,
        ev.DirtyShown: Stay("scan_test_code", "perhaps the next read is clean"),
        ev.GateFailed: Stay(why="the gate's own part of the test says it", do=(fault,)),
        shift.LampCycled: Stay("scan_test_code"),
        shift.PartTested: Stay(why="not a part of this bench"),
        shift.TestFound: Go(State.SELF_TEST, "", "amber"),
        shift.SlipDue: Go(State.SELF_TEST, "printing_slip", "amber", (print_slip,)),
        shift.TestPassed: Go(State.READY, "self_test_passed", "green", (shift_tested,)),
        shift.TestFailed: Go(State.READY, "self_test_failed", "red", (shift_tested,)),
        shift.GateTestFailed: Go(State.GATE_FAULT, "self_test_failed", "red", (shift_tested,)),
    },
    State.BEGINNING: {
        **WAITING,
        ev.Challenged: Go(State.CHECKING_LABEL, "checking_label", "amber", (await_answer, label)),
        ev.BeginFailed: Go(State.GATE_FAULT, "", "red"),
        ev.Overdue: GUARD_SILENT,
    },
    State.CHECKING_LABEL: {
        **WAITING,
        **NEXT,
        OrderLoaded: Go(State.PACKING, "scan_items", "blue"),
        Refused: Go(State.READY, "", "red", (hold,)),
        ev.StorageFull: Go(State.READY, "storage_full", "red", (hold,)),
    },
    State.PACKING: {
        **BASE,
        **ODD_SCAN,
        ev.LabelShown: Stay("label_not_item", lamp="amber"),
        ev.ItemShown: CHECK_ITEM,
        ev.PlainShown: CHECK_ITEM,
        ev.BoxFullShown: CLOSE_BOX,
        ev.CountShown: CHECK_COUNT,
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.CHECKING_ITEM: {
        **WAITING,
        **NEXT,
        Refused: Go(State.PACKING, "", "red"),
        ev.StorageFull: Go(State.PACKING, "storage_full", "red"),
    },
    State.WANTS_DETAIL: {
        **BASE,
        **ODD_SCAN,
        **all_of((ev.LabelShown, ev.ItemShown, ev.PlainShown, ev.DetailShown), CHECK_DETAIL),
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.CHECKING_DETAIL: {
        **WAITING,
        **NEXT,
        Refused: Go(State.WANTS_DETAIL, "", "red"),
        ev.StorageFull: Go(State.WANTS_DETAIL, "storage_full", "red"),
    },
    State.WEIGHING: {
        **BASE,
        **ODD_SCAN,
        **all_of((ev.LabelShown, ev.ItemShown, ev.PlainShown), Stay("weigh_box", lamp="amber")),
        ev.BoxWeighed: Go(State.CHECKING_WEIGHT, "checking_weight", "amber", (await_answer, weighed)),
        ev.BoxNotWeighed: Go(State.WEIGHING, "", "amber", (weigh,)),
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.CHECKING_WEIGHT: {
        **WAITING,
        **NEXT,
        Refused: Go(State.WEIGHING, "", "red", (weigh,)),
        ev.StorageFull: Go(State.WEIGHING, "storage_full", "red", (weigh,)),
    },
    State.LABELLING: {
        **BASE,
        **ODD_SCAN,
        ev.LabelShown: PROVE,
        ev.PlainShown: PROVE,
        ev.ItemShown: Stay("not_a_label", lamp="amber"),
        ev.ReprintShown: REPRINT,
        ev.PrintDone: Go(State.LABELLING, "scan_printed_label", "blue", (note_print,)),
        ev.PrintFailed: Go(State.LABELLING, "", "amber", (note_print,)),
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.CHECKING_PROOF: {
        **WAITING,
        **NEXT,
        Refused: Go(State.LABELLING, "", "red"),
        ev.StorageFull: Go(State.LABELLING, "storage_full", "red"),
    },
    State.RELEASING: {
        **WAITING,
        ev.ReleaseDone: Go(State.RELEASED, "send_it", "green", (await_gate, released)),
        ev.ReleaseFailed: VOID,
        ev.Overdue: GUARD_SILENT,
    },
    State.RELEASED: {
        **WAITING,
        **all_of(ev.SCANS, Stay("let_it_pass")),
        ev.RepeatShown: Stay(why="counted; the parcel is leaving"),
        ev.GateHolds: FREE,
        ev.Overdue: GUARD_SILENT,
    },
    State.BLOCKED: {
        **STILL_BLOCKED,
        ev.BadgeShown: Go(State.BADGED, "scan_reason", "red"),
        ev.ReasonShown: Stay("badge_first"),
    },
    State.BADGED: {
        **STILL_BLOCKED,
        **all_of(BLOCKED_SCANS, Stay("scan_reason")),
        ev.BadgeShown: Go(State.BADGED, "scan_reason", "red"),
        ev.ReasonShown: Go(State.PHOTOGRAPHING, "taking_photo", "red", (await_photo, photo)),
    },
    State.PHOTOGRAPHING: {
        **WAITING,
        ev.GateFailed: Stay(why="blocked all the same", do=(fault,)),
        ev.PhotoDone: Go(State.CHECKING_OVERRIDE, "wait_for_check", "red", (await_answer, override)),
        ev.Overdue: BLOCK,
    },
    State.CHECKING_OVERRIDE: {
        **WAITING,
        ev.GateFailed: Stay(why="blocked all the same", do=(fault,)),
        Overridden: Go(State.PACKING, "override_done", "blue"),
        WeighWanted: NEXT[WeighWanted],  # the scale is the second witness of an item that nobody can read
        Refused: BLOCK,
        ev.ReasonRefused: Go(State.BADGED, "", "red"),
        ev.VerificationLost: BLOCK,
        Blocked: BLOCK,
        ev.Overdue: BLOCK,
        ev.StorageFull: Go(State.BLOCKED, "storage_full", "red"),
    },
    State.CHECKING_ASIDE: {
        **WAITING,
        ev.GateFailed: Stay(why="it goes aside all the same", do=(fault,)),
        AsideNoted: Go(State.READY, "set_aside_done", "off", (hold,)),
        Refused: VOID,
        ev.VerificationLost: VOID,
        Blocked: BLOCK,
        ev.Overdue: VOID,
        ev.StorageFull: Go(State.BLOCKED, "storage_full", "red"),
    },
    State.UNANSWERED: {
        **NEEDS_LABEL,
        **all_of(
            (ev.ItemShown, ev.DetailShown, ev.CountShown, ev.BoxFullShown, ev.ReprintShown),
            Stay(why="the label comes first, as the screen says"),
        ),
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.GATE_FAULT: {
        **NEEDS_LABEL,
        **all_of(
            (ev.ItemShown, ev.DetailShown, ev.CountShown, ev.AsideShown, ev.ProblemShown, ev.BoxFullShown),
            Stay(again=True),
        ),
        ev.ReprintShown: Stay(again=True),
        shift.SelfTestShown: SELF_TEST,
        ev.GateHolds: FREE,
    },
}
