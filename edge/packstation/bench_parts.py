"""The shift-start self-test of a bench: what is found of each part, and when it is over. Pure.

It looks only at what the profile says is there. Two parts need the packer: whether the lamp shows its colours, and
whether the scanner sends what is printed. Scanning the sheet's self-test barcode says both; `PL:LAMP-DEAD` says that
the lamp does not. Printing the slip comes last, because it shows the rest and is itself the printer's test.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.rules import Station
from edge.profile_bench import BenchProfile
from edge.profile_station import StationProfile
from wire.answers import SelfTestHeard
from wire.shift_deeds import BenchPart, PartResult

READ_WELL: Final = frozenset({"scanner_good", "scanner_no_aim"})  # the symbology is of use, and not needed
LAMP_TURNS: Final = ("red", "amber", "green", "blue")
_SILENT: Final[dict[BenchPart, str]] = {"lamp": "unseen", "scanner": "no_code"}  # the rest: no_answer


def parts_of(profile: BenchProfile) -> tuple[BenchPart, ...]:
    """What a bench with these devices is tested for."""
    scale: tuple[BenchPart, ...] = ("scale",) if profile.scale else ()
    printer: tuple[BenchPart, ...] = ("printer",) if profile.printer else ()
    return ("lamp", "scanner", *scale, "gate", "clock", "central", *printer)


def judged(station: Station, event: ev.Event) -> ev.Event:
    """What `event` means for the self-test that goes on: `event` itself where it says nothing of a part."""
    found = _found(station, event)
    if not found:
        return event
    results = _merged(station, found)
    open_parts = [part for part in station.parts if part not in {result.part for result in results}]
    if open_parts == ["printer"] and isinstance(event, shift.PartTested | ev.Told | SelfTestHeard):
        return shift.SlipDue(results)
    if open_parts:
        return shift.TestFound(results)
    if all(result.ok for result in results):
        return shift.TestPassed(results)
    gate_ok = all(result.ok for result in results if result.part == "gate")
    return shift.TestFailed(results) if gate_ok else shift.GateTestFailed(results)


def _found(station: Station, event: ev.Event) -> tuple[PartResult, ...]:
    match event:
        case shift.PartTested(result):
            return (result,) if result.part in station.parts else ()
        case ev.Told(say=say) if say in READ_WELL:
            return (PartResult(part="lamp", ok=True), PartResult(part="scanner", ok=True))
        case ev.Told(say=say) if say.startswith("scanner_"):
            return (PartResult(part="scanner", ok=False, why=say),)
        case shift.LampUnseenShown():
            return (PartResult(part="lamp", ok=False, why="unseen"),)
        case SelfTestHeard():
            return (PartResult(part="central", ok=True),)
        case ev.StorageFull():
            return (PartResult(part="central", ok=False, why="storage_full"),)
        case ev.Overdue():
            have = {result.part for result in station.results}
            silent = [part for part in station.parts if part not in have]
            return tuple(PartResult(part=part, ok=False, why=_SILENT.get(part, "no_answer")) for part in silent)
    return ()


def _merged(station: Station, found: tuple[PartResult, ...]) -> tuple[PartResult, ...]:
    """One result a part, in the order of the parts; what failed once stays failed."""
    by_part: dict[BenchPart, PartResult] = {result.part: result for result in station.results}
    for result in found:
        known = by_part.get(result.part)
        if known is None or known.ok:
            by_part[result.part] = result
    return tuple(by_part[part] for part in station.parts if part in by_part)


def empty(profile: StationProfile, present: frozenset[str]) -> Station:
    """The bench with nothing on its table."""
    bench = Station(profile.name, way=profile.way, sign_in=profile.sign_in, present=present)
    return replace(bench, parts=parts_of(profile.devices), printer=profile.devices.printer is not None)
