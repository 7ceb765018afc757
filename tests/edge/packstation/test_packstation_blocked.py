"""A blocked parcel: nothing but setting aside or an accepted override moves it, and the bench keeps saying why."""

from __future__ import annotations

import pytest

from edge.packstation import events as ev
from edge.packstation.machine import Step, advance
from edge.packstation.rules import State
from tests.edge.packstation.parcels import BLOCKED, ITEMS, LOADED, after, recorded
from wire.answers import Blocked, Overridden, Refused
from wire.deeds import OverrideAsked
from wire.phrases import Refusal


def test_a_block_shows_its_ticket_and_nothing_but_aside_or_a_badge_moves_it() -> None:
    station = after(*BLOCKED).station
    assert (station.state, station.say, station.ticket, station.lamp) == (State.BLOCKED, "wrong_item", "T-1", "red")

    for scan in (ev.LabelShown("s9", "LP9"), ev.ItemShown("s9", "x"), ev.PlainShown("s9", "x"), ev.RepeatShown()):
        assert after(*BLOCKED, scan) == Step(station, ())


def test_an_override_needs_a_badge_and_then_a_reason() -> None:
    badged = (*BLOCKED, ev.BadgeShown("s5", "SUP-1"))
    assert after(*badged).station.say == "scan_reason"

    shown = after(*badged, ev.ReasonShown("s6", "recount"))
    assert (shown.station.say, shown.effects[-1]) == ("taking_photo", ev.AskPhoto("s6"))
    asked = after(*badged, ev.ReasonShown("s6", "recount"), ev.PhotoDone("s6", "/9j/", ""))
    assert recorded(asked) == [
        OverrideAsked(station="bench-1", scan_id="s6", verification="s1", badge="SUP-1", reason="recount", photo="/9j/")
    ]


def test_a_camera_that_fails_or_never_answers_lets_nothing_go_and_says_so() -> None:
    shown = (*BLOCKED, ev.BadgeShown("s5", "SUP-1"), ev.ReasonShown("s6", "recount"))
    failed = after(*shown, ev.PhotoDone("s6", no_photo="no picture within 3 s"))
    (deed,) = recorded(failed)
    assert isinstance(deed, OverrideAsked)
    assert (deed.photo, deed.no_photo) == ("", "no picture within 3 s")

    hung = after(*shown, ev.Overdue("s6")).station
    assert (hung.state, hung.say) == (State.BLOCKED, "wrong_item")
    assert after(*shown, ev.PhotoDone("s5")).station == after(*shown).station


def test_an_override_goes_on_with_the_counts_as_they_were() -> None:
    asked = (*BLOCKED, ev.BadgeShown("s5", "SUP-1"), ev.ReasonShown("s6", "recount"), ev.PhotoDone("s6"))

    station = after(*asked, Overridden(scan_id="s6", order_no="O-1", items=ITEMS)).station

    assert (station.state, station.say, station.ticket, station.items) == (State.PACKING, "override_done", "", ITEMS)


def test_a_refused_override_stays_blocked_and_says_why() -> None:
    asked = (*BLOCKED, ev.BadgeShown("s5", "SUP-1"), ev.ReasonShown("s6", "recount"), ev.PhotoDone("s6"))

    refused = after(*asked, Refused(scan_id="s6", reason=Refusal.BAD_BADGE)).station
    assert (refused.state, refused.say, refused.ticket) == (State.BLOCKED, "bad_badge", "T-1")
    assert after(*asked, ev.Overdue("s6")).station.say == "wrong_item"


def test_a_bad_reason_keeps_the_badge_for_the_next_one() -> None:
    bad = (*BLOCKED, ev.BadgeShown("s5", "SUP-1"), ev.ReasonShown("s6", "123"), ev.PhotoDone("s6"))
    refused = (*bad, Refused(scan_id="s6", reason=Refusal.BAD_REASON))
    assert (after(*refused).station.state, after(*refused).station.say) == (State.BADGED, "bad_reason")

    asked = after(*refused, ev.ReasonShown("s7", "recount"), ev.PhotoDone("s7"))
    assert recorded(asked) == [
        OverrideAsked(station="bench-1", scan_id="s7", verification="s1", badge="SUP-1", reason="recount")
    ]


def test_a_reason_without_a_badge_asks_for_the_badge() -> None:
    station = after(*BLOCKED, ev.ReasonShown("s6", "recount")).station

    assert (station.state, station.say, station.ticket) == (State.BLOCKED, "badge_first", "T-1")


@pytest.mark.parametrize("scan", [ev.LabelShown("s9", "LP9"), ev.ItemShown("s9", "x"), ev.PlainShown("s9", "x")])
def test_a_blocked_bench_says_again_why_whatever_it_said_meanwhile(scan: ev.Event) -> None:
    refused = after(*BLOCKED, ev.UnknownShown())
    assert refused.station.say == "unknown_command"

    assert advance(refused.station, scan).station.say == "wrong_item"


def test_a_block_keeps_its_detail_whatever_is_scanned() -> None:
    blocked = Blocked(scan_id="s2", reason=Refusal.TOO_MANY, ticket="T-1", detail="MUG-RED")
    station = after(*LOADED, ev.ItemShown("s2", "x"), blocked, ev.DirtyShown()).station

    assert (station.say, station.detail, station.ticket) == ("dirty_scan", "MUG-RED", "T-1")
