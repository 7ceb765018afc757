"""A packer: fetches a box, scans its label and everything in it, sends it on or sets it aside, as the screen says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Literal

from sim.goods import Unit
from sim.people.bench import AGAIN, ASIDE_DONE, FORGOT, PACKING, READY, Bench, left_the_gate
from sim.people.lane import Lane
from sim.people.pace import Pace
from sim.people.packing import plan
from sim.world import Box, World
from wire.uplink import StationLive

LABEL_S, ITEM_S, SEND_S, ASIDE_S, THINK_S = 1.2, 0.9, 1.5, 2.0, 0.6  # a practised packer's times
SAME_S = 0.5  # before the same barcode again: beyond the bench's quiet window, or it is taken for a repeat
GATE_S_MAX = 8.0  # the lease is 3 s; then the gate holds again
TRIES_MAX = 50  # labels scanned again in a row before the box is put back

End = Literal["left", "aside", "again", "later"]
LATER_S = 0.2  # before a box that is not ready comes to the table again
LATER: Final = frozenset({"not_picked", "at_other_station", "order_on_hold", "order_frozen", "risk_control"})
SHELF: Final = frozenset({"in_exception", "order_cancelled", "already_shipped", "release_unknown", "unknown_label"})
UNFINISHED: Final = frozenset({"packing", "blocked", "badged"})  # states of a bench somebody walked away from


@dataclass(frozen=True)
class Desk:
    """Where a packer works and with what."""

    bench: Bench
    world: World
    lane: Lane
    pace: Pace


async def pack_forever(desk: Desk, may_work: asyncio.Event) -> None:
    """Work box after box while `may_work` is set."""
    while True:
        await may_work.wait()
        box = await desk.lane.next_box()
        if may_work.is_set():
            async with desk.bench.hands:
                await pack(desk, box)
        else:
            desk.lane.put_back(box)


async def pack(desk: Desk, box: Box) -> End:
    """One box until it left, lies aside, or is put back into the lane."""
    end: End = "again"
    for _ in range(TRIES_MAX):
        end = await _attempt(desk, box)
        if end != "again":
            break
        await asyncio.sleep(0.05)
    if end == "aside":
        desk.world.set_aside(box)
    elif end in ("later", "again"):
        await asyncio.sleep(LATER_S)
        desk.lane.put_back(box)
    return end


async def _attempt(desk: Desk, box: Box) -> End:
    """From the label to the end, or to the point where the label must be scanned again."""
    if desk.bench.screen.state in UNFINISHED:
        await put_aside(desk)
    await desk.pace.spend(LABEL_S)
    screen = await desk.bench.scan(box.label)
    if screen.say not in PACKING or screen.label != box.label:
        return await _react(desk, screen)
    scans = plan(box.units, {item.sku: item.asked_pieces for item in screen.items})
    if scans.odd:
        return await _declare(desk, "PL:WRONG-ITEM")
    inside: list[Unit] = []
    desk.world.parcels[box.label] = inside
    for unit in scans.units:
        await desk.pace.spend(ITEM_S)
        if inside and inside[-1].barcode == unit.barcode and desk.pace.speed > 0:
            await asyncio.sleep(SAME_S)
        inside.append(unit)
        screen = await scan_item(desk, unit, screen)
        if left_the_gate(screen):
            return await send_on(desk, box)
        if screen.say not in PACKING:
            return await _react(desk, screen)
    await desk.pace.spend(THINK_S)
    return await _declare(desk, "PL:MISSING")


async def scan_item(desk: Desk, unit: Unit, before: StationLive) -> StationLive:
    """Scan until the screen took it: a repeat that was ignored or a bad read is scanned again."""
    screen = await desk.bench.scan(unit.barcode)
    while screen.say in ("repeat_ignored", "dirty_scan") or _unmoved(screen, before):
        await asyncio.sleep(SAME_S)
        screen = await desk.bench.scan(unit.barcode)
    return screen


def _unmoved(screen: StationLive, before: StationLive) -> bool:
    """True if the bench cannot have heard the scan."""
    same = (screen.items, screen.last_scan_id) == (before.items, before.last_scan_id)
    return same and screen.say in PACKING


async def send_on(desk: Desk, box: Box) -> End:
    """The gate is free: the parcel leaves."""
    desk.world.leave(box.label)
    await desk.pace.spend(SEND_S)
    await desk.bench.shows(READY, GATE_S_MAX)
    return "left"


async def _react(desk: Desk, screen: StationLive) -> End:
    """Do what the screen says when it is not 'go on'."""
    if screen.ticket:
        return await put_aside(desk)
    if screen.say in LATER:
        return "later"
    if screen.say == "repeat_ignored":  # the same label again, too soon
        await asyncio.sleep(SAME_S)
        return "again"
    if screen.say in SHELF:
        return "aside"
    if screen.say in AGAIN or screen.say in READY or screen.say in PACKING:
        return "again"
    await desk.pace.spend(ASIDE_S)
    return "again"


async def _declare(desk: Desk, command: str) -> End:
    screen = await desk.bench.scan(command)
    if screen.ticket:
        return await put_aside(desk)
    return "aside" if screen.say == ASIDE_DONE else await _react(desk, screen)


async def put_aside(desk: Desk) -> End:
    """Set the parcel aside; a bench that forgot it (it restarted) wants its label once more."""
    await desk.pace.spend(ASIDE_S)
    for _ in range(TRIES_MAX):
        screen = await desk.bench.scan("PL:ASIDE")
        if screen.say == ASIDE_DONE:
            return "aside"
        if screen.say in FORGOT:
            return "again"
        await asyncio.sleep(0.05)
    return "again"
