"""A packer declares what no scan can tell: the ticket says what was incomplete, and no more than is known."""

from __future__ import annotations

import json

import pytest

from tests.central.paper_floor import PaperFloor
from wire.answers import AsideNoted, OrderLoaded
from wire.deeds import ProblemDeclared


def test_a_declared_problem_opens_a_ticket_and_frees_the_bench(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    picked.item(verification, "BOX")
    answer = picked.bench(ProblemDeclared, verification, problem="missing_item")

    assert isinstance(answer, AsideNoted)
    assert picked.status("1") == "exception"
    assert picked.rows("SELECT kind, stage, sku FROM ticket") == [("missing_item", "picking", "lamp")]
    assert isinstance(picked.label("L2")[1], OrderLoaded)


@pytest.mark.parametrize("problem", ["missing_item", "damaged_item", "label_damaged"])
def test_a_problem_of_one_of_several_items_names_them_all_as_evidence_and_none_as_the_one(
    picked: PaperFloor, problem: str
) -> None:
    verification, _ = picked.label("L1")
    picked.item(verification, "=mug")
    picked.bench(ProblemDeclared, verification, problem=problem)

    ((sku, evidence),) = picked.rows("SELECT sku, evidence FROM ticket")
    assert sku == ""
    assert [row[1:] for row in json.loads(evidence)][-2:] == [["mug 1/2", "incomplete"], ["lamp 0/1", "incomplete"]]
