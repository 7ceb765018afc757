"""What every label printer promises: the label came out as it was stored, or the bench knows that it did not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.drivers.bench_ports import DeviceState, PrintOutcome
from edge.drivers.label_bytes import LABEL_BYTES_MAX
from edge.drivers.label_desk import LabelDesk, Way
from edge.drivers.printer_ipp import IppPrinter
from edge.drivers.printer_tcp import TcpPrinter
from sim.label_printer.printer import LabelPrinterSim
from tests.contracts.label_reader import codes_on, pdf, zpl
from tests.contracts.real_cups import Cups
from tests.wire.real_broker import until

CODE = "LP00123456789012"
PRINT_S = 4.0
LOOK_S = 0.1


class Rig:
    """A printer in use, and what came out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printer = LabelPrinterSim(folder / "out")
        self.states: list[DeviceState] = []
        self.cups: Cups | None = None
        self.desk: LabelDesk | None = None

    async def begin(self, kind: str) -> None:
        await self.printer.start()
        if kind == "cups":
            self.cups = Cups(self.folder, self.printer.port)
            await self.cups.start()
        self.desk = LabelDesk(self.way(kind), ("zpl", "pdf"), self.states.append, LOOK_S)
        self.desk.start()
        await self.state("present")

    def way(self, kind: str) -> Way:
        if self.cups is not None:
            return IppPrinter(self.cups.queue, PRINT_S)
        return TcpPrinter("127.0.0.1", self.printer.port, asks_status=kind == "zpl", print_s=PRINT_S)

    async def print(self, label: bytes, language: str = "zpl") -> PrintOutcome:
        assert self.desk is not None
        return await self.desk.print_label(label, "pdf" if language == "pdf" else "zpl", "label 1")

    async def out(self, labels: int = 1) -> list[str]:
        """The barcodes of all labels that came out; waits for so many."""
        await until(lambda: len(self.printer.pictures) >= labels)
        return [code for picture in self.printer.pictures for code in codes_on(picture)]

    async def state(self, state: str) -> DeviceState:
        await until(lambda: bool(self.states) and self.states[-1].state == state)
        return self.states[-1]

    async def end(self) -> None:
        if self.desk is not None:
            await self.desk.aclose()
            await self.desk.aclose()
        if self.cups is not None:
            self.cups.stop()
        await self.printer.aclose()


