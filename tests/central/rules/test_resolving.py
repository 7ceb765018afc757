"""Which steps of a ticket are possible when, and what a person is told to do next."""

from __future__ import annotations

from functools import partial

import pytest

from central.rules.allocation import Need
from central.rules.next_steps import NEXT, said
from central.rules.resolving import (
    BEFORE_REPACK,
    OF_KIND,
    Stop,
    Taken,
    TicketNow,
    in_hand,
    judge,
    missing,
    next_step,
    offered,
    possible,
)
from central.rules.tickets import STAGE_OF
from wire.phrases import Refusal

held = partial(TicketNow, order_status="exception")


@pytest.mark.parametrize(
    ("now", "steps"),
    [
        (held("wrong_item"), ("repack", "return_stock", "repick", "cancel")),
        (held("label_damaged"), ("replace_label", "cancel")),
        (held("label_damaged", done=frozenset({"replace_label"})), ("repack", "cancel", "replace_label")),
        (held("damaged_item"), ("repick", "repack", "ship_partial", "cancel")),
        (held("damaged_item", done=frozenset({"repick"}), to_pick=1), ("cancel", "repick")),
        (held("unreadable_barcode"), ("replace_label", "repick", "ship_partial", "cancel")),
        (held("packing_damaged"), ("repack", "cancel")),
        (held("short_pick", to_pick=3), ("repack", "ship_partial", "cancel")),
        (held("order_on_hold", hold="on_hold"), ("cancel",)),
        (TicketNow("interlock_fault"), ("close",)),
        (TicketNow("already_shipped", order_status="released"), ("close",)),
        (TicketNow("wrong_item", order_status="cancelled", in_hand=2), ("return_stock", "write_off")),
        (TicketNow("wrong_item", order_status="cancelled"), ("return_stock", "write_off", "close")),
        (TicketNow("wrong_item", order_status="picking"), ("close",)),
        (held("wrong_item", status="resolved"), ()),
    ],
)
def test_only_what_can_be_done_now_is_offered_the_likeliest_first(now: TicketNow, steps: tuple[str, ...]) -> None:
    assert possible(now) == steps


@pytest.mark.parametrize(
    ("now", "step", "stop"),
    [
        (held("wrong_item"), "close", Stop.UNDECIDED),
        (held("wrong_item"), "replace_label", Stop.NOT_FOR_KIND),
        (held("wrong_item"), "write_off", Stop.NOT_FOR_KIND),
        (held("label_damaged"), "repack", Stop.STEP_FIRST),
        (held("damaged_item", done=frozenset({"repick"}), to_pick=1), "repack", Stop.STILL_TO_PICK),
        (held("damaged_item", hold="frozen"), "repick", Stop.ON_HOLD),
        (TicketNow("interlock_fault"), "repack", Stop.NO_ORDER),
        (TicketNow("wrong_item", order_status="handed_over"), "return_stock", Stop.HAS_LEFT),
        (TicketNow("wrong_item", order_status="cancelled", in_hand=1), "repack", Stop.CANCELLED),
        (TicketNow("wrong_item", order_status="cancelled", in_hand=1), "close", Stop.GOODS_LEFT),
        (TicketNow("wrong_item", order_status="picking"), "repick", Stop.MOVED_ON),
        (held("wrong_item", status="resolved"), "repack", Stop.CLOSED),
    ],
)
def test_what_is_impossible_has_its_reason(now: TicketNow, step: str, stop: Stop) -> None:
    assert judge(now, step) is stop  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", STAGE_OF)
def test_every_kind_of_ticket_can_be_resolved_and_says_what_to_do_in_both_languages(kind: Refusal) -> None:
    now = held(kind)
    told = said(next_step(now))

    assert possible(now)
    assert kind in NEXT or kind not in OF_KIND
    assert told.en.isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in told.zh)


@pytest.mark.parametrize("kind", BEFORE_REPACK)
def test_what_must_be_done_first_is_offered(kind: str) -> None:
    assert set(offered(TicketNow(kind, order_status="exception"))) >= BEFORE_REPACK[kind]


@pytest.mark.parametrize(
    ("now", "key"),
    [
        (held("damaged_item", done=frozenset({"repick"}), to_pick=1), "pick_first"),
        (held("damaged_item", done=frozenset({"repick"})), "repack"),
        (held("order_frozen", hold="frozen"), "on_hold"),
        (TicketNow("wrong_item", order_status="cancelled", in_hand=2), "put_back"),
        (TicketNow("already_shipped", order_status="released"), "already_shipped"),
        (TicketNow("wrong_item", order_status="released"), "gone"),
        (TicketNow("interlock_fault"), "interlock_fault"),
    ],
)
def test_the_next_step_follows_where_the_ticket_stands(now: TicketNow, key: str) -> None:
    assert next_step(now) == key
    assert key in NEXT


def test_what_is_gone_is_no_longer_in_hand() -> None:
    taken = [Taken("mug", "A-01-1", 2), Taken("mug", "B-01-1", 1), Taken("lamp", "A-02-1", 1)]

    assert in_hand(taken, {"mug": 2}) == [Taken("mug", "B-01-1", 1), Taken("lamp", "A-02-1", 1)]
    assert in_hand(taken, {"mug": 3, "lamp": 1}) == []


def test_missing_is_what_the_lines_want_beyond_what_is_there() -> None:
    needs = [Need(1, "mug", 2), Need(2, "mug", 1), Need(3, "lamp", 1)]

    assert missing(needs, {"mug": 2, "lamp": 1}) == [Need(2, "mug", 1)]
    assert missing(needs, {"mug": 9, "lamp": -1}) == [Need(3, "lamp", 1)]
