"""What a pick costs a zone's pure machine, with twenty lamps lit and five hundred totes waiting."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Final

from bench.results import Result, middle, result
from edge.drivers.ports import DARK, Pressed, Shown
from edge.lightbar.events import Event, Recorded, UndoOver, WorkArrived
from edge.lightbar.machine import advance
from edge.lightbar.state import Effect, RecordPick, ShowFace, ZoneRules, ZoneState
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId

PICK_US_MAX: Final = 300.0  # of the processor; what we allow
TOTES, LINES, RUNS = 500, 20, 3
UNDOABLE: Final = 40  # confirms of the last seconds


async def zone_pick_cpu(_: Path) -> list[Result]:
    """One result against what we allow. A pick is five events: lit, pressed, recorded, dark, too late to undo."""
    costs_us = [_cost_us() for _ in range(RUNS)]
    samples = RUNS * TOTES * LINES
    return [result("zone_pick_cpu", middle(costs_us), PICK_US_MAX, "allowed", unit="us of processor", samples=samples)]


def _cost_us() -> float:
    state = ZoneState("A", ZoneRules(places=frozenset(f"A-{n:02}" for n in range(LINES))), trusted=True)
    events: deque[Event] = deque([WorkArrived(1, _totes(), frozenset())])
    undoable: deque[str] = deque()
    began_s = time.process_time()
    while events:
        step = advance(state, events.popleft())
        state = step.state
        for effect in step.effects:
            events.extend(_then(effect, undoable))
    return (time.process_time() - began_s) / (TOTES * LINES) * 1e6


def _then(effect: Effect, undoable: deque[str]) -> list[Event]:
    """What modules, hands, disk and time do next."""
    match effect:
        case ShowFace(location, face):
            seen = Shown(LocationId(location), face, verified=True)
            return [seen] if face == DARK else [seen, Pressed(LocationId(location), 1, held=False)]
        case RecordPick(_, pick):
            undoable.append(pick.pick_id)
            over = [UndoOver(undoable.popleft())] if len(undoable) > UNDOABLE else []
            return [Recorded(pick.pick_id), *over]
    return []


def _totes() -> tuple[ToteWork, ...]:
    return tuple(
        ToteWork(tote_id=f"t{tote}", order_no=f"o{tote}", wave="w", colour="blue", picks=tuple(_picks(tote)))
        for tote in range(TOTES)
    )


def _picks(tote: int) -> list[Pick]:
    return [
        Pick(pick_id=f"t{tote}-{n}", location_id=LocationId(f"A-{n:02}"), sku=f"S{n}", title=f"S{n}", pieces=1)
        for n in range(LINES)
    ]
