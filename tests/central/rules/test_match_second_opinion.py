"""Items with serial numbers and lots, keyed counts and proofs against a second opinion.

The rule asks one question after the other and stops at the first complaint. The second opinion gathers every complaint
that a case deserves, each by itself and from bags of pieces and sets of days, and names the worst.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import example, find, given, settings
from hypothesis import strategies as st

from central.rules.match import (
    Accept,
    Block,
    Complete,
    CountVerdict,
    ItemVerdict,
    Known,
    Meaning,
    OrderNow,
    Proven,
    Refuse,
    Seen,
    Want,
    judge_count,
    judge_item,
    judge_proof,
)
from central.rules.rule_names import RULE_OF
from central.rules.verdicts import Tracking
from tests.central.rules.packers import HERE, TODAY, at, item, items
from wire.phrases import Refusal

NEAR, FAR = TODAY + 2, TODAY + 9
WORST_FIRST = (
    *("order_cancelled", "not_this_parcel", "order_frozen", "order_on_hold", "risk_control", "address_changed"),
    *("other_warehouse", "too_many", "one_by_one", "serial_wanted", "serial_known", "lot_wanted", "lot_unknown"),
    *("lot_expired", "lot_not_first"),
)
HOLDS = {"frozen": "order_frozen", "on_hold": "order_on_hold"}  # the others are called alike in both places


class Case(NamedTuple):
    """An item at a bench, and all that the record knows at that moment."""

    order: OrderNow
    asked: int
    packed: int
    pieces: int
    tracking: Tracking
    seen: Seen
    known: Known


class Keyed(NamedTuple):
    """A count keyed at a bench."""

    order: OrderNow
    asked: int
    packed: int
    keyed: int
    last: Meaning


tracked: st.SearchStrategy[Tracking] = st.sampled_from(["", "serial", "lot", "lot_expiry"])
texts, days = st.sampled_from(["", "X", "X"]), st.sampled_from([0, TODAY - 1, TODAY, NEAR, FAR])
knowns = st.builds(
    Known,
    today=st.just(TODAY),
    serial_in=st.sampled_from(["", "8"]),
    keeps_lots=st.booleans(),
    lot_kept=st.booleans(),
    expiry_day=days,
    first_lot=st.just("A1"),
    first_day=st.sampled_from([0, TODAY, NEAR]),
    tolerance_days=st.sampled_from([0, 2, 7]),
).filter(lambda known: known.keeps_lots or not (known.lot_kept or known.first_day or known.expiry_day))
holds = st.sampled_from(["", "", "", *HOLDS, "risk_control", "address_changed", "other_warehouse"])
statuses, benches = (
    st.sampled_from([*["at_bench"] * 6, "picked", "cancelled"]),
    st.sampled_from([*[HERE] * 4, "bench-2"]),
)
orders = st.builds(at, statuses, benches, holds)
asked_and_packed = st.tuples(st.integers(1, 4), st.integers(0, 4)).map(lambda pair: (pair[0], min(pair)))
cases = st.builds(
    lambda order, counts, pieces, tracking, seen, known: Case(
        order, counts[0], counts[1], pieces, tracking, seen, known
    ),
    orders,
    asked_and_packed,
    st.integers(1, 2),
    tracked,
    st.builds(Seen, texts, texts, days),
    knowns,
)
counts = st.builds(
    lambda order, counts, keyed, last: Keyed(order, counts[0], counts[1], keyed, last),
    orders,
    asked_and_packed,
    st.integers(1, 6),
    st.builds(Meaning, st.just("nut"), st.just(1), tracked, st.booleans()),
)


def of_order(order: OrderNow) -> set[str]:
    """What is wrong with the order, whatever was scanned."""
    wrong = {HOLDS.get(order.hold, order.hold)} - {""}
    if order.status == "cancelled":
        wrong.add("order_cancelled")
    if {order.status, order.station} != {"at_bench", HERE}:
        wrong.add("not_this_parcel")
    return wrong


def of_serial(case: Case) -> set[str]:
    wrong = {"one_by_one"} if case.pieces > 1 else set()
    return (
        wrong
        | ({"serial_known"} if case.seen.serial and case.known.serial_in else set())
        | (set() if case.seen.serial else {"serial_wanted"})
    )


def of_lot(case: Case) -> set[str]:
    """From the days on which the lot may be sold, as print and record have it."""
    known, year = case.known, set(range(TODAY - 1, TODAY + 365))
    if not case.seen.lot:
        return {"lot_wanted"}
    ends = {case.seen.expiry_day, known.expiry_day} - {0}
    good = year.intersection(*(range(TODAY - 1, end + 1) for end in ends))
    wrong = set() if TODAY in good else {"lot_expired"}
    if known.keeps_lots and not known.lot_kept:
        wrong.add("lot_unknown")
    if case.tracking == "lot_expiry":
        later = sorted(day for day in good if day > known.first_day)  # days it outlives the first by
        outlives = known.first_day and later[known.tolerance_days :]
        wrong |= {"lot_not_first"} if outlives else set()
        wrong |= set() if ends or known.lot_kept else {"lot_unknown"}
    return wrong


def second_opinion(case: Case) -> str:
    wrong = of_order(case.order)
    box = Counter(milk=case.packed) + Counter(milk=case.pieces)
    wrong |= {"too_many"} if box - Counter(milk=case.asked) else set()
    wrong |= of_serial(case) if case.tracking == "serial" else of_lot(case) if case.tracking else set()
    return next(
        (word for word in WORST_FIRST if word in wrong), "complete" if box["milk"] == case.asked else "accepted"
    )


def count_opinion(case: Keyed) -> str:
    """A box is a heap of pieces, and the last word on it is how many lie there."""
    stopped = of_order(case.order)
    if stopped:
        return next(word for word in WORST_FIRST if word in stopped)
    heap, scanned, wanted = (Counter(nut=pieces) for pieces in (case.keyed, case.packed, case.asked))
    if case.last.tracking or not case.last.key_count or not +scanned:
        return "count_not_allowed"
    if scanned - heap:
        return "count_too_low"
    return "too_many" if heap - wanted else "accepted" if wanted - heap else "complete"


def in_a_word(verdict: ItemVerdict | CountVerdict) -> str:
    match verdict:
        case Want(_, what):
            return f"{what}_wanted"
        case Refuse(reason) | Block(reason):
            return str(reason)
        case Complete():
            return "complete"
        case Accept():
            return "accepted"


def judged(case: Case) -> str:
    box = items(milk=(case.asked, case.packed))
    return in_a_word(judge_item(case.order, HERE, box, item("milk", case.pieces, case.tracking, case.seen, case.known)))


def counted(case: Keyed) -> str:
    return in_a_word(judge_count(case.order, HERE, items(nut=(case.asked, case.packed)), case.last, case.keyed))


EDGE = Known(TODAY, keeps_lots=True, lot_kept=True, expiry_day=FAR, first_lot="A1", first_day=NEAR, tolerance_days=7)


@settings(max_examples=600, deadline=None)
@example(Case(at("at_bench", HERE), 1, 0, 1, "lot_expiry", Seen(lot="X"), EDGE))  # as late as the tolerance allows
@given(cases)
def test_the_rule_and_the_second_opinion_agree_on_items(case: Case) -> None:
    assert judged(case) == second_opinion(case)


@settings(max_examples=300, deadline=None)
@given(counts)
def test_the_rule_and_the_second_opinion_agree_on_counts(case: Keyed) -> None:
    assert counted(case) == count_opinion(case)


@settings(max_examples=200, deadline=None)
@given(orders, st.sampled_from(["L1", "L2", "beans"]))
def test_only_a_boxs_own_label_proves_it_and_only_while_nothing_stops_it(order: OrderNow, shown: str) -> None:
    owner = {"L1": "1", "L2": "2"}.get(shown, "")
    verdict = judge_proof(order, HERE, "L1", shown, owner)

    may_leave = not of_order(order)
    assert (verdict == Proven()) == (may_leave and shown == "L1")
    assert (verdict == Block(Refusal.WRONG_LABEL, "2")) == (may_leave and shown == "L2")
    assert (verdict == Refuse(Refusal.NOT_A_LABEL)) == (may_leave and shown == "beans")


PATIENT = settings(max_examples=5_000, deadline=None)


@pytest.mark.parametrize("goal", ["complete", "accepted", *WORST_FIRST])
def test_the_items_we_try_reach_every_verdict(goal: str) -> None:
    find(cases, lambda case: judged(case) == goal, settings=PATIENT)


@pytest.mark.parametrize(
    "goal",
    ["complete", "accepted", "too_many", "count_too_low", "count_not_allowed", "order_frozen", "order_cancelled"],
)
def test_the_counts_we_try_reach_every_verdict(goal: str) -> None:
    find(counts, lambda case: counted(case) == goal, settings=PATIENT)


def test_every_verdict_of_the_match_has_a_named_rule() -> None:
    assert {*WORST_FIRST, "accepted", "complete", "loaded", "proved"} <= RULE_OF.keys()
