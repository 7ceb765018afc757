"""What the pages show, as functions of values; and that every word exists in both languages."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from central.store.reads_rows import AlarmRow, PlanRow, WaveRow
from central.web.bench_views import BenchView, HandsView, Item, WaitingParcel, hands_view
from central.web.plan import MODULE_HEIGHT, MODULE_WIDTH, draw_zone
from central.web.render import HERE, make_renderer
from central.web.told import CURES, cure, told
from central.web.views import AlarmsView, counts, floor_view, wave_view
from central.web.words import WORDS, say
from central.web.words_events import KINDS, kind_word
from wire.phrases import Refusal
from wire.uplink import ItemCount, StationLive

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


def parcels(*numbers: int) -> list[WaitingParcel]:
    """Parcels that wait, by number."""
    return [WaitingParcel(f"L{number}", str(number), ()) for number in numbers]


def test_the_parcel_on_the_bench_keeps_its_row_and_is_marked() -> None:
    before = hands_view(HandsView("bench-1"), parcels(1, 2, 3, 4), None, (), ())
    opened = hands_view(before, parcels(1, 2, 4), parcels(3)[0], (), ())
    assert [parcel.label for parcel in opened.parcels] == ["L1", "L2", "L3", "L4"]
    assert opened.label == "L3"
    gone = hands_view(opened, parcels(1, 2, 4), None, (), ())
    assert [parcel.label for parcel in gone.parcels] == ["L1", "L2", "L4"]


def test_a_parcel_opened_from_elsewhere_is_shown_too_and_the_rest_is_counted() -> None:
    view = hands_view(HandsView("bench-1"), parcels(*range(20)), parcels(99)[0], (), ())
    assert view.parcels[0].label == "L99"
    assert len(view.parcels) + view.more == 21


def test_a_waiting_item_says_how_many_the_parcel_wants() -> None:
    pens = WaitingParcel("L1", "1", (Item("PEN", "Pen", "400", 3), Item("CUP", "Cup", "401", 1)))
    drawn = make_renderer().part(hands_view(HandsView("bench-1"), [pens], None, (), ()), "en")
    assert drawn.count("wants") == 1
    assert "wants 3" in drawn


def bench(**more: Any) -> BenchView:
    """A bench as its node shows it."""
    shown = {"station": "bench-1", "state": "ready", "say": "scan_label", "lamp": "off", "gate": "holding", **more}
    return BenchView("bench-1", "node-1", StationLive(**shown))


def test_ticket_and_detail_of_an_earlier_saying_are_not_shown() -> None:
    blocked = bench(state="blocked", say="wrong_item", ticket="T1", detail="CUP", order_no="1", label="L1")
    assert (blocked.ticket, blocked.detail, blocked.label) == ("T1", "CUP", "L1")
    aside = bench(say="set_aside_done", detail="T1")
    assert (aside.ticket, aside.detail) == ("T1", "")
    later = bench(say="scan_label_first", detail="T1", ticket="T1")
    assert (later.ticket, later.detail) == ("", "")


def test_an_unknown_label_does_not_stay_as_the_label_in_work() -> None:
    assert bench(say="unknown_label", label="NO-SUCH", detail="NO-SUCH").label == ""
    assert bench(state="checking_label", say="checking_label", label="L1").label == "L1"


def test_a_tile_stays_where_it_is_when_its_item_is_complete() -> None:
    items = (
        ItemCount(sku="A", title="A", asked_pieces=1, packed_pieces=1),
        ItemCount(sku="B", title="B", asked_pieces=1, packed_pieces=0),
    )
    assert [item.sku for item in bench(items=items).items] == ["A", "B"]


def test_an_alarm_says_once_what_is_wrong_and_what_to_do_in_the_readers_language() -> None:
    alarm = AlarmRow("central", "stock_doubtful", "A-01-2", "count this place", 1)
    english, chinese = (make_renderer().part(AlarmsView((alarm,)), lang) for lang in ("en", "zh"))
    assert "Count this place" in english
    assert 'action="/api/locations/A-01-2/count"' in english
    assert "请填写该库位的实际件数" in chinese
    assert ">count this place" not in english + chinese


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("stock lacks 2 of mug", "库存缺 2 件 mug"),
        ("stock lacks 3 of X, 2 of Y and 1 more SKUs", "库存缺 3 件 X，2 件 Y，另有 1 种"),
        ("order cancelled: wrong_item", "订单已取消：错件"),
        ("wrong_item", "错件"),
        ("repack", "重新打包"),
        ("Li Na, late shift", "Li Na, late shift"),
        ("order 1001", "订单 1001"),
    ],
)
def test_what_the_record_tells_is_said_in_chinese_as_far_as_it_is_known(text: str, zh: str) -> None:
    assert told("zh", text) == zh


def test_every_alarm_the_page_names_says_what_to_do() -> None:
    assert all(cure("zh", alarm) and cure("en", alarm) for alarm in CURES)
    assert set(CURES) <= set(KINDS)


def test_a_name_from_outside_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    view = hands_view(HandsView(evil), [WaitingParcel(evil, evil, ())], None, (), ())
    for part in (view, BenchView(evil, evil, None), AlarmsView((AlarmRow(evil, evil, evil, evil, 1),))):
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
