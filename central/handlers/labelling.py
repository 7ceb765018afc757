"""The label on the box: shown by the packer, printed once more; boxes full before their order is complete."""

from __future__ import annotations

from central.handlers import printing
from central.handlers.site import Turn
from central.handlers.verifying import block, go_on, open_work, order_now, refuse
from central.rules import match
from central.rules.labels import judge_close, judge_number, judge_reprint
from central.rules.steps import Step, next_step
from central.store import labels, orders, packing
from central.store.packing import Packing, Scan
from wire.answers import LabelWanted
from wire.deeds import BoxClosed, LabelProved, ReprintAsked
from wire.phrases import Refusal


def label_proved(turn: Turn, deed: LabelProved) -> None:
    """The label on the box of a parcel whose contents agree."""
    found = _complete_work(turn, deed)
    if found is None:
        return
    work, order = found
    other = orders.order_of_label(turn.database, deed.label)
    mine = other is not None and other.order_no == work.order_no and deed.label != work.label
    if other is not None and (mine or labels.standing(turn.database, deed.label) == "void"):
        _not_on_this_box(turn, deed, work)
        return
    match match.judge_proof(
        order_now(order), deed.station, work.label, deed.label, other.order_no if other is not None else ""
    ):
        case match.Refuse() as refused:
            refuse(turn, deed.scan_id, refused)
        case match.Block() as verdict:
            block(turn, deed.scan_id, deed.label, work, verdict)
        case match.Proven():
            work.proved = True
            work.latest = Scan(deed.scan_id, deed.label, "proved")
            go_on(turn, deed.scan_id, work)


def reprint_asked(turn: Turn, deed: ReprintAsked) -> None:
    """The same stored bytes once more, with the reason; only while the label is wanted on the box."""
    found = _complete_work(turn, deed)
    if found is None:
        return
    work, order = found
    if next_step(work.done) is not Step.LABEL:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_THIS_PARCEL))
        return
    if not _may_go_on(turn, deed, work, order):
        return
    done = labels.printing(turn.database, work.label)
    refusal = judge_reprint(work.printer, done, deed.reason, turn.site.settings.reprints_max)
    if refusal is not None:
        refuse(turn, deed.scan_id, match.Refuse(refusal))
        return
    again = printing.job(turn, deed.scan_id, work, deed.reason)
    work.latest = Scan(deed.scan_id, deed.reason, "reprint")
    packing.save_packing(turn.database, work, turn.now_utc_ns)
    wanted = LabelWanted(scan_id=deed.scan_id, order_no=work.order_no, label=work.label, items=work.items, job=again)
    turn.answers.append(wanted)


def box_closed(turn: Turn, deed: BoxClosed) -> None:
    """What is in the box is one parcel; the rest of the order goes into another, under another of its labels."""
    found = open_work(turn, deed)
    if found is None:
        return
    work, order = found
    if work.done.complete:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_THIS_PARCEL))
        return
    if not _may_go_on(turn, deed, work, order):
        return
    refusal = judge_close(work.items, work.label, labels.free(turn.database, work.order_no))
    if refusal is not None:
        refuse(turn, deed.scan_id, match.Refuse(refusal))
        return
    work.closed = True
    work.latest = Scan(deed.scan_id, "", "box_closed")
    packing.save_packing(turn.database, work, turn.now_utc_ns)
    go_on(turn, deed.scan_id, work)


def _complete_work(turn: Turn, deed: LabelProved | ReprintAsked) -> tuple[Packing, orders.OrderRow] | None:
    found = open_work(turn, deed)
    if found is not None and not found[0].done.complete:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_THIS_PARCEL))
        return None
    return found


def _may_go_on(turn: Turn, deed: ReprintAsked | BoxClosed, work: Packing, order: orders.OrderRow) -> bool:
    """False, and answered, if the order may not be packed any more."""
    match match.judge_standing(order_now(order), deed.station):
        case match.Refuse() as refused:
            refuse(turn, deed.scan_id, refused)
        case match.Block() as verdict:
            block(turn, deed.scan_id, "", work, verdict)
        case None:
            return True
    return False


def _not_on_this_box(turn: Turn, deed: LabelProved, work: Packing) -> None:
    """A label of the same order that belongs on another parcel, or one that counts no more."""
    stands = judge_number(labels.standing(turn.database, deed.label))
    refused = stands if isinstance(stands, match.Refuse) else match.Refuse(Refusal.OTHER_PARCEL, work.label)
    refuse(turn, deed.scan_id, refused)
