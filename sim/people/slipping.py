"""A packer to whom something goes wrong: the slips that happen at the bench, and what the screen said to each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from central.rules.walk import tote_id
from sim import slips
from sim.floor.site_api import SiteApi
from sim.goods import Unit
from sim.people.bench import left_the_gate
from sim.people.packer import SAME_S, Desk, End, pack, put_aside, scan_item, send_on
from sim.slips import Slip
from sim.world import Box
from wire.uplink import StationLive

DIRT = "69\x02\x7f01"  # what a scanner sends when a cable breaks in the middle of a read
DECLARED = {
    slips.UNREADABLE: "PL:UNREADABLE",
    slips.DAMAGED: "PL:DAMAGED",
    slips.LABEL_DAMAGED: "PL:LABEL-DAMAGED",
}


@dataclass
class SlipDesk:
    """A desk, the outside world that interferes, and what the screen said at a slip, by order."""

    desk: Desk
    api: SiteApi
    said: dict[str, str] = field(default_factory=dict)


async def pack_with(at: SlipDesk, box: Box, slip: Slip | None) -> End:
    """Pack the box as somebody to whom `slip` happens; what is wrong inside the box is there already."""
    match slip.kind if slip else "":
        case slips.CANCELLED:
            return await _cancelled(at, box)
        case slips.ON_HOLD:
            return await _held(at, box)
        case slips.SECOND_LABEL:
            return await _twice(at, box)
        case slips.WRONG_LABEL:
            return await _mislabelled(at, box, slip.other if slip else "")
        case slips.DIRTY | slips.DOUBLE as kind:
            return await _odd_scan(at, box, kind)
        case slips.UNREADABLE | slips.DAMAGED | slips.LABEL_DAMAGED as kind:
            await at.desk.bench.scan(box.label)
            return await _ticketed(at, box, await at.desk.bench.scan(DECLARED[kind]))
    return await pack(at.desk, box)


async def _cancelled(at: SlipDesk, box: Box) -> End:
    """While the packer has the parcel on the table."""
    await at.desk.bench.scan(box.label)
    await at.api.cancel(box.order_no)
    return await _ticketed(at, box, await at.desk.bench.scan(box.units[0].barcode))


async def _held(at: SlipDesk, box: Box) -> End:
    await at.api.hold(box.order_no, "on_hold")
    at.said[box.order_no] = (await at.desk.bench.scan(box.label)).say
    await at.api.hold(box.order_no, "")
    return await pack(at.desk, box)


async def _twice(at: SlipDesk, box: Box) -> End:
    """The label was printed twice; the second one is on another box."""
    end = await pack(at.desk, box)
    if end == "left":
        await asyncio.sleep(SAME_S)
        await _ticketed(at, Box(box.order_no, box.label), await at.desk.bench.scan(box.label))
    return end


async def _mislabelled(at: SlipDesk, box: Box, other: str) -> End:
    """The parcel is begun with its tote; at the end another order's label is stuck on it."""
    bench, zone = at.desk.bench, "A"
    screen = await bench.scan(tote_id(box.order_no, zone))
    screen = await _scan_all(at, box, box.units, screen)
    if screen.say == "scan_box_label":
        screen = await bench.scan(at.desk.world.orders[other].label)
    return await _ticketed(at, box, screen)


async def _odd_scan(at: SlipDesk, box: Box, kind: str) -> End:
    """A read that is dirt, or a trigger pulled twice, before the rest is scanned as it should be."""
    bench, first = at.desk.bench, box.units[0]
    inside: list[Unit] = []
    at.desk.world.parcels[box.label] = inside
    before = await bench.scan(box.label)
    if kind == slips.DIRTY:
        screen = await bench.scan(DIRT)
        rest = box.units
    else:
        await bench.pull(first.barcode)
        screen = await bench.scan(first.barcode)
        await bench.shows(frozenset({"repeat_ignored", "too_many", "next_item"}), 1.0)
        screen, rest = bench.screen, box.units[1:]
        inside.append(first)
    at.said[box.order_no] = "repeat_ignored" if screen.ignored_repeats > before.ignored_repeats else screen.say
    if screen.ticket:
        return await _ticketed(at, box, screen)
    screen = await _scan_all(at, box, rest, screen)
    return await send_on(at.desk, box) if left_the_gate(screen) else await _ticketed(at, box, screen)


async def _scan_all(at: SlipDesk, box: Box, units: list[Unit], screen: StationLive) -> StationLive:
    for unit in units:
        at.desk.world.parcels.setdefault(box.label, []).append(unit)
        screen = await scan_item(at.desk, unit, screen)
        if screen.ticket or left_the_gate(screen):
            break
    return screen


async def _ticketed(at: SlipDesk, box: Box, screen: StationLive) -> End:
    """The screen should have refused; the parcel is set aside."""
    at.said[box.order_no] = screen.say
    if left_the_gate(screen):
        return await send_on(at.desk, box)
    return await put_aside(at.desk)
