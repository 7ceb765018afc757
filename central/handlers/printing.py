"""The label of a parcel as a job for the bench's printer: what was imported, or a plain one made once and stored."""

from __future__ import annotations

import msgspec

from central.handlers.site import Turn
from central.rules.labels import prints_by_itself
from central.rules.plain_label import plain_label
from central.store import labels
from central.store.errors import Poison
from central.store.packing import Packing
from wire.answers import AnyAnswer, LabelJob, LabelWanted
from wire.deeds import LabelPrinted


def first_job(turn: Turn, scan_id: str, work: Packing) -> LabelJob | None:
    """The job that nobody asked for; None: the label is on paper already, or there is no printer."""
    if not prints_by_itself(work.printer, labels.printing(turn.database, work.label)):
        return None
    return job(turn, scan_id, work, "")


def job(turn: Turn, scan_id: str, work: Packing, reason: str) -> LabelJob | None:
    """The label's stored bytes, and the note that the bench was told to print them; None: it cannot be made."""
    document = labels.document(turn.database, work.label) or _made(turn, work)
    if document is None:
        return None
    asked = labels.Asked(scan_id, work.label, work.order_no, work.station, work.verification, work.packer, reason)
    labels.add_print(turn.database, asked, turn.now_utc_ns)
    return LabelJob(print_kind=document.kind, body=document.body)


def label_printed(turn: Turn, deed: LabelPrinted) -> None:
    """A fact, however late it is heard: what became of a job."""
    turn.must_serve_station(deed.station)
    result = "printed" if deed.ok else "unsure" if deed.unsure else "failed"
    if not labels.set_result(turn.database, deed.asked_by, deed.station, result, deed.why):
        raise Poison("print_nobody_asked", f"{deed.station} printed {deed.label}")


def refilled(turn_labels: labels.Document | None, answer: AnyAnswer) -> AnyAnswer:
    """An answer that is given again, with the bytes that were left out when it was kept."""
    if not isinstance(answer, LabelWanted) or answer.job is None:
        return answer
    body = turn_labels.body if turn_labels else b""
    job = msgspec.structs.replace(answer.job, body=body) if body else None
    return msgspec.structs.replace(answer, job=job)


def _made(turn: Turn, work: Packing) -> labels.Document | None:
    body = plain_label(work.label, work.order_no)
    if body is None:
        return None
    made = labels.Document("zpl", body)
    labels.store(turn.database, work.label, made, "central", turn.now_utc_ns)
    return made
