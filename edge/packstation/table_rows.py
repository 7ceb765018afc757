"""Rules and rows that several states of the pack station share; the table made of them is in table.py."""

from __future__ import annotations

from typing import Final

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.printing import close_box, note_print, print_label, reprint
from edge.packstation.requests import (
    await_answer,
    await_guard,
    challenge,
    count,
    declare,
    detail,
    fault,
    hold,
    item,
    note_late,
    note_release,
    prove,
    release,
    set_aside,
    status,
    weigh,
)
from edge.packstation.rules import Go, Row, Rule, State, Stay
from edge.packstation.shift_requests import (
    await_self_test,
    begin_self_test,
    run_self_test,
    sign_in,
    sign_out,
)
from wire.answers import (
    Blocked,
    DetailWanted,
    ItemAccepted,
    LabelWanted,
    Verified,
    WeighWanted,
)

BEGIN: Final = Go(State.BEGINNING, "checking_label", "amber", (await_guard, challenge))
CHECK_ITEM: Final = Go(State.CHECKING_ITEM, "checking_item", "amber", (await_answer, item))
CHECK_DETAIL: Final = Go(State.CHECKING_DETAIL, "checking_detail", "amber", (await_answer, detail))
CHECK_COUNT: Final = Go(State.CHECKING_ITEM, "checking_count", "amber", (await_answer, count))
PROVE: Final = Go(State.CHECKING_PROOF, "checking_box_label", "amber", (await_answer, prove))
CLOSE_BOX: Final = Go(State.CHECKING_ITEM, "closing_box", "amber", (await_answer, close_box))
REPRINT: Final = Go(State.CHECKING_PROOF, "checking_reprint", "amber", (await_answer, reprint))
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


def all_of(types: tuple[type[ev.Event], ...], rule: Rule) -> Row:
    """The same rule for each of them."""
    return dict.fromkeys(types, rule)


# What no state but the ones below says otherwise.
BASE: Final[Row] = {
    **all_of((*ev.ANSWERS, ev.OddGrant, ev.VerificationLost, ev.ReasonRefused), NOT_OPEN),
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
    **all_of(shift.TEST_EVENTS, Stay(why="no self-test goes on")),
    ev.BoxFullShown: Stay("nothing_to_declare"),
    ev.ReprintShown: Stay("nothing_to_reprint"),
    ev.DetailShown: Stay("item_before_detail"),
    ev.CountShown: Stay("nothing_to_count"),
    ev.LabelToPrint: NOT_OPEN,
    **all_of((ev.PrintDone, ev.PrintFailed, ev.PrintOver), Stay(why="only written down", do=(note_print,))),
}
WAITING: Final[Row] = {
    **BASE,
    **all_of(ev.SCANS, Stay("wait_for_check")),
    ev.RepeatShown: Stay(why="counted; the check goes on"),
    shift.PackerLeft: Stay("wait_for_check"),
}
BLOCKED_SCANS: Final = (
    ev.LabelShown,
    ev.ItemShown,
    ev.PlainShown,
    ev.DetailShown,
    ev.CountShown,
    ev.ProblemShown,
    ev.BoxFullShown,
    ev.ReprintShown,
)
STILL_BLOCKED: Final[Row] = {
    **BASE,
    **all_of((*BLOCKED_SCANS, *shift.SHIFT_SCANS), Stay(again=True)),
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
    **all_of((shift.SignOutShown, shift.SelfTestShown, shift.PackerLeft), Stay("finish_parcel_first", lamp="amber")),
    shift.OldTouchShown: Stay("touched_too_late", lamp="amber"),
    ev.BoxFullShown: Stay("nothing_to_declare", lamp="amber"),
    ev.ReprintShown: Stay("nothing_to_reprint", lamp="amber"),
    ev.DetailShown: Stay("item_before_detail", lamp="amber"),
    ev.CountShown: Stay("nothing_to_count", lamp="amber"),
}
NEXT: Final[Row] = {  # what central may want next, whatever it was asked
    ItemAccepted: Go(State.PACKING, "next_item", "blue"),
    DetailWanted: Go(State.WANTS_DETAIL, "scan_lot", "blue"),
    WeighWanted: Go(State.WEIGHING, "weigh_box", "blue", (weigh,)),
    LabelWanted: Go(State.LABELLING, "scan_box_label", "blue"),
    ev.LabelToPrint: Go(State.LABELLING, "label_prints", "blue", (print_label,)),
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
