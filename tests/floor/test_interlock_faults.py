"""Interlocks that fail on a whole floor: the bench says what failed, and central has it in a ticket, in words."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from central.web.words_events import KINDS
from edge.packstation.guard.rules import Go
from edge.packstation.guard.table import TABLE
from sim.floor.configs import Table, table
from sim.floor.launch import guard_of
from sim.orders import ShopOrder, label_of
from tests.floor.small_floor import SmallFloor, small_floor
from wire.phrases import PHRASE_MAX, PHRASES

STATION = "bench-1"
ORDERS = [ShopOrder(f"O{number}", label_of(number), "Japan", (("MUG-RED", 1),)) for number in (1, 2)]
OF_THE_GUARD = {rule.fault for row in TABLE.values() for rule in row.values() if isinstance(rule, Go) and rule.fault}
FAULTS = sorted(OF_THE_GUARD | {"guard_away"})
LOCK: Table = {"kind": "tote_lock", "line": 23, "sense_line": 24, "released_line": 26}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_guard_has_words_for_the_bench_and_for_the_ticket(fault: str) -> None:
    said = PHRASES[f"gate_{fault}"]

    assert 0 < len(said.en) <= PHRASE_MAX
    assert 0 < len(said.zh) <= PHRASE_MAX
    assert all(KINDS[fault])


@pytest.mark.floor
@pytest.mark.timeout(120)
async def test_each_fault_reaches_the_bench_a_ticket_and_its_page() -> None:
    async with small_floor(ORDERS) as floor:
        await floor.pick_everything()
        for mock, fault in (("forced", "forced"), ("contradicting", "sense_fault"), ("e_stop", "e_stop")):
            await with_mock(floor, mock)
            await seen(floor, fault)
        for order, (mock, fault) in zip(ORDERS, (("stuck", "stuck"), ("welded", "welded")), strict=True):
            await with_mock(floor, mock)
            await floor.until(lambda: floor.bench.screen.say == "scan_label")
            await floor.bench.scan(order.label)
            await floor.bench.scan(floor.barcode("MUG-RED"))
            await seen(floor, fault)

        page = (await floor.api.get(f"/tickets/{(await ticket(floor))['ticket']}")).decode()
        assert all(KINDS[fault][0] in page for fault in ("forced", "sense_fault", "e_stop", "stuck", "welded"))
        assert PHRASES["gate_welded"].en in page
        await with_mock(floor, "none")
        await floor.until(lambda: floor.bench.screen.gate == "holding")
        await alarm_over(floor)


async def with_mock(floor: SmallFloor, fault: str) -> None:
    """Another guard at the bench: a gate and a tote lock, the lock with this fault."""
    file = floor.warehouse.dir.guard_file(STATION)
    head = file.read_text(encoding="utf-8").partition("[mock]")[0].partition('[[interlock]]\nkind = "tote')[0]
    if "estop_line" not in head:
        head = "estop_line = 16\n" + head
    mock: Table = {"move_ms": 10, "pass_after_ms": 70, "fault": fault, "fault_at": "tote_lock", "fault_after_ms": 300}
    file.write_text("\n".join([head, table("[[interlock]]", LOCK), table("[mock]", mock)]), encoding="utf-8")
    child = floor.warehouse.children[guard_of(STATION)]
    before = child.pid
    if before is not None:
        os.kill(before, signal.SIGKILL)
    await floor.until(lambda: child.pid not in {None, before})


async def seen(floor: SmallFloor, fault: str) -> None:
    """At the bench, and in the one open ticket about it."""
    await floor.until(lambda: floor.bench.screen.say == f"gate_{fault}")
    for _ in range(200):
        found = await ticket(floor)
        if found and fault in json.dumps(found):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{fault} is in no ticket: {await ticket(floor)}")


async def ticket(floor: SmallFloor) -> dict[str, Any]:
    tickets = json.loads(await floor.api.get("/api/tickets?limit=10"))
    faults = [one for one in tickets if one["kind"] == "interlock_fault"]
    assert len(faults) <= 1, "one open ticket a bench"
    return json.loads(await floor.api.get(f"/api/tickets/{faults[0]['ticket']}")) if faults else {}


async def alarm_over(floor: SmallFloor) -> None:
    def cleared() -> bool:
        with closing(sqlite3.connect(f"file:{floor.warehouse.dir.database}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT cleared_utc_ns FROM alarm WHERE alarm = 'interlock_fault'").fetchall()
        return len(rows) == 1 and rows[0][0] > 0

    await floor.until(cleared)
