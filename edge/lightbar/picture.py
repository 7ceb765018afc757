"""A zone as the screens show it. Pure.

Dark and healthy modules are left out: a module that is not in the picture is dark. So a zone of 1,400 modules stays
far below the 64 KiB of a live message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from edge.drivers.ports import DARK, Face
from edge.lightbar.barring import is_barred
from edge.lightbar.by_scan import dead_stops
from edge.lightbar.faces import current_tote, wanted_faces
from edge.lightbar.proofs import missing
from edge.lightbar.state import ZoneState
from edge.lightbar.stops import Stop, stops, work_of
from wire.uplink import BusHealth, ModuleFace, ModuleState, ToteLive, WrongScan, ZoneAsk, ZoneLive

MODULES_MAX: Final = 240  # at most 150 bytes each: 36 kB; lit ones come first
ASKS_MAX: Final = 20  # at most 1,200 bytes each with five names waiting and eight look-alikes: 24 kB


def picture(state: ZoneState, buses: Iterable[BusHealth]) -> ZoneLive:
    """What the zone shows right now."""
    tote = current_tote(state)
    waiting = len(state.totes) - len(state.active)
    return ZoneLive(
        zone=state.zone,
        tote_id=tote.tote_id if tote else "",
        order_no=tote.order_no if tote else "",
        picks_open=len(tote.picks) if tote else 0,
        totes_waiting=waiting,
        notice=_notice(state),
        modules=tuple(face for face, _ in zip(_modules(state), range(MODULES_MAX), strict=False)),
        totes=tuple(_totes(state)),
        asks=tuple(ask for ask, _ in zip(_asks(state), range(ASKS_MAX), strict=False)),
        buses=tuple(buses),
        next_zone=tote.next_zone if tote else "",
        passed_tote=state.passed.tote_id if state.passed else "",
        passed_to=state.passed.to_zone if state.passed else "",
        wrong_scan=_wrong_scan(state),
    )


def _wrong_scan(state: ZoneState) -> WrongScan | None:
    wrong = state.refused
    if wrong is None:
        return None
    return WrongScan(
        code=wrong.code,
        location_id=wrong.location_id,
        tote_id=wrong.tote_id,
        sku=wrong.sku,
        who=wrong.picker,
        count=state.wrong_scans,
    )


def _notice(state: ZoneState) -> str:
    if state.store:
        return state.store
    if state.said:
        return state.said
    if state.totes and current_tote(state) is None:
        return "scan_tote"
    return f"presses_ignored:{state.ignored_presses}" if state.ignored_presses else ""


def _totes(state: ZoneState) -> Iterator[ToteLive]:
    for tote in state.active:
        work = work_of(state, tote.tote_id)
        if work is not None:
            yield ToteLive(
                tote_id=tote.tote_id,
                order_no=work.order_no,
                colour=tote.colour,
                picks_open=len(work.picks),
                picker=tote.picker,
            )


def _asks(state: ZoneState) -> Iterator[ZoneAsk]:
    dead = dead_stops(state)
    yield from (_ask(stop, _by_hand(state, stop)) for stop in dead)
    shown = {stop.location_id for stop in dead}
    for at, stop in stops(state).items():
        left = missing(state, stop)
        step = f"scan_{left[0]}" if left else stop.step
        if at not in shown and (step != "pick" or stop.waiting or stop.pick.look_alikes):
            yield _ask(stop, step)
    for tote in state.active:
        work = work_of(state, tote.tote_id)
        for pick in work.picks if work is not None and state.barred else ():
            if is_barred(state, pick):
                yield _ask(Stop(pick.location_id, "pick", tote, pick, tote.colour, pick.pieces), "barred")


def _ask(stop: Stop, step: str) -> ZoneAsk:
    return ZoneAsk(
        location_id=stop.location_id,
        step=step,
        tote_id=stop.tote.tote_id,
        colour=stop.colour,
        pieces=stop.pieces,
        waiting=tuple(tote.tote_id for tote in stop.waiting),
        look_alikes=stop.pick.look_alikes,
    )


def _by_hand(state: ZoneState, stop: Stop) -> str:
    """What a person does at a place whose module is dead."""
    at = stop.location_id
    stuck = state.buttons.is_broken(at)
    if not state.rules.scanner:
        return "stuck" if stuck else "dead_press" if at in state.unlit else "dead"
    if state.by_hand != stop.pick.pick_id:
        return "stuck_scan" if stuck else "dead_scan"
    if stop.step == "zero":
        return "dead_zero"
    return "dead_item" if "item" in missing(state, stop) else "dead_done"


def _modules(state: ZoneState) -> Iterator[ModuleFace]:
    wanted = wanted_faces(state)
    down: frozenset[str] = frozenset().union(*state.down.values())
    for location, face in wanted.items():
        yield _module(location, _state_of(state, location, face, down), face)
    for location in sorted(state.lost - wanted.keys()):
        yield _module(location, "unreachable", DARK)


def _state_of(state: ZoneState, location: str, face: Face, down: frozenset[str]) -> ModuleState:
    if location in state.lost or location in down:
        return "unreachable"
    if location in state.unlit:
        return "unlit"
    return "lit" if state.shown.get(location) == face else "dark"


def _module(location: str, how: ModuleState, face: Face) -> ModuleFace:
    colour = "" if face == DARK else face.colour
    return ModuleFace(location_id=location, state=how, colour=colour, pieces=face.pieces)
