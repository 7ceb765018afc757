"""Which pick each location asks for now, and who waits behind it. Pure.

A *stop* is what a picker is asked at one location. Two picks that need the same module queue there in the order in
which they began to ask: the second is shown after the first is confirmed, also when another tote's turn would come
first by sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from edge.drivers.ports import Colour
from edge.lightbar.barring import is_barred
from edge.lightbar.memo import remembered
from edge.lightbar.state import Active, RecordPick, ZoneState
from wire.downlink import Pick, ToteWork

CHECK: Final[Colour] = "white"  # of a location that should be empty: blinking, without a number
TOTAL: Final[Colour] = "white"  # a batch's total; no tote of a batch has it

Step_ = Literal["pick", "total", "split", "count", "zero"]


class Stop(Struct, frozen=True):
    """What is asked at a location: `pieces` for the tote, or for all of the batch if it is a `total`.

    `waiting`: totes that ask for the same module after this one, each once.
    """

    location_id: str
    step: Step_
    tote: Active
    pick: Pick
    colour: Colour
    pieces: int
    blink: bool = False
    waiting: tuple[Active, ...] = ()


_asks: Final = attrgetter(
    *("rules", "totes", "active", "queue", "split", "counting", "checks", "recording", "lost", "down", "barred")
)  # what the stops depend on


@dataclass(frozen=True)
class Wish:
    """A pick of a tote in work that may be shown now."""

    tote: Active
    pick: Pick


def away(state: ZoneState) -> frozenset[str]:
    """Locations whose module cannot be reached."""
    return state.lost.union(*state.down.values())


def work_of(state: ZoneState, tote_id: str) -> ToteWork | None:
    """The open picks of a tote."""
    return next((tote for tote in state.totes if tote.tote_id == tote_id), None)


def wishes(state: ZoneState) -> dict[str, Wish]:
    """Picks that may be shown now, by pick id, the first tote's first. In a sequential zone one of each tote."""
    found: dict[str, Wish] = {}
    gone = away(state)
    for tote in state.active:
        work = work_of(state, tote.tote_id)
        picks = tuple(pick for pick in work.picks if not is_barred(state, pick)) if work is not None else ()
        if state.rules.mode == "sequential":
            begun = tuple(pick for pick in picks if pick.pick_id in state.recording)  # its light stays until it is done
            picks = begun[:1] or tuple(pick for pick in picks if pick.location_id not in gone)[:1] or picks[:1]
        found.update((pick.pick_id, Wish(tote, pick)) for pick in picks)
    return found


def queued(state: ZoneState, wanted: Mapping[str, Wish]) -> dict[str, tuple[str, ...]]:
    """The queue at each location: who asked before keeps its place."""
    queue = {at: [pick_id for pick_id in line if pick_id in wanted] for at, line in state.queue.items()}
    placed = {pick_id for line in queue.values() for pick_id in line}
    for pick_id, wish in wanted.items():
        if pick_id not in placed:
            queue.setdefault(wish.pick.location_id, []).append(pick_id)
    return {at: tuple(line) for at, line in queue.items() if line}


@remembered(_asks)
def stops(state: ZoneState) -> Mapping[str, Stop]:
    """What every location asks for, in the order in which it is walked."""
    wanted = wishes(state)
    places = dict.fromkeys(wish.pick.location_id for wish in wanted.values())
    lines = {at: [wanted[pick_id] for pick_id in state.queue.get(at, ()) if pick_id in wanted] for at in places}
    ask = _batch_stop if state.rules.mode == "batch" else _stop
    found = {at: _counted(state, ask(state, at, line)) for at, line in lines.items() if line}
    return found | {at: _check(at, emptied) for at, emptied in state.checks.items() if at not in found}


def _counted(state: ZoneState, stop: Stop) -> Stop:
    """A short pick being counted shows what was found so far, blinking."""
    counting = state.counting.get(stop.location_id)
    return stop if counting is None else replace(stop, step="count", pieces=counting.found, blink=True)


def _check(at: str, emptied: RecordPick) -> Stop:
    """Is the place empty? Blinks without a number, as no pick does."""
    return Stop(at, "zero", Active(emptied.tote_id, CHECK), emptied.pick, CHECK, 0, blink=True)


def _stop(_state: ZoneState, at: str, line: list[Wish]) -> Stop:
    first = line[0]
    return Stop(at, "pick", first.tote, first.pick, first.tote.colour, first.pick.pieces, waiting=tuple(_behind(line)))


def _batch_stop(state: ZoneState, at: str, line: list[Wish]) -> Stop:
    """The total first; once it is taken, each tote's part in turn. One pick alone is its own total."""
    first = line[0]
    if at in state.split:
        waiting = tuple(_behind(line))
        return Stop(at, "split", first.tote, first.pick, first.tote.colour, first.pick.pieces, waiting=waiting)
    if len(line) == 1 or first.pick.pick_id in state.recording:  # what was just answered shows until it is on the disk
        return _stop(state, at, line)
    return Stop(at, "total", first.tote, first.pick, TOTAL, sum(wish.pick.pieces for wish in line))


def _behind(line: list[Wish]) -> Iterator[Active]:
    if len(line) == 1:
        return
    seen = {line[0].tote.tote_id}
    for wish in line[1:]:
        if wish.tote.tote_id not in seen:
            seen.add(wish.tote.tote_id)
            yield wish.tote
