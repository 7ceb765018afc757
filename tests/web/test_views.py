"""What the pages show, as functions of values; and that every word exists in both languages."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from central.store.reads_rows import PlanRow, WaveRow
from central.web.plan import MODULE_HEIGHT, MODULE_WIDTH, draw_zone
from central.web.render import HERE, make_renderer
from central.web.views import BenchView, WaitingParcel, counts, floor_view, hands_view, wave_view
from central.web.words import WORDS, say
from central.web.words_events import KINDS, kind_word
from wire.phrases import Refusal

BEGUN_S = 1_000_000
HOUR_S = 3_600


def wave(*, out: int, picked: int, status: str = "open", cut_off_s: int = BEGUN_S + HOUR_S) -> WaveRow:
    """A wave of 10 orders and 10 picks, released at BEGUN_S."""
    return WaveRow(
        wave="W1",
        status=status,
        released_utc_ns=BEGUN_S * 10**9,
        cut_off_utc_s=cut_off_s,
        orders=10,
        orders_by_status={"released": out, "picking": 10 - out},
        picks_by_status={"confirmed": picked, "released": 10 - picked},
    )


@pytest.mark.parametrize(
    ("row", "after_s", "pace"),
    [
        (wave(out=0, picked=0), 60, "on_time"),
        (wave(out=5, picked=10), HOUR_S * 3 // 4, "on_time"),
        (wave(out=0, picked=2), HOUR_S * 3 // 4, "behind"),
        (wave(out=9, picked=10), HOUR_S + 1, "late"),
        (wave(out=10, picked=10, status="done"), 9 * HOUR_S, "done"),
        (wave(out=0, picked=0, cut_off_s=0), 99 * HOUR_S, "on_time"),
        (wave(out=0, picked=0, cut_off_s=BEGUN_S - 10), 60, "on_time"),
    ],
)
def test_a_wave_is_measured_against_its_cut_off(row: WaveRow, after_s: int, pace: str) -> None:
    assert wave_view(row, BEGUN_S + after_s).pace == pace


def test_cancelled_orders_no_longer_count_in_a_wave() -> None:
    row = WaveRow("W1", "open", BEGUN_S, 0, 10, {"handed_over": 4, "cancelled": 6}, {"confirmed": 4, "cancelled": 6})
    view = wave_view(row, BEGUN_S)
    assert (view.orders, view.orders_out, view.picks, view.out_share) == (4, 4, 4, 1000)


def test_an_empty_wave_is_drawn_too() -> None:
    assert wave_view(WaveRow("W1", "open", 0, 0, 0, {}, {}), 0).picked_share == 0


def test_every_status_is_counted_exactly_once() -> None:
    statuses = (
        *("imported", "allocated", "waved", "picking", "picked", "at_bench", "verified", "released", "handed_over"),
        *("exception", "cancelled"),
    )
    view = counts(dict.fromkeys(statuses, 1))
    assert sum(getattr(view, name) for name in view.__dataclass_fields__) == len(statuses)


def test_the_lowest_shelf_is_drawn_at_the_bottom_and_no_two_modules_overlap() -> None:
    rows = [PlanRow(f"A-{bay}-{level}-{n}", "A", bay, level, "S", "") for bay in "12" for level in (1, 3) for n in "ab"]
    drawing = draw_zone("A", "zone-a", rows)
    assert [bay.bay for bay in drawing.bays] == ["1", "2"]
    for bay in drawing.bays:
        assert max(module.y for module in bay.modules if "-1-" in module.location_id[3:]) > 0
        spots = {(module.x, module.y) for module in bay.modules}
        assert len(spots) == 4
        assert all(0 <= x <= bay.width - MODULE_WIDTH and 0 <= y <= bay.height - MODULE_HEIGHT for x, y in spots)


def test_a_floor_of_1440_modules_is_still_a_light_page() -> None:
    rows = [
        PlanRow(
            f"{zone}-{bay:02d}-{level}", zone, f"{bay:02d}", level, f"SKU-{bay}{level}", f"WHITE HOLDER {bay * level}"
        )
        for zone in "ABCDEFGHIJKL"
        for bay in range(1, 31)
        for level in range(1, 5)
    ]
    drawn = make_renderer().part(floor_view(rows, {}, hands=True), "en", heads={})
    assert drawn.count("<g ") == 1440
    assert len(gzip.compress(drawn.encode())) < 60_000


def test_a_zone_without_locations_is_still_on_the_floor() -> None:
    assert [zone.zone for zone in floor_view([], {"B": "zone-b"}, hands=False).zones] == ["B"]


def test_the_parcel_in_work_is_not_offered_again() -> None:
    parcels = [WaitingParcel(f"L{number}", str(number), ()) for number in range(20)]
    view = hands_view("bench-1", parcels, "L3", (), ())
    assert "L3" not in [parcel.label for parcel in view.parcels]
    assert len(view.parcels) + view.more == 19


def test_a_name_from_outside_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    view = hands_view(evil, [WaitingParcel(evil, evil, ())], "", (), ())
    for part in (view, BenchView(evil, evil, None)):
        assert "<img" not in make_renderer().part(part, "en")


@pytest.mark.parametrize("table", [WORDS, KINDS])
def test_every_word_has_equal_care_in_both_languages(table: dict[str, tuple[str, str]]) -> None:
    for key, (en, zh) in table.items():
        assert en, key
        assert zh, key
        assert set(re.findall(r"{\w+}", en)) == set(re.findall(r"{\w+}", zh)), key
        assert "  " not in en + zh, key


def test_every_word_a_template_or_script_asks_for_exists() -> None:
    asked = set()
    for file in sorted((HERE / "templates").iterdir()):
        asked |= set(re.findall(r"""\bw\("([a-z_]+)"[,)]""", file.read_text(encoding="utf-8")))
    for file in sorted((HERE / "static").glob("*.js")):
        asked |= set(re.findall(r"""\bword\("([a-z_]+)\"""", file.read_text(encoding="utf-8")))
    assert asked - set(WORDS) == set()


def test_every_reason_a_ticket_can_have_has_a_short_name() -> None:
    assert {reason.value for reason in Refusal} <= set(KINDS)


def test_an_unknown_word_reads_as_itself() -> None:
    assert say("zh", "some_new_word") == "some new word"
    assert kind_word("en", "journal_gap_found") == "journal gap found"
    assert kind_word("en", "SKU_85-A") == "SKU_85-A"


def test_no_page_takes_anything_from_elsewhere() -> None:
    for file in [*(HERE / "templates").iterdir(), *(HERE / "static").iterdir()]:
        text = Path(file).read_text(encoding="utf-8")
        assert not re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//(?!www\.w3\.org)", text), file.name
        assert "style=" not in text, file.name
