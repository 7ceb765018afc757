"""A bad wire: whatever comes back, no press is invented, and the next transaction is good."""

from __future__ import annotations

import asyncio

import pytest

from edge.drivers.ports import BusDown, BusUp, Face, ModuleLost, Pressed
from tests.contracts.light_rig import FIRST, SECOND, THIRD, LightRig, light_rig

BLUE, RED = Face("blue", 7), Face("red", 2)
SPOILED = ["garble", "wrong_unit", "half", "glued", "noise", "refuse", "lost"]


async def press_and_see(rig: LightRig, location: str) -> int:
    """Press until the driver says so, as a person would; how often it took."""
    before, presses = len(rig.presses()), 0
    while len(rig.presses()) == before:
        rig.rack.press(location)
        presses += 1
        try:
            await rig.until(lambda: len(rig.presses()) > before, wait_s_max=1.0)
        except AssertionError:
            assert presses < 5
    return presses


@pytest.mark.parametrize("kind", SPOILED)
@pytest.mark.parametrize("line", ["rtu", "tcp"])
async def test_one_spoiled_reply_is_counted_and_the_next_transaction_is_good(line: str, kind: str) -> None:
    async with light_rig(line, reply_wait_ms=60) as rig:
        await rig.show(FIRST, BLUE)
        rig.rack.spoil(kind, 1)
        await rig.show(SECOND, RED)
        await press_and_see(rig, FIRST)

        assert {location for location, _, _ in rig.presses()} == {FIRST}
        assert rig.faces()[SECOND] == RED
        assert (sum(rig.bus.errors().values()) > 0) == (kind != "glued" or line == "rtu")
        assert not [report for report in rig.reports if isinstance(report, ModuleLost)]


@pytest.mark.parametrize(("kind", "counted"), [("lost", "silent"), ("wrong_unit", "garbled"), ("refuse", "refused")])
async def test_each_fault_is_counted_by_its_kind(kind: str, counted: str) -> None:
    async with light_rig("rtu", reply_wait_ms=60) as rig:
        await rig.show(FIRST, BLUE)
        rig.rack.spoil(kind, 1)
        await rig.until(lambda: rig.bus.errors()[counted] == 1)


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 6, 7, 8, 10, 11])
async def test_a_refusal_of_any_code_is_survived(code: int) -> None:
    async with light_rig("tcp") as rig:
        await rig.show(FIRST, BLUE)
        rig.rack.spoil("refuse", 1, code=code)
        await rig.show(FIRST, RED)

        assert rig.faces()[FIRST] == RED


@pytest.mark.parametrize(
    ("line", "waits"), [("rtu", 0.5), ("rtu", 1), ("rtu", 1.5), ("rtu", 4), ("rtu", 10), ("tcp", 1.5), ("tcp", 10)]
)
async def test_a_late_reply_never_answers_another_request(line: str, waits: float) -> None:
    """The counters of FIRST and SECOND differ by 90, so that a reply taken for another's would be seen as presses."""
    async with light_rig(line, reply_wait_ms=40) as rig:
        for _ in range(90):
            rig.rack.press(FIRST)
        await rig.show(FIRST, BLUE)
        await rig.show(SECOND, RED)
        before = rig.presses()
        rig.rack.spoil("late", 3, ms=int(40 * waits))
        await rig.until(lambda: rig.rack.lines["a"].faults.counts["late"] == 0)
        rig.bus.want(THIRD, Face("green", 1))
        await rig.until(lambda: rig.faces()[THIRD] == Face("green", 1))

        assert rig.presses() == before
        await press_and_see(rig, SECOND)
        assert rig.presses()[len(before) :] == [(SECOND, 1, False)]


async def test_on_a_line_with_a_fifth_of_all_replies_garbled_no_press_is_invented_or_doubled() -> None:
    async with light_rig("rtu", reply_wait_ms=60) as rig:
        await rig.show(FIRST, BLUE)
        await rig.show(SECOND, RED)
        rig.rack.spoil("noise_percent", 20)
        pressed = sum([await press_and_see(rig, FIRST) for _ in range(15)])

        assert sum(times for location, times, _ in rig.presses() if location == FIRST) <= pressed
        assert {location for location, _, _ in rig.presses()} == {FIRST}


@pytest.mark.parametrize("baud", [19_200, 115_200])
async def test_no_frame_breaks_the_silence_before_it_and_none_meets_a_reply(baud: int) -> None:
    async with light_rig("rtu", baud=baud) as rig:
        for pieces in range(1, 8):
            await rig.show(FIRST, Face("blue", pieces))
            await rig.show(SECOND, Face("red", pieces))
            await press_and_see(rig, FIRST)
        counts = rig.line_counts()

        assert (counts["gap_broken"], counts["collisions"]) == (0, 0)
        assert counts["sound"] == counts["requests"] > 20


async def test_a_dead_neighbour_costs_the_lit_ones_a_twentieth_of_the_bus_at_most() -> None:
    async with light_rig("rtu", reply_wait_ms=60) as rig:
        rig.rack.plug(THIRD, on=False)
        await rig.show(FIRST, BLUE)
        await rig.until(lambda: any(isinstance(report, ModuleLost) for report in rig.reports))
        silent, asked = rig.bus.errors()["silent"], rig.bus.counters().transactions
        await rig.until(lambda: rig.bus.counters().transactions >= asked + 300)

        assert (rig.bus.errors()["silent"] - silent) * 30 <= 0.05 * 300 * 5.5 + 60  # no look costs more than 30 ms
        assert isinstance(next(report for report in rig.reports if isinstance(report, ModuleLost)), ModuleLost)
        assert not [report for report in rig.reports if isinstance(report, Pressed)]


async def test_a_gateway_gone_mute_is_one_loss_and_comes_back_with_its_faces() -> None:
    async with light_rig("tcp", reply_wait_ms=40) as rig:
        await rig.show(FIRST, BLUE)
        rig.rack.spoil("mute", 1)
        await rig.until(lambda: any(isinstance(report, BusDown) for report in rig.reports))
        await rig.until(lambda: rig.bus.errors()["gone"] >= 2)
        assert [type(report) for report in rig.reports].count(BusDown) == 1
        rig.bus.want(SECOND, RED)
        rig.rack.spoil("mute", 0)
        await rig.until(lambda: rig.faces()[SECOND] == RED)

        await rig.until(lambda: rig.reports.count(BusUp("a")) == 2)


async def test_while_a_line_is_away_its_owner_waits_between_attempts_however_much_is_wanted() -> None:
    async with light_rig("rtu") as rig:
        await rig.show(FIRST, BLUE)
        await rig.rack.switch_bus("a", on=False)
        await rig.until(lambda: rig.bus.errors()["gone"] >= 1)
        began_s, before = asyncio.get_running_loop().time(), rig.bus.errors()["gone"]
        while asyncio.get_running_loop().time() < began_s + 0.5:
            rig.bus.want(SECOND, RED)
            await asyncio.sleep(0)

        assert rig.bus.errors()["gone"] - before <= 3
