"""Serial numbers, lots, counts and proofs, in a packer's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from central.rules.match import (
    Accept,
    Block,
    Complete,
    CountVerdict,
    Item,
    ItemVerdict,
    Known,
    Meaning,
    ProofVerdict,
    Proven,
    Refuse,
    Seen,
    Want,
    judge_count,
    judge_item,
    judge_proof,
)
from central.rules.verdicts import Tracking
from tests.central.rules.packers import HERE, TODAY, at, item, items
from wire.phrases import Refusal

BOX = items(milk=(3, 1))
ON = at("at_bench", HERE)
ONE_MORE = Accept("milk", items(milk=(3, 2)))
FRESH, OLD, GONE = TODAY + 90, TODAY + 10, TODAY - 1


def milk(tracking: Tracking, lot: str = "", day: int = 0, serial: str = "", **known: object) -> Item:
    """A carton of it, with what was read off it and what the record says."""
    said = replace(Known(today=TODAY, keeps_lots=True, lot_kept=True), **known)  # type: ignore[arg-type]
    return item("milk", 1, tracking, Seen(serial, lot, day), said)


@pytest.mark.parametrize(
    ("words", "shown", "verdict"),
    [
        ("no lot was read yet", milk("lot"), Want("milk", "lot")),
        ("only its day was read", milk("lot_expiry", day=FRESH), Want("milk", "lot")),
        ("a lot we know", milk("lot", "B7"), ONE_MORE),
        ("a lot nobody told us of", milk("lot", "B7", lot_kept=False), Block(Refusal.LOT_UNKNOWN, "B7")),
        ("the site keeps no lots: just note it", milk("lot", "B7", keeps_lots=False, lot_kept=False), ONE_MORE),
        ("good, and the first to go", milk("lot_expiry", "B7", expiry_day=OLD, first_day=OLD), ONE_MORE),
        ("good until today", milk("lot_expiry", "B7", expiry_day=TODAY), ONE_MORE),
        ("off since yesterday", milk("lot_expiry", "B7", expiry_day=GONE), Block(Refusal.LOT_EXPIRED, "B7")),
        ("the carton says it is off", milk("lot", "B7", GONE, expiry_day=FRESH), Block(Refusal.LOT_EXPIRED, "B7")),
        (
            "the record says it is off",
            milk("lot_expiry", "B7", FRESH, expiry_day=GONE),
            Block(Refusal.LOT_EXPIRED, "B7"),
        ),
        (
            "an older lot is still there",
            milk("lot_expiry", "B7", expiry_day=FRESH, first_lot="A1", first_day=OLD),
            Block(Refusal.LOT_NOT_FIRST, "A1"),
        ),
        (
            "an older lot, but near enough",
            milk("lot_expiry", "B7", expiry_day=FRESH, first_lot="A1", first_day=OLD, tolerance_days=80),
            ONE_MORE,
        ),
        (
            "an older lot, one day too far",
            milk("lot_expiry", "B7", expiry_day=FRESH, first_lot="A1", first_day=OLD, tolerance_days=79),
            Block(Refusal.LOT_NOT_FIRST, "A1"),
        ),
        (
            "this one never goes off, that one does",
            milk("lot_expiry", "B7", first_lot="A1", first_day=OLD),
            Block(Refusal.LOT_NOT_FIRST, "A1"),
        ),
        (
            "an older lot, of goods where age is nothing",
            milk("lot", "B7", FRESH, first_lot="A1", first_day=OLD),
            ONE_MORE,
        ),
        (
            "nobody knows how long it is good",
            milk("lot_expiry", "B7", keeps_lots=False, lot_kept=False),
            Block(Refusal.LOT_UNKNOWN, "B7"),
        ),
        ("no serial number was read yet", milk("serial"), Want("milk", "serial")),
        ("a new serial number", milk("serial", serial="SN1"), ONE_MORE),
        ("that one left with order 8", milk("serial", serial="SN1", serial_in="8"), Block(Refusal.SERIAL_KNOWN, "8")),
        (
            "a pack of two with serial numbers",
            item("milk", 2, "serial", Seen("SN1")),
            Refuse(Refusal.ONE_BY_ONE, "milk"),
        ),
        ("one too many, lot or no lot", item("milk", 3, "lot", Seen(lot="B7")), Block(Refusal.TOO_MANY, "milk")),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_a_serial_number_or_lot_says(words: str, shown: Item, verdict: ItemVerdict) -> None:
    assert judge_item(ON, HERE, BOX, shown) == verdict


NUTS = Meaning("nuts", key_count=True)
BAG = items(nuts=(12, 3), bolt=(1, 0))


@pytest.mark.parametrize(
    ("words", "last", "pieces", "verdict"),
    [
        ("ten nuts are in the box", NUTS, 10, Accept("nuts", items(nuts=(12, 10), bolt=(1, 0)), count_allowed=True)),
        ("as many as I scanned", NUTS, 3, Accept("nuts", BAG, count_allowed=True)),
        ("fewer than I scanned", NUTS, 2, Refuse(Refusal.COUNT_TOO_LOW, "nuts")),
        ("one more than ordered", NUTS, 13, Block(Refusal.TOO_MANY, "nuts")),
        ("the site wants each one scanned", Meaning("nuts"), 10, Refuse(Refusal.COUNT_NOT_ALLOWED)),
        ("each has a lot", Meaning("nuts", 1, "lot", key_count=True), 10, Refuse(Refusal.COUNT_NOT_ALLOWED)),
        ("I scanned none yet", Meaning("bolt", key_count=True), 1, Refuse(Refusal.COUNT_NOT_ALLOWED)),
        ("of what?", None, 10, Refuse(Refusal.COUNT_NOT_ALLOWED)),
        ("not in this order", Meaning("pen", key_count=True), 1, Refuse(Refusal.COUNT_NOT_ALLOWED)),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_a_keyed_count_says(words: str, last: Meaning | None, pieces: int, verdict: CountVerdict) -> None:
    assert judge_count(ON, HERE, BAG, last, pieces) == verdict


def test_a_count_completes_a_parcel_and_never_one_that_is_stopped() -> None:
    before = items(nuts=(12, 1))

    assert judge_count(ON, HERE, before, NUTS, 12) == Complete(items(nuts=(12, 12)))
    assert judge_count(at("at_bench", HERE, "frozen"), HERE, before, NUTS, 12) == Block(Refusal.ORDER_FROZEN)
    assert judge_count(at("cancelled"), HERE, before, NUTS, 12) == Block(Refusal.ORDER_CANCELLED)


@pytest.mark.parametrize(
    ("words", "shown", "owner", "verdict"),
    [
        ("this box's label", "L1", "1", Proven()),
        ("the label of order 2", "L2", "2", Block(Refusal.WRONG_LABEL, "2")),
        ("a carton's barcode", "6901234", "", Refuse(Refusal.NOT_A_LABEL)),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_the_label_on_the_box_says(words: str, shown: str, owner: str, verdict: ProofVerdict) -> None:
    assert judge_proof(ON, HERE, "L1", shown, owner) == verdict
