"""A single-item order on a whole floor: an item is scanned, its label comes out, and its own barcode frees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sim.floor.configs import BenchKind
from sim.floor.record import statuses
from sim.label_printer.printer import LabelPrinterSim
from sim.orders import ShopOrder, label_of
from tests.contracts.label_reader import codes_on
from tests.floor.small_floor import SmallFloor, small_floor

pytestmark = [pytest.mark.floor, pytest.mark.timeout(120)]
ORDERS = [ShopOrder(f"O{number}", label_of(number), "Japan", (("MUG-RED", 1),)) for number in (1, 2)]


@asynccontextmanager
async def printing_floor(folder: Path) -> AsyncIterator[tuple[SmallFloor, LabelPrinterSim]]:
    """Two picked orders of one red mug each, at a bench with a printer where an item begins a parcel."""
    printer = LabelPrinterSim(folder / "labels")
    await printer.start()
    try:
        async with small_floor(ORDERS, kind=BenchKind("item_first", printer.port)) as floor:
            await floor.pick_everything()
            yield floor, printer
    finally:
        await printer.aclose()


async def test_the_label_comes_out_at_the_first_scan_and_its_own_barcode_opens_the_gate(tmp_path: Path) -> None:
    async with printing_floor(tmp_path) as (floor, printer):
        left = []
        for number in (1, 2):
            await floor.bench.pull(floor.barcode("MUG-RED"))
            await floor.until(lambda: floor.bench.screen.say == "scan_printed_label")
            (code,) = codes_on(printer.pictures[-1])
            assert code == floor.bench.screen.label
            await floor.bench.pull(code)
            await floor.until(lambda: statuses(floor.warehouse.dir.database)["released"] == number)  # noqa: B023
            await floor.until(lambda: floor.bench.screen.say == "scan_first_item")
            left.append(code)

        assert sorted(left) == sorted(order.label for order in ORDERS)
        assert len(printer.pictures) == 2


async def test_paper_that_is_out_is_said_and_the_same_label_comes_out_later(tmp_path: Path) -> None:
    async with printing_floor(tmp_path) as (floor, printer):
        printer.state.paper_out = True
        await floor.bench.pull(floor.barcode("MUG-RED"))
        await floor.until(lambda: floor.bench.screen.say.startswith("print_"))
        assert statuses(floor.warehouse.dir.database)["released"] == 0

        printer.state.paper_out = False
        await floor.bench.pull("PL:REPRINT:no-label")
        await floor.until(lambda: floor.bench.screen.say == "scan_printed_label")
        await floor.bench.pull(codes_on(printer.pictures[-1])[0])
        await floor.until(lambda: statuses(floor.warehouse.dir.database)["released"] == 1)
