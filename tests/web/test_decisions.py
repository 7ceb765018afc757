"""What was decided of a parcel, as the pages of its order and its ticket show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.rules.rule_names import RULE_OF
from central.store.reads import Reads
from central.store.reads_decisions import CapturedPieces, decided_of_attempt, decided_of_order
from central.web.render import make_renderer
from central.web.words import LANGS
from central.web.words_events import KINDS
from central.web.words_rules import RULES, rule_word
from tests.central.paper_floor import PaperFloor
from wire.commands import ImportCatalogue, NewSku
from wire.deeds import ItemScanned, ScanDetail, SetAside


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[PaperFloor]:
    """Order 1 wants a phone with a serial number and a pen; it was packed wrongly, set aside, and begun again."""
    made = PaperFloor(tmp_path)
    made.stock(("A-01-1", "phone", 9), ("B-01-1", "pen", 9))
    phone = NewSku(sku="phone", title="a phone", barcodes=(("=phone", 1),), tracking="serial")
    made.command(ImportCatalogue, skus=(phone,))
    made.order("1", phone=1, pen=1)
    made.wave()
    made.pick_everything()
    first, _ = made.label("L1")
    made.bench(SetAside, first, why="packer")
    again, _ = made.label("L1")
    made.bench(ItemScanned, again, barcode="=phone", detail=ScanDetail(serial="SN-1", raw="]d201…21SN-1"))
    made.item(again, "rubbish")
    yield made
    made.close()


def test_an_orders_page_lists_every_scan_with_its_verdict_and_rule(floor: PaperFloor) -> None:
    reads = Reads(floor.path)
    decided = decided_of_order(reads, "1")
    ticket = reads.tickets()[0]
    reads.close()

    assert sorted((row.text, row.verdict, row.rule) for row in decided.decisions) == [
        ("L1", "loaded", "order_ready"),
        ("L1", "loaded", "order_ready"),
        ("]d201…21SN-1", "accepted", "item_belongs"),
        ("packer", "set_aside", "set_aside"),
        ("rubbish", "unknown_barcode", "one_owner"),
    ]
    assert {row.station for row in decided.decisions} == {"bench-1"}
    assert decided.captured == (CapturedPieces("phone", "a phone", 1, "SN-1", "", "", has_left=False),)
    assert ticket.kind == "unknown_barcode"


def test_a_tickets_page_shows_only_its_own_attempt(floor: PaperFloor) -> None:
    reads = Reads(floor.path)
    decided = decided_of_attempt(reads, reads.tickets()[0].verification)
    reads.close()

    assert {row.text for row in decided.decisions} == {"L1", "]d201…21SN-1", "rubbish"}
    assert len(decided.captured) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_reads_in_both_languages(floor: PaperFloor, lang: str) -> None:
    reads = Reads(floor.path)
    decided = decided_of_order(reads, "1")
    reads.close()

    page = make_renderer().page("part_decisions.html", lang, decided=decided)  # type: ignore[arg-type]

    text = re.sub(r"<[^>]+>", " ", page)
    assert rule_word(lang, "one_owner") in text  # type: ignore[arg-type]
    assert KINDS["unknown_barcode"][LANGS.index(lang)] in text
    assert "SN-1" in text
    assert "]d201…21SN-1" in text


def test_every_rule_has_a_sentence_in_both_languages() -> None:
    assert set(RULE_OF.values()) == set(RULES)
    assert [rule for rule, pair in RULES.items() if not all(pair) or pair[0] == pair[1]] == []
    assert rule_word("en", "set_aside") == ""
