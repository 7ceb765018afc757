"""The bench's screen, made from what the station knows. Pure; small enough for one message whatever the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from edge.packstation.rules import State, Station
from wire.uplink import BenchDevice, GateState, ItemCount, Lamp, SelfTestLive, StationLive

ITEMS_BYTES_MAX: Final = 48_000  # of the 64 kB a node's message may have; 674 lines is the largest order we know
ITEM_BYTES: Final = 64  # the names and numbers of one item, without SKU and title
FEW_ITEMS: Final = 50  # always fit, at 64 characters of SKU and 200 of title


@dataclass(frozen=True)
class Surroundings:
    """What the screen shows besides the parcel. `ignored_repeats` counts since start."""

    gate: GateState = "away"
    scanner_ok: bool = True
    last_scan_id: str = ""
    ignored_repeats: int = 0
    devices: tuple[BenchDevice, ...] = ()
    test_lamp: Lamp | None = None  # while the self-test shows its colours
    tested_utc_ns: int = 0  # when the last self-test was over


def picture(station: Station, around: Surroundings) -> StationLive:
    """What the bench shows now."""
    return StationLive(
        station=station.name,
        state=station.state,
        say=station.say,
        lamp=around.test_lamp or station.lamp,
        gate=around.gate,
        order_no=station.order_no,
        label=station.label,
        detail=station.detail,
        ticket=station.ticket,
        items=fitting(station.items),
        scanner_ok=around.scanner_ok,
        last_scan_id=around.last_scan_id,
        ignored_repeats=around.ignored_repeats,
        count_allowed=station.count_allowed and station.state is State.PACKING,
        devices=around.devices,
        packer=station.packer,
        person=station.person,
        test=_test(station, around),
    )


def _test(station: Station, around: Surroundings) -> SelfTestLive | None:
    if station.state is State.SELF_TEST:
        return SelfTestLive(parts=station.parts, results=station.results)
    if not station.results:
        return None
    return SelfTestLive(parts=station.parts, results=station.results, at_utc_ns=around.tested_utc_ns)


def fitting(items: tuple[ItemCount, ...]) -> tuple[ItemCount, ...]:
    """`items`, or as much of them as a message holds: first their titles go, then what is packed already."""
    if len(items) <= FEW_ITEMS or sum(map(_bytes, items)) <= ITEMS_BYTES_MAX:
        return items
    bare = [msgspec.structs.replace(item, title="") for item in items]
    bare.sort(key=lambda item: item.packed_pieces >= item.asked_pieces)
    room, kept = ITEMS_BYTES_MAX, []
    for item in bare:
        room -= _bytes(item)
        if room < 0:
            break
        kept.append(item)
    return tuple(kept)


def _bytes(item: ItemCount) -> int:
    return ITEM_BYTES + len(item.sku.encode()) + len(item.title.encode())
