"""The self-test barcode finds what is set wrong between a scanner and its node, whatever the two countries are."""

from __future__ import annotations

import re
from itertools import product

import pytest

from edge.drivers.ports import Scan
from edge.drivers.scanner_keys import KeyRules, KeyScans
from edge.drivers.scanner_layouts import LAYOUTS
from edge.drivers.scanner_self_test import Finding, finding_of
from edge.drivers.scanner_text import Framing
from edge.lightbar.events import UnknownScanned
from edge.lightbar.scans import event_of as zone_event_of
from edge.packstation import events as ev
from edge.packstation.commands import UnknownCommand, command_of
from edge.packstation.scans import event_of
from sim.hid_scanners import record
from sim.keyboard import keys_of
from wire.command_codes import COMMAND_CODES, GS, SELF_TEST
from wire.phrases import PHRASES

PAIRS = [pair for pair in product(sorted(LAYOUTS), sorted(LAYOUTS)) if pair[0] != pair[1]]


def read_by(node: str, scanner: str, text: str, *, caps: bool = False) -> Scan:
    """What a node set to `node` reads from a scanner set to `scanner`."""
    keys = keys_of(text, LAYOUTS[scanner])
    held = KeyScans(KeyRules(LAYOUTS[node]), Framing(), lambda: caps)
    (scan,) = held.feed(b"".join(record(1, *key) for key in keys), 1)
    return scan


@pytest.mark.parametrize(("node", "scanner"), PAIRS)
@pytest.mark.parametrize("aim", ["", "]C0"])
def test_another_country_setting_is_found_and_the_right_one_named(node: str, scanner: str, aim: str) -> None:
    scan = read_by(node, scanner, aim + SELF_TEST)

    assert finding_of(scan.text) == Finding("scanner_layout", f'layout = "{scanner}"')


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_scanner_that_is_set_right_is_told_so(layout: str) -> None:
    assert finding_of(read_by(layout, layout, "]C0" + SELF_TEST).text) == Finding("scanner_good")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_caps_lock_is_found_though_it_makes_the_scan_dirty_in_europe(layout: str) -> None:
    assert finding_of(read_by(layout, layout, "]C0" + SELF_TEST, caps=True).text) == Finding("scanner_caps")


@pytest.mark.parametrize(
    ("what", "text", "say"),
    [
        ("GS was dropped", "]C0" + SELF_TEST.replace(GS, ""), "scanner_no_gs"),
        ("GS and the identifier were dropped", SELF_TEST.replace(GS, ""), "scanner_no_gs"),
        ("only the identifier is missing", SELF_TEST, "scanner_no_aim"),
        ("it is something else", SELF_TEST + "X", "scanner_odd"),
        ("another identifier", "]A0" + SELF_TEST, "scanner_odd"),
    ],
)
def test_what_else_can_be_wrong_is_told(what: str, text: str, say: str) -> None:
    found = finding_of(text)

    assert found is not None, what
    assert found.say == say
    assert len(found.detail) <= 64


@pytest.mark.parametrize("text", ["", "PL:ASIDE", "5901234123457", "PL:TES"])
def test_other_texts_are_no_self_test(text: str) -> None:
    assert finding_of(text) is None


def test_the_bench_says_every_finding_and_which_bench_a_scanner_belongs_to() -> None:
    def said(text: str, dirty: str = "") -> str:
        event = event_of(Scan(text, 1, dirty), "s1", [re.compile(r"[0-9]{13}")], "bench-1")
        assert isinstance(event, ev.Told)
        assert event.say in PHRASES
        return f"{event.say} {event.detail}".strip()

    assert said("]C0" + SELF_TEST) == "scanner_good"
    assert said(SELF_TEST.replace(GS, ""), "unknown_key") == "scanner_no_gs"
    assert said("PL:STATION:bench-1") == "station_here bench-1"
    assert said("PL:STATION:bench-2") == "station_other bench-1"
    assert said("PL:UNDO") == "not_at_a_bench"
    assert said("5901234123457") == "ambiguous label / item"


def test_every_command_on_the_sheet_is_understood_where_it_is_scanned() -> None:
    for code in COMMAND_CODES:
        if code.where == "bench":
            assert not isinstance(command_of(code.text.removeprefix("PL:")), UnknownCommand), code.text
        else:
            assert not isinstance(zone_event_of(code.text), UnknownScanned), code.text