@pytest.fixture(params=["zpl", "raw", "cups"])
async def rig(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    rig = Rig(tmp_path)
    await rig.begin(request.param)
    yield rig
    await rig.end()


@pytest.fixture
async def zebra(tmp_path: Path) -> AsyncIterator[Rig]:
    """The kind that answers ~HS."""
    rig = Rig(tmp_path)
    await rig.begin("zpl")
    yield rig
    await rig.end()


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[tuple[Rig, Cups]]:
    """The kind behind CUPS."""
    rig = Rig(tmp_path)
    await rig.begin("cups")
    assert rig.cups is not None
    yield rig, rig.cups
    await rig.end()


async def test_a_label_comes_out_with_the_barcode_that_was_stored(rig: Rig) -> None:
    assert (await rig.print(zpl(CODE))).result == "accepted"
    assert await rig.out() == [CODE]

    assert (await rig.print(pdf("RR473124829GB"), "pdf")).result == "accepted"
    assert await rig.out(2) == [CODE, "RR473124829GB"]


async def test_labels_come_out_in_the_order_asked(rig: Rig) -> None:
    codes = [f"LP0000000000000{number}" for number in range(3)]
    for code in codes:
        assert (await rig.print(zpl(code))).result == "accepted"

    assert await rig.out(3) == codes


async def test_what_is_no_label_is_not_sent(rig: Rig) -> None:
    for label, language, why in (
        (b"x" * (LABEL_BYTES_MAX + 1), "zpl", "too_large"),
        (b"hello", "zpl", "wrong_language"),
        (pdf(CODE), "zpl", "wrong_language"),
        (zpl(CODE), "pdf", "wrong_language"),
    ):
        outcome = await rig.print(label, language)
        assert (outcome.result, outcome.why) == ("failed", why)
    assert rig.printer.pictures == []


async def test_a_second_label_at_the_same_time_fails_and_the_first_comes_out(rig: Rig) -> None:
    first, second = await asyncio.gather(rig.print(zpl(CODE)), rig.print(zpl("LP00000000000002")))

    assert (first.result, second.result, second.why) == ("accepted", "failed", "busy")
    assert await rig.out() == [CODE]


async def test_a_printer_that_is_away_is_missed_and_back_without_a_restart(tmp_path: Path) -> None:
    for kind in ("zpl", "raw"):
        rig = Rig(tmp_path / kind)
        await rig.begin(kind)
        await rig.printer.aclose()
        assert (await rig.state("absent")).why
        outcome = await rig.print(zpl(CODE))
        assert (outcome.result, outcome.why) == ("failed", "absent")

        await rig.printer.start(rig.printer.port)
        await rig.state("present")
        assert (await rig.print(zpl(CODE))).result == "accepted"
        await rig.end()


# ---- where the printer says what is wrong ----


@pytest.mark.parametrize("mute", [False, True], ids=["answers", "mute"])
@pytest.mark.parametrize(
    ("fault", "why"), [("paper_out", "paper_out"), ("head_open", "head_open"), ("ribbon_out", "ribbon_out")]
)
async def test_before_a_byte_is_sent_paper_ribbon_and_head_are_asked_for(
    zebra: Rig, fault: str, why: str, mute: bool
) -> None:
    setattr(zebra.printer.state, fault, True)
    zebra.printer.state.mute_in_trouble = mute

    outcome = await zebra.print(zpl(CODE))
    assert (outcome.result, outcome.why) == ("failed", "no_word" if mute else why)
    assert (await zebra.state("refused")).why

    setattr(zebra.printer.state, fault, False)
    await zebra.state("present")
    assert await zebra.print(zpl(CODE)) == PrintOutcome("accepted", confirmed=True)
    assert await zebra.out() == [CODE]  # what failed did not come out later


async def test_a_label_is_accepted_only_once_it_is_printed(zebra: Rig) -> None:
    zebra.printer.state.print_s = 0.5

    assert (await zebra.print(zpl(CODE))).confirmed
    assert len(zebra.printer.pictures) == 1


async def test_paper_that_ends_under_a_label_leaves_it_unknown_and_it_does_not_come_out_later(zebra: Rig) -> None:
    zebra.printer.state.labels_left = 0

    outcome = await zebra.print(zpl(CODE))
    assert (outcome.result, outcome.why) == ("unknown", "paper_out")

    zebra.printer.state.labels_left, zebra.printer.state.paper_out = -1, False
    await until(lambda: not zebra.printer.state.waiting)
    assert (await zebra.print(zpl("LP00000000000002"))).result == "accepted"
    assert await zebra.out() == ["LP00000000000002"]


@pytest.mark.parametrize("rig", ["zpl", "raw"], indirect=True)  # CUPS holds the connection, and sends again
async def test_a_connection_that_breaks_under_a_label_leaves_it_unknown(rig: Rig) -> None:
    rig.printer.state.hang_up_after_bytes = 1000

    outcome = await rig.print(zpl(CODE) + b"^XA^FX" + b"x" * 2000 + b"^XZ")
    assert (outcome.result, outcome.why) == ("unknown", "lost")


async def test_a_printer_that_never_ends_is_given_up_in_time(zebra: Rig) -> None:
    zebra.printer.state.print_s = 3600
    began = time.monotonic()

    assert (await zebra.print(zpl(CODE))).result == "unknown"
    assert time.monotonic() - began < 3 * PRINT_S


# ---- behind CUPS ----


async def test_a_job_that_cups_cannot_deliver_is_taken_back(queue: tuple[Rig, Cups]) -> None:
    rig, cups = queue
    await rig.printer.aclose()

    outcome = await rig.print(zpl(CODE))
    assert outcome.result in {"failed", "unknown"}, cups.log()
    assert outcome.why == "absent"

    await rig.printer.start(rig.printer.port)
    await rig.state("present")
    assert (await rig.print(zpl("LP00000000000002"))).result == "accepted"
    assert await rig.out() == ["LP00000000000002"]


async def test_a_stopped_queue_fails_at_once_and_says_so(queue: tuple[Rig, Cups]) -> None:
    rig, cups = queue
    cups.run("cupsdisable", "label")

    outcome = await rig.print(zpl(CODE))
    assert outcome.result == "failed"
    assert "paused" in (await rig.state("refused")).why

    cups.run("cupsenable", "label")
    await rig.state("present")
    assert (await rig.print(zpl(CODE))).result == "accepted"


async def test_a_queue_that_does_not_exist_is_refused(queue: tuple[Rig, Cups]) -> None:
    _, cups = queue
    states: list[DeviceState] = []
    desk = LabelDesk(IppPrinter(cups.queue + "-other", PRINT_S), ("zpl", "pdf"), states.append, LOOK_S)
    desk.start()
    await until(lambda: bool(states))

    assert states[-1].state == "refused"
    assert (await desk.print_label(zpl(CODE), "zpl", "1")).result == "failed"
    await desk.aclose()


async def test_without_cups_the_printer_is_absent(tmp_path: Path) -> None:
    printer = IppPrinter("ipp://127.0.0.1:1/printers/label", PRINT_S)

    assert (await printer.look()).state == "absent"
    assert (await printer.print(zpl(CODE), "zpl", "1")).result == "failed"
