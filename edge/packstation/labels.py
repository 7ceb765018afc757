"""Prints a label that central wants and tells the table what became of it."""

from __future__ import annotations

from edge.drivers.bench_ports import LabelPrinter
from edge.packstation import events as ev


async def printed(printer: LabelPrinter | None, label: ev.Print) -> ev.PrintDone | ev.PrintFailed:
    """What became of `label`; takes as long as the printer may."""
    names = (label.asked_by, label.verification, label.label)
    if printer is None:
        return ev.PrintFailed(*names, why="absent")
    outcome = await printer.print_label(label.job.body, label.job.print_kind, label.label)
    if outcome.result == "accepted":
        return ev.PrintDone(*names)
    return ev.PrintFailed(*names, why=outcome.why or "refused", unsure=outcome.result == "unknown")
