"""A pack station in a node profile. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge.profile_bench import (
    NO_DEVICES,
    BenchProfile,
    BuzzerProfile,
    CameraProfile,
    PrinterProfile,
    ScaleProfile,
    VoiceProfile,
    bench_mistakes,
)
from edge.profile_labels import Labels, label_mistakes
from edge.profile_scanner import ScannerProfile, Scanners, as_scanners, scanner_mistakes
from wire.deeds import Way
from wire.ids import Name
from wire.toml_check import Mistake

Socket = Annotated[str, Meta(min_length=1, max_length=4096, description="a path in quotes")]


@dataclass(frozen=True)
class StationProfile:
    """A pack station: its scanners and other devices, its guard, and how long an answer may take (ms).

    `labels`: the site's own label patterns, each of which must match all of a text. `sign_in`: no parcel begins before
    a badge; after `sign_out_idle_s` without a scan the badge is forgotten, 0: never.
    """

    name: str
    guard_socket: Path
    scanners: tuple[ScannerProfile, ...]
    answer_wait_ms: int
    quiet_window_ms: int
    labels: tuple[str, ...] = ()
    devices: BenchProfile = NO_DEVICES
    sign_in: bool = False
    sign_out_idle_s: int = 0
    way: Way = "order_first"


class StationFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [station] as it is written."""

    name: Name
    guard_socket: Socket
    scanner: ScannerProfile | Scanners
    labels: Labels = ()
    answer_wait_ms: Annotated[int, Meta(ge=100, le=30_000, description="100 to 30000 milliseconds")] = 2000
    quiet_window_ms: Annotated[int, Meta(ge=0, le=5000, description="0 to 5000 milliseconds")] = 400
    way: Way = "order_first"
    sign_in: bool = False
    sign_out_idle_s: Annotated[int, Meta(ge=0, le=43_200, description="0 to 43200 seconds, 0: never")] = 0
    scale: ScaleProfile | None = None
    printer: PrinterProfile | None = None
    voice: VoiceProfile | None = None
    buzzer: BuzzerProfile | None = None
    camera: CameraProfile | None = None


def public_station(station: StationFile, base: Path) -> StationProfile:
    """The station, its paths starting at `base`."""
    return StationProfile(
        name=station.name,
        guard_socket=base / station.guard_socket,
        scanners=as_scanners(station.scanner),
        answer_wait_ms=station.answer_wait_ms,
        quiet_window_ms=station.quiet_window_ms,
        labels=station.labels,
        sign_in=station.sign_in,
        sign_out_idle_s=station.sign_out_idle_s,
        way=station.way,
        devices=BenchProfile(
            scale=station.scale,
            printer=station.printer,
            voice=station.voice,
            buzzer=station.buzzer,
            camera=station.camera,
        ),
    )


def station_mistakes(station: Mapping[str, object]) -> Iterator[Mistake]:
    """What is wrong between the parts of a raw [station] table, whatever else is wrong in it."""
    yield from bench_mistakes(station)
    yield from scanner_mistakes("station.scanner", station.get("scanner"))
    yield from label_mistakes("station.labels", station.get("labels"))
