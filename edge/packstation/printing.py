"""The effects of closing a box and of printing its label. Pure; deeds and intent keys begin here."""

from __future__ import annotations

from edge.packstation import events as ev
from edge.packstation.requests import TableWrong, question
from edge.packstation.rules import Station
from wire.deeds import BoxClosed, LabelPrinted, ReprintAsked


def close_box(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central that the box is full."""
    if not isinstance(event, ev.BoxFullShown):
        raise TableWrong(f"close_box: {type(event).__name__} does not give what it needs")
    deed = BoxClosed(station=station.name, scan_id=event.scan_id, verification=station.verification)
    return question(station, deed)


def reprint(station: Station, event: ev.Event) -> ev.Effect:
    """Ask central for the label once more."""
    if not isinstance(event, ev.ReprintShown):
        raise TableWrong(f"reprint: {type(event).__name__} does not give what it needs")
    deed = ReprintAsked(
        station=station.name, scan_id=event.scan_id, verification=station.verification, reason=event.reason
    )
    return question(station, deed)


def print_label(station: Station, event: ev.Event) -> ev.Effect:
    """Hand the stored bytes to the printer."""
    job = event.wanted.job if isinstance(event, ev.LabelToPrint) else None
    if job is None:
        raise TableWrong(f"print_label: {type(event).__name__} does not give what it needs")
    return ev.Print(station.scan_id, station.verification, station.label, job)


def note_print(station: Station, event: ev.Event) -> ev.Effect:
    """Write down what became of a label."""
    over = event.was if isinstance(event, ev.PrintOver) else event
    if not isinstance(over, ev.PrintDone | ev.PrintFailed):
        raise TableWrong(f"note_print: {type(event).__name__} does not give what it needs")
    failed = over if isinstance(over, ev.PrintFailed) else None
    deed = LabelPrinted(
        station=station.name,
        verification=over.verification,
        asked_by=over.asked_by,
        label=over.label,
        ok=failed is None,
        why=failed.why if failed else "",
        unsure=failed.unsure if failed else False,
    )
    return ev.Record(deed, f"print:{over.asked_by}")
