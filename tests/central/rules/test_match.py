"""The match: a table in a packer's words, and every verdict against a second opinion written another way."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from central.rules.match import (
    Accept,
    Block,
    Complete,
    Item,
    ItemVerdict,
    LabelVerdict,
    Load,
    Meaning,
    OrderNow,
    Refuse,
    judge_item,
    judge_label,
)
from tests.central.rules.packers import HERE, at, item, items
from wire.phrases import Refusal


@pytest.mark.parametrize(
    ("words", "order", "verdict"),
    [
        ("nobody knows this label", None, Refuse(Refusal.UNKNOWN_LABEL)),
        ("it has no stock yet", at("imported"), Refuse(Refusal.NOT_PICKED)),
        ("it is not released yet", at("allocated"), Refuse(Refusal.NOT_PICKED)),
        ("nobody picked it yet", at("waved"), Refuse(Refusal.NOT_PICKED)),
        ("the picker is still at it", at("picking"), Refuse(Refusal.NOT_PICKED)),
        ("all is picked", at("picked"), Load()),
        ("I began it and scan the label again", at("at_bench", HERE), Load()),
        ("Bob has it at his bench", at("at_bench", "bench-2"), Refuse(Refusal.AT_OTHER_STATION, "bench-2")),
        ("the gate was told, nobody saw it leave", at("verified", HERE), Block(Refusal.RELEASE_UNKNOWN)),
        ("it left this morning", at("released"), Block(Refusal.ALREADY_SHIPPED)),
        ("the carrier has it", at("handed_over"), Block(Refusal.ALREADY_SHIPPED)),
        ("a ticket is open for it", at("exception"), Refuse(Refusal.IN_EXCEPTION)),
        ("the customer cancelled it", at("cancelled"), Block(Refusal.ORDER_CANCELLED)),
        ("the platform froze it", at("picked", hold="frozen"), Refuse(Refusal.ORDER_FROZEN)),
        ("the host stopped it for now", at("picked", hold="on_hold"), Refuse(Refusal.ORDER_ON_HOLD)),
        ("the platform looks into it", at("picked", hold="risk_control"), Refuse(Refusal.RISK_CONTROL)),
        ("frozen, and its box is open here", at("at_bench", HERE, "frozen"), Block(Refusal.ORDER_FROZEN)),
        ("frozen, and Bob has it", at("at_bench", "bench-2", "frozen"), Refuse(Refusal.AT_OTHER_STATION, "bench-2")),
        ("the buyer moved", at("picked", hold="address_changed"), Block(Refusal.ADDRESS_CHANGED)),
        ("the other warehouse has it", at("picked", hold="other_warehouse"), Block(Refusal.OTHER_WAREHOUSE)),
        ("frozen before it was picked", at("picking", hold="frozen"), Refuse(Refusal.NOT_PICKED)),
        ("frozen after it left", at("released", hold="frozen"), Block(Refusal.ALREADY_SHIPPED)),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_a_label_says(words: str, order: OrderNow | None, verdict: LabelVerdict) -> None:
    assert judge_label(order, HERE) == verdict


BOX = items(mug=(2, 1), lamp=(1, 0))
TWINS = Item((Meaning("mug"), Meaning("pen")))


@pytest.mark.parametrize(
    ("words", "order", "shown", "verdict"),
    [
        ("one of the two mugs", at("at_bench", HERE), item("mug"), Accept("mug", items(mug=(2, 2), lamp=(1, 0)))),
        ("a pen, but nobody ordered one", at("at_bench", HERE), item("pen"), Block(Refusal.WRONG_ITEM, "pen")),
        ("a pack of two, one is left", at("at_bench", HERE), item("mug", 2), Block(Refusal.TOO_MANY, "mug")),
        ("a barcode nobody knows", at("at_bench", HERE), item(), Block(Refusal.UNKNOWN_BARCODE)),
        ("a barcode of mug and pen", at("at_bench", HERE), TWINS, Block(Refusal.BARCODE_AMBIGUOUS, "mug, pen")),
        ("cancelled while I packed", at("cancelled"), item("mug"), Block(Refusal.ORDER_CANCELLED)),
        ("frozen while I packed", at("at_bench", HERE, "frozen"), item("mug"), Block(Refusal.ORDER_FROZEN)),
        ("the buyer moved meanwhile", at("at_bench", HERE, "address_changed"), item(), Block(Refusal.ADDRESS_CHANGED)),
        ("another bench took it", at("at_bench", "bench-2"), item("mug"), Refuse(Refusal.NOT_THIS_PARCEL)),
        ("it was verified already", at("verified", HERE), item("mug"), Refuse(Refusal.NOT_THIS_PARCEL)),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_an_item_says(words: str, order: OrderNow, shown: Item, verdict: ItemVerdict) -> None:
    assert judge_item(order, HERE, BOX, shown) == verdict


def test_the_last_piece_completes_the_parcel() -> None:
    before = items(mug=(2, 2), lamp=(1, 0))

    assert judge_item(at("at_bench", HERE), HERE, before, item("lamp")) == Complete(items(mug=(2, 2), lamp=(1, 1)))


# ---- the second opinion: a bag of pieces wanted, a bag of pieces scanned, compared whole ----
SKUS = ("mug", "lamp", "pen")
wants = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 4), min_size=1)
scans = st.lists(st.one_of(st.none(), st.builds(Meaning, st.sampled_from(SKUS), st.integers(1, 3))), max_size=10)


def second_opinion(wanted: Counter[str], scanned: list[Meaning | None]) -> list[str]:
    """A word for each scan until the parcel is done or blocked."""
    bag: Counter[str] = Counter()
    words: list[str] = []
    for scan in scanned:
        if scan is None:
            return [*words, "unknown_barcode"]
        more = bag + Counter({scan.sku: scan.pieces})
        if scan.sku not in wanted:
            return [*words, "wrong_item"]
        if more - wanted:
            return [*words, "too_many"]
        bag = more
        words.append("complete" if bag == wanted else "accepted")
        if bag == wanted:
            return words
    return words


def lived(wanted: dict[str, int], scanned: list[Meaning | None]) -> list[str]:
    """The same through the rule."""
    now = items(**{sku: (count, 0) for sku, count in wanted.items()})
    words: list[str] = []
    for scan in scanned:
        verdict = judge_item(at("at_bench", HERE), HERE, now, Item((scan,) if scan else ()))
        if isinstance(verdict, Block):
            return [*words, str(verdict.reason)]
        assert isinstance(verdict, Accept | Complete)
        now = verdict.items
        words.append("complete" if isinstance(verdict, Complete) else "accepted")
        if isinstance(verdict, Complete):
            return words
    return words


@settings(max_examples=300, deadline=None)
@given(wants, scans)
def test_the_rule_and_the_second_opinion_agree(wanted: dict[str, int], scanned: list[Meaning | None]) -> None:
    assert lived(wanted, scanned) == second_opinion(Counter(wanted), scanned)


@pytest.mark.parametrize("goal", ["complete", "wrong_item", "too_many", "unknown_barcode", "accepted"])
def test_the_parcels_we_try_reach_every_verdict(goal: str) -> None:
    find(st.tuples(wants, scans), lambda case: goal in lived(*case))


statuses = st.sampled_from(
    ["imported", "waved", "picked", "at_bench", "verified", "released", "exception", "cancelled"]
)


@settings(max_examples=300, deadline=None)
@given(statuses, st.sampled_from(["", HERE, "bench-2"]), wants, st.builds(Meaning, st.sampled_from(SKUS)))
def test_nothing_is_ever_complete_unless_the_order_is_at_this_bench(
    status: str, station: str, wanted: dict[str, int], meaning: Meaning
) -> None:
    one_missing = items(**{sku: (count, count - (sku == meaning.sku)) for sku, count in wanted.items()})
    verdict = judge_item(at(status, station), HERE, one_missing, Item((meaning,)))

    complete = status == "at_bench" and station == HERE and meaning.sku in wanted
    assert isinstance(verdict, Complete) == complete
