"""What holds in a zone at every moment."""

from __future__ import annotations

from inspect import unwrap

from edge.lightbar.faces import wanted_faces
from edge.lightbar.state import ZoneState
from edge.lightbar.stops import TOTAL, stops


def check_colours(state: ZoneState) -> None:
    colours = [tote.colour for tote in state.active]
    assert len(set(colours)) == len(colours), "colours collide: two totes in one"
    assert len(colours) <= state.rules.totes_max
    assert not set(colours) & {"red", "green", "off"}
    lit = {
        (stop.colour, stop.tote.tote_id) for stop in stops(state).values() if stop.step in ("pick", "split", "count")
    }
    assert len({colour for colour, _ in lit}) == len(lit), "colours collide: one colour is lit for two totes"


def check_stops(state: ZoneState) -> None:
    for work_out in (stops, wanted_faces):
        assert work_out(state) == unwrap(work_out)(state), "what was remembered is old"
    for at, stop in stops(state).items():
        here = {
            tote.tote_id: sum(pick.pieces for pick in tote.picks if pick.location_id == at)
            for tote in state.totes
            if tote.tote_id in {one.tote_id for one in state.active}
        }
        if stop.step == "count":
            assert 0 <= stop.pieces <= stop.pick.pieces
        elif stop.step == "zero":
            assert stop.blink
            assert stop.pieces == 0
        elif stop.step == "total":
            assert stop.pieces == sum(here.values()), "sums are not right: a total is not that of its parts"
            assert stop.colour == TOTAL
        else:
            assert stop.pieces == stop.pick.pieces
            assert stop.colour == stop.tote.colour
        assert stop.tote.tote_id not in {tote.tote_id for tote in stop.waiting}
