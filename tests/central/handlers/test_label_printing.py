"""Labels printed at the bench: only when contents agree, the same bytes each time, so often; a void one never."""

from __future__ import annotations

from typing import Any

import pytest

from tests.central.paper_floor import PaperFloor
from wire import commands
from wire.answers import LabelWanted, OrderLoaded, Refused, Verified
from wire.commands import NewLabel, Reply
from wire.deeds import LabelPrinted, LabelProved, LabelScanned, ReprintAsked
from wire.phrases import Refusal

ZPL = b"^XA^FO40,40^FDfrom the carrier^FS^XZ"


def begin(floor: PaperFloor, text: str, *, printer: bool = True) -> tuple[str, Any]:
    scan = floor.scan_id()
    deed = LabelScanned(
        station="bench-1", scan_id=scan, label=text, challenge="c" + scan, way="item_first", printer=printer
    )
    return scan, floor.deed("bench-1", deed, f"scan:{scan}")


def prove(floor: PaperFloor, verification: str, label: str) -> Any:
    return floor.bench(LabelProved, verification, label=label)


def reprint(floor: PaperFloor, verification: str, reason: str = "damaged") -> Any:
    return floor.bench(ReprintAsked, verification, reason=reason)


def printed(floor: PaperFloor, wanted: LabelWanted, verification: str, **told: Any) -> None:
    deed = LabelPrinted(
        station="bench-1", verification=verification, asked_by=wanted.scan_id, label=wanted.label, **told
    )
    floor.deed("bench-1", deed, f"print:{wanted.scan_id}")


def send(floor: PaperFloor, *labels: NewLabel) -> Reply:
    return floor.command(commands.ImportLabels, labels=labels)


def void(floor: PaperFloor, label: str, new: str) -> Reply:
    return floor.command(commands.VoidLabel, label=label, new_label=new, reason="smeared")


@pytest.fixture
def mug(floor: PaperFloor) -> PaperFloor:
    """One order of one mug, picked; another of two."""
    floor.stock(("A-01-1", "mug", 20))
    floor.order("1", mug=1)
    floor.order("2", mug=2)
    floor.wave()
    floor.pick_everything()
    return floor


def test_what_the_host_sent_is_printed_as_it_is_and_the_paper_must_be_shown(mug: PaperFloor) -> None:
    assert send(mug, NewLabel(label="L1", document="zpl", body=ZPL)).ok
    verification, wanted = begin(mug, "=mug")

    assert isinstance(wanted, LabelWanted)
    assert wanted.job is not None
    assert (wanted.job.print_kind, wanted.job.body) == ("zpl", ZPL)
    assert isinstance(prove(mug, verification, wanted.label), Verified)


def test_without_a_document_central_makes_a_plain_one_once(mug: PaperFloor) -> None:
    verification, wanted = begin(mug, "=mug")
    again = reprint(mug, verification)

    assert b"^BC" in wanted.job.body
    assert b"^FDL1^FS" in wanted.job.body
    assert again.job == wanted.job
    assert mug.rows("SELECT label, kind, source FROM label_document") == [("L1", "zpl", "central")]


def test_nothing_is_printed_before_the_contents_agree(mug: PaperFloor) -> None:
    tote = mug.rows("SELECT tote_id FROM pick WHERE order_no = '2'")[0][0]
    scan = mug.scan_id()
    deed = LabelScanned(station="bench-1", scan_id=scan, label=tote, challenge="c", printer=True)
    assert isinstance(mug.deed("bench-1", deed, f"scan:{scan}"), OrderLoaded)
    assert reprint(mug, scan).reason == Refusal.NOT_THIS_PARCEL
    assert "job" not in str(mug.item(scan, "=mug"))

    assert mug.item(scan, "=mug").job is not None


def test_a_bench_without_a_printer_looks_for_the_paper(mug: PaperFloor) -> None:
    verification, wanted = begin(mug, "=mug", printer=False)

    assert wanted.job is None
    assert reprint(mug, verification).reason == Refusal.NO_PRINTER


def test_a_second_paper_needs_a_reason_and_is_counted_to_the_limit(mug: PaperFloor) -> None:
    verification, first = begin(mug, "=mug")
    assert reprint(mug, verification, "!").reason == Refusal.BAD_REASON
    papers = [reprint(mug, verification, reason) for reason in ("damaged", "no-label", "damaged")]

    assert [isinstance(paper, LabelWanted) for paper in papers] == [True, True, False]
    assert papers[0].job == papers[1].job == first.job
    assert papers[2].reason == Refusal.REPRINT_LIMIT
    kept = mug.rows("SELECT label, reason FROM label_print ORDER BY asked_utc_ns, scan_id")
    assert kept == [("L1", ""), ("L1", "damaged"), ("L1", "no-label")]


