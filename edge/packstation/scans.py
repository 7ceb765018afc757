"""From scanner to event: a repeat within the quiet window, dirt, or what the text means. Pure, but for its memory."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge.drivers.ports import Scan
from edge.drivers.scanner_self_test import finding_of
from edge.packstation import barcode, commands
from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.commands import KnownCommand


class QuietWindow:
    """Tells a scanner that fires twice from a packer who scans the next piece.

    Counted from the text's last sighting, so that a trigger held down for seconds stays one scan.
    """

    def __init__(self, window_ms: int) -> None:
        self._window_ns = window_ms * 1_000_000
        self._text, self._seen_ns = "", 0

    def repeats(self, scan: Scan) -> bool:
        """True if the same clean text was seen within the window."""
        if scan.dirty:
            return False
        again = scan.text == self._text and scan.mono_ns - self._seen_ns < self._window_ns
        self._text, self._seen_ns = scan.text, scan.mono_ns
        return again


def event_of(scan: Scan, scan_id: str, labels: Sequence[re.Pattern[str]], station: str) -> ev.Event:
    """What a scan means at the pack station of that name."""
    finding = finding_of(scan.text)
    if finding is not None:
        return ev.Told(finding.say, finding.detail)
    if scan.dirty:
        return ev.DirtyShown()
    match barcode.read(scan.text, labels):
        case barcode.LabelText(label):
            return ev.LabelShown(scan_id, label)
        case barcode.ItemText(text, detail):
            return ev.ItemShown(scan_id, text, detail)
        case barcode.DetailText(text, detail):
            return ev.DetailShown(scan_id, text, detail)
        case barcode.PlainText(text):
            return ev.PlainShown(scan_id, text)
        case barcode.AmbiguousText(could_be):
            return ev.Told("ambiguous", " / ".join(could_be))
        case commands.UnknownCommand():
            return ev.UnknownShown()
        case barcode.DirtyText():
            return ev.DirtyShown()
        case command:
            return _event_of_command(command, scan_id, station)


def _event_of_command(command: KnownCommand, scan_id: str, station: str) -> ev.Event:
    match command:
        case commands.ProblemCommand(problem):
            return ev.ProblemShown(scan_id, problem)
        case commands.BadgeCommand(badge):
            return ev.BadgeShown(scan_id, badge)
        case commands.ReasonCommand(reason):
            return ev.ReasonShown(scan_id, reason)
        case commands.ReprintCommand(reason):
            return ev.ReprintShown(scan_id, reason)
        case commands.CountCommand(pieces):
            return ev.CountShown(scan_id, pieces)
        case commands.StationCommand(name):
            return ev.Told("station_here" if name == station else "station_other", station)
        case commands.ZoneCommand():
            return ev.Told("not_at_a_bench")
        case bare:
            return _event_of_bare(bare, scan_id)


def _event_of_bare(command: commands.BareCommand, scan_id: str) -> ev.Event:
    """A command without a code behind it."""
    match command:
        case commands.AsideCommand():
            return ev.AsideShown(scan_id)
        case commands.BoxFullCommand():
            return ev.BoxFullShown(scan_id)
        case commands.SignOutCommand():
            return shift.SignOutShown()
        case commands.SelfTestCommand():
            return shift.SelfTestShown(scan_id)
        case commands.LampDeadCommand():
            return shift.LampUnseenShown()
