"""The self-test barcode at a zone's or a wall's scanner: answered on the page, and nothing of the work changes."""

from __future__ import annotations

import pytest

from central.web.words import WORDS
from edge.drivers.ports import Scan
from edge.lightbar.pick_work import PickWork
from edge.lightbar.wall_work import WallWork
from edge.profile import ZoneProfile
from wire.command_codes import GS, SELF_TEST

PROFILE = ZoneProfile(id="A", buses=(), modules=())
TEXTS = [
    (f"]C0{SELF_TEST}", "scanner_good"),
    (SELF_TEST, "scanner_no_aim"),
    (SELF_TEST.replace(GS, ""), "scanner_no_gs"),
    (f"]C0{SELF_TEST}".swapcase(), "scanner_caps"),
    (f"{SELF_TEST}!", "scanner_odd"),
]


@pytest.mark.parametrize(("text", "say"), TEXTS)
@pytest.mark.parametrize("dirty", ["", "unknown_key"])
def test_a_zone_answers_it(text: str, say: str, dirty: str) -> None:
    work = PickWork(PROFILE, lambda: 0, lambda scan: scan.text)
    event = work.scanned(Scan(text, 1, dirty), "A")
    assert event is not None
    before = work.begin(trusted=True)
    after, effects = work.advance(before, event)

    assert (after.said, after.totes, effects) == (say, before.totes, ())
    assert f"notice_{say}" in WORDS


@pytest.mark.parametrize(("text", "say"), TEXTS)
def test_a_wall_answers_it(text: str, say: str) -> None:
    work = WallWork(PROFILE, lambda scan: scan.text)
    after, _ = work.advance(work.begin(trusted=True), work.scanned(Scan(text, 1), "A"))

    assert (after.notice, after.lit) == (say, ())