def test_what_surely_did_not_come_out_is_not_counted(mug: PaperFloor) -> None:
    verification, wanted = begin(mug, "=mug")
    for _ in range(5):
        printed(mug, wanted, verification, ok=False, why="paper_out")
        wanted = reprint(mug, verification, "no-label")
        assert isinstance(wanted, LabelWanted)
    printed(mug, wanted, verification, ok=False, why="lost", unsure=True)
    assert isinstance(reprint(mug, verification, "no-label"), LabelWanted)

    assert reprint(mug, verification, "no-label").reason == Refusal.REPRINT_LIMIT


def test_a_parcel_begun_anew_prints_no_second_paper_by_itself(mug: PaperFloor) -> None:
    begin(mug, "=mug")
    tote = mug.rows("SELECT tote_id FROM pick WHERE order_no = '1'")[0][0]
    scan = mug.scan_id()
    deed = LabelScanned(station="bench-1", scan_id=scan, label=tote, challenge="c", printer=True)
    mug.deed("bench-1", deed, f"scan:{scan}")
    wanted = mug.item(scan, "=mug")

    assert isinstance(wanted, LabelWanted)
    assert wanted.job is None


def test_an_answer_that_was_lost_comes_again_with_its_bytes(mug: PaperFloor) -> None:
    _, wanted = begin(mug, "=mug")
    stored = mug.rows("SELECT body FROM scan_answer")[0][0]
    assert len(stored) < 200
    out = mug.apply([mug.nodes["pack-1"].sent[-1]])

    assert wanted in [answer for sent in out for answer in getattr(sent.message, "answers", ())]  # type: ignore[union-attr]


def test_a_void_label_is_refused_in_its_own_words_wherever_it_is_shown(mug: PaperFloor) -> None:
    assert void(mug, "L1", "N1").ok
    verification, wanted = begin(mug, "=mug")

    assert begin(mug, "L1")[1].reason == Refusal.LABEL_VOID
    assert wanted.label == "N1"
    assert prove(mug, verification, "L1").reason == Refusal.LABEL_VOID
    assert isinstance(prove(mug, verification, "N1"), Verified)
    assert mug.tickets() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("L9", "N1", "no order has label L9"),
        ("L1", "L2", "label L2 belongs to order 2"),
        ("L1", "PL:ASIDE", "label 'PL:ASIDE' cannot be scanned"),
    ],
)
def test_a_new_number_needs_a_known_old_one_and_must_be_free(mug: PaperFloor, old: str, new: str, said: str) -> None:
    reply = void(mug, old, new)

    assert not reply.ok
    assert reply.said.startswith(said)


def test_a_label_of_a_parcel_at_a_bench_or_gone_is_not_voided(mug: PaperFloor) -> None:
    verification, wanted = begin(mug, "=mug")
    assert "is at bench-1" in void(mug, "L1", "N1").said
    mug.gate(prove(mug, verification, wanted.label).grant)

    assert "has left" in void(mug, "L1", "N1").said


def test_a_printed_label_keeps_its_bytes_and_a_void_one_takes_none(mug: PaperFloor) -> None:
    first = NewLabel(label="L1", document="zpl", body=ZPL)
    assert send(mug, first).done == 1
    assert send(mug, first).said == "0 labels stored; 1 there already"
    begin(mug, "=mug")
    other = send(mug, NewLabel(label="L1", document="zpl", body=ZPL.replace(b"40", b"50")))
    assert [trouble.what for trouble in other.troubles] == ["label L1 was printed already"]
    void(mug, "L2", "N2")
    late = send(mug, NewLabel(label="L2", document="zpl", body=ZPL))

    assert [trouble.what for trouble in late.troubles] == ["label L2 is void"]


def test_a_file_of_labels_tells_every_mistake_and_stores_none(mug: PaperFloor) -> None:
    reply = send(
        mug,
        NewLabel(label="L1", document="pdf", body=ZPL, line=1),
        NewLabel(label="X9", document="zpl", body=ZPL, line=2),
        NewLabel(label="X8", document="zpl", body=ZPL, order_no="9", line=3),
        NewLabel(label="L2", document="zpl", body=ZPL, order_no="1", line=4),
    )

    assert [(trouble.line, trouble.what) for trouble in reply.troubles] == [
        (1, "label L1: these bytes are no PDF"),
        (2, "no order has label X9"),
        (3, "label X8: no order 9"),
        (4, "label L2 belongs to order 2"),
    ]
    assert mug.rows("SELECT count(*) FROM label_document") == [(0,)]


def test_the_journal_keeps_no_addresses(mug: PaperFloor) -> None:
    send(mug, NewLabel(label="L1", document="zpl", body=ZPL))

    (record,) = mug.rows("SELECT record FROM journal WHERE kind = 'import_labels'")[0]
    assert b"documents" in record
    assert b"XlhB" not in record


def test_a_refused_reprint_leaves_the_parcel_where_it_was(mug: PaperFloor) -> None:
    verification, wanted = begin(mug, "=mug", printer=False)
    assert isinstance(reprint(mug, verification), Refused)

    assert isinstance(prove(mug, verification, wanted.label), Verified)
