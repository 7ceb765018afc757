"""The pack station's table: for every state and every event, what happens. Drawn in docs/diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.requests import (
    await_answer,
    await_gate,
    await_guard,
    await_photo,
    challenge,
    declare,
    fault,
    hold,
    item,
    label,
    note_late,
    note_release,
    override,
    photo,
    prove,
    release,
    released,
    set_aside,
    status,
    weigh,
    weighed,
)
from edge.packstation.rules import Go, Row, Rule, State, Stay
from edge.packstation.shift_requests import (
    await_self_test,
    begin_self_test,
    print_slip,
    run_self_test,
    shift_tested,
    sign_in,
    sign_out,
)
from wire.answers import (
    AsideNoted,
    Blocked,
    ItemAccepted,
    LabelWanted,
    OrderLoaded,
    Overridden,
    Refused,
    SignedIn,
    Verified,
    WeighWanted,
)

Table = Mapping[State, Row]

BEGIN: Final = Go(State.BEGINNING, "checking_label", "amber", (await_guard, challenge))
CHECK_ITEM: Final = Go(State.CHECKING_ITEM, "checking_item", "amber", (await_answer, item))
PROVE: Final = Go(State.CHECKING_PROOF, "checking_box_label", "amber", (await_answer, prove))
ASIDE: Final = Go(State.CHECKING_ASIDE, "wait_for_check", "amber", (await_answer, set_aside))
DECLARE: Final = Go(State.CHECKING_ASIDE, "wait_for_check", "amber", (await_answer, declare))
BLOCK: Final = Go(State.BLOCKED, "", "red")
VOID: Final = Go(State.UNANSWERED, "", "red", (hold,))
GATE_FAILED: Final = Go(State.GATE_FAULT, "", "red", (fault,))
GUARD_SILENT: Final = Go(State.GATE_FAULT, "gate_fault", "red", (hold,))
SIGN_IN: Final = Go(State.SIGNING_IN, "checking_badge", "amber", (await_answer, sign_in))
SIGN_OUT: Final = Go(State.READY, "signed_out", "off", (sign_out,))
SELF_TEST: Final = Go(State.SELF_TEST, "watch_lamp", "amber", (await_self_test, begin_self_test, run_self_test))
FREE: Final = Go(State.READY, "scan_label", "off")
NOT_OPEN: Final = Stay(why="no such question is open")


def _all(types: tuple[type[ev.Event], ...], rule: Rule) -> Row:
    return dict.fromkeys(types, rule)


# What no state but the ones below says otherwise.
BASE: Final[Row] = {
    **_all((*ev.ANSWERS, ev.OddGrant, ev.VerificationLost, ev.ReasonRefused), NOT_OPEN),
    ev.LateAnswer: Stay(why="given up before it came", do=(note_late,)),
    ev.RepeatedAnswer: Stay(why="answered before"),
    ev.Challenged: Stay(why="no verification begins"),
    ev.BeginFailed: Stay(why="no verification begins"),
    ev.ReleaseDone: Stay(why="given up before it came; the guard's memory is asked", do=(status,)),
    ev.ReleaseFailed: Stay(why="nothing is being released"),
    ev.ReleaseRemembered: Stay(why="counts once", do=(note_release,)),
    ev.GateHolds: Stay(why="as it should be"),
    ev.PhotoDone: Stay(why="no photo is asked for"),
    ev.BoxWeighed: Stay(why="nothing is being weighed"),
    ev.BoxNotWeighed: Stay(why="nothing is being weighed"),
    ev.GateFailed: GATE_FAILED,
    ev.Overdue: Stay(why="answered in time"),
    ev.StorageFull: Stay(why="not a line of this state"),
    ev.UnknownShown: Stay("unknown_command"),
    ev.Told: Stay(why="says its own words"),
    ev.DirtyShown: Stay("dirty_scan"),
    ev.RepeatShown: Stay("repeat_ignored"),
    ev.BadgeShown: Stay("nothing_to_override"),
    ev.ReasonShown: Stay("nothing_to_override"),
    shift.SignOutShown: Stay("finish_parcel_first"),
    shift.SelfTestShown: Stay("finish_parcel_first"),
    shift.LampUnseenShown: Stay("not_in_a_test"),
    shift.OldTouchShown: Stay("touched_too_late"),
    shift.IdleOver: Stay(why="a parcel is on the bench, or nobody is signed in"),
    shift.PackerLeft: Stay("finish_parcel_first"),
    **_all(shift.TEST_EVENTS, Stay(why="no self-test goes on")),
}
WAITING: Final[Row] = {
    **BASE,
    **_all(ev.SCANS, Stay("wait_for_check")),
    ev.RepeatShown: Stay(why="counted; the check goes on"),
    shift.PackerLeft: Stay("wait_for_check"),
}
STILL_BLOCKED: Final[Row] = {
    **BASE,
    **_all((ev.LabelShown, ev.ItemShown, ev.PlainShown, ev.ProblemShown, *shift.SHIFT_SCANS), Stay(again=True)),
    shift.PackerLeft: Stay(again=True),
    ev.RepeatShown: Stay(why="counted; what to do stays on the screen"),
    ev.GateFailed: Stay(why="blocked all the same", do=(fault,)),
    ev.AsideShown: ASIDE,
}
ODD_SCAN: Final[Row] = {  # a scan that means nothing here, while nothing is wrong
    ev.UnknownShown: Stay("unknown_command", lamp="amber"),
    ev.DirtyShown: Stay("dirty_scan", lamp="amber"),
    ev.RepeatShown: Stay("repeat_ignored", lamp="amber"),
    ev.BadgeShown: Stay("nothing_to_override", lamp="amber"),
    ev.ReasonShown: Stay("nothing_to_override", lamp="amber"),
    **_all((shift.SignOutShown, shift.SelfTestShown, shift.PackerLeft), Stay("finish_parcel_first", lamp="amber")),
    shift.OldTouchShown: Stay("touched_too_late", lamp="amber"),
}
NEXT: Final[Row] = {  # what central may want next, whatever it was asked
    ItemAccepted: Go(State.PACKING, "next_item", "blue"),
    WeighWanted: Go(State.WEIGHING, "weigh_box", "blue", (weigh,)),
    LabelWanted: Go(State.LABELLING, "scan_box_label", "blue"),
    Verified: Go(State.RELEASING, "releasing", "green", (await_guard, release)),  # the one line that releases
    ev.OddGrant: VOID,
    ev.VerificationLost: VOID,
    Blocked: BLOCK,
    ev.Overdue: VOID,
}
NEEDS_LABEL: Final[Row] = {
    **BASE,
    ev.LabelShown: BEGIN,
    ev.PlainShown: BEGIN,
}

TABLE: Final[Table] = {
    State.READY: {
        **NEEDS_LABEL,
        **ODD_SCAN,
        ev.ItemShown: Stay("scan_label_first", lamp="amber"),
        **_all((ev.AsideShown, ev.ProblemShown), Stay("nothing_to_declare", lamp="amber")),
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
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.CHECKING_ITEM: {
        **WAITING,
        **NEXT,
        Refused: Go(State.PACKING, "", "red"),
        ev.StorageFull: Go(State.PACKING, "storage_full", "red"),
    },
    State.WEIGHING: {
        **BASE,
        **ODD_SCAN,
        **_all((ev.LabelShown, ev.ItemShown, ev.PlainShown), Stay("weigh_box", lamp="amber")),
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
        **_all(ev.SCANS, Stay("let_it_pass")),
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
        **_all((ev.LabelShown, ev.ItemShown, ev.PlainShown, ev.ProblemShown), Stay("scan_reason")),
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
        ev.ItemShown: Stay(why="the label comes first, as the screen says"),
        ev.AsideShown: ASIDE,
        ev.ProblemShown: DECLARE,
    },
    State.GATE_FAULT: {
        **NEEDS_LABEL,
        **_all((ev.ItemShown, ev.AsideShown, ev.ProblemShown), Stay(again=True)),
        shift.SelfTestShown: SELF_TEST,
        ev.GateHolds: FREE,
    },
}
