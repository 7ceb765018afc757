"""The devices of a bench in a node's profile: scale, label printer, voice, buzzer, camera. Each is optional."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from wire.toml_check import Mistake

DevicePath = Annotated[str, Meta(min_length=1, max_length=4096, description="a path in quotes")]
MaybePath = Annotated[str, Meta(max_length=4096)]


class ScaleProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scale: `sics`, `toledo` (PS60, 8213, 8217) and `nci` on a serial port, `hid` on USB. `unit` is for `toledo`."""

    kind: Literal["sics", "toledo", "nci", "hid"]
    port: DevicePath
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400] = 9600
    parity: Literal["none", "even", "odd"] = "none"
    unit: Literal["g", "kg", "oz", "lb"] = "kg"
    settle_ms: Annotated[int, Meta(ge=200, le=20_000, description="200 to 20000 milliseconds")] = 4000


class PrinterProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A label printer: `tcp` needs `host`, `ipp` needs `queue` (ipp://HOST/printers/NAME), CUPS's or the printer's own.

    `status` False: it does not answer ZPL's ~HS.
    """

    kind: Literal["tcp", "ipp"]
    host: Annotated[str, Meta(max_length=253)] = ""
    tcp_port: Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")] = 9100
    queue: Annotated[str, Meta(max_length=512)] = ""
    languages: Annotated[tuple[Literal["zpl", "pdf"], ...], Meta(min_length=1, max_length=2)] = ("zpl",)
    status: bool = True
    print_ms: Annotated[int, Meta(ge=1000, le=60_000, description="1000 to 60000 milliseconds")] = 15_000


class VoiceProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the bench says aloud, in this order of languages. `recordings`: a folder of LANGUAGE/PHRASE.wav."""

    languages: Annotated[tuple[Literal["zh", "en"], ...], Meta(min_length=1, max_length=2)] = ("zh",)
    recordings: MaybePath = ""
    words_per_minute: Annotated[int, Meta(ge=80, le=400, description="80 to 400 words a minute")] = 160
    player: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)] = ("aplay", "-q")


class BuzzerProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A buzzer: `gpio` is a line of `chip`; `file` is an output the kernel shows at `path`, that takes 0 and 1."""

    kind: Literal["gpio", "file"]
    chip: DevicePath = "/dev/gpiochip0"
    line: Annotated[int, Meta(ge=0, le=511, description="0 to 511")] = 0
    active_low: bool = False
    path: MaybePath = ""


class CameraProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A camera: a program that writes one JPEG of at most 48 kB to its output, or to the file that `{file}` names."""

    command: Annotated[tuple[str, ...], Meta(min_length=1, max_length=32)]
    photo_ms: Annotated[int, Meta(ge=500, le=10_000, description="500 to 10000 milliseconds")] = 3000


class BenchProfile(msgspec.Struct, frozen=True, kw_only=True):
    """All devices of one bench; None: there is none."""

    scale: ScaleProfile | None = None
    printer: PrinterProfile | None = None
    voice: VoiceProfile | None = None
    buzzer: BuzzerProfile | None = None
    camera: CameraProfile | None = None


NO_DEVICES: Final = BenchProfile()
_NEEDS: Final = (
    ("printer", "tcp", "host"),
    ("printer", "ipp", "queue"),
    ("buzzer", "gpio", "line"),
    ("buzzer", "file", "path"),
)


def bench_mistakes(station: Mapping[str, object]) -> Iterator[Mistake]:
    """What is wrong between the keys of a raw [station] table."""
    for name, kind, key in _NEEDS:
        device = station.get(name)
        if isinstance(device, Mapping) and device.get("kind") == kind and device.get(key) in (None, ""):
            yield Mistake(f"station.{name}.{key}", f"missing, a {name} of kind {kind!r} needs it", "Add it")
    printer = station.get("printer")
    if isinstance(printer, Mapping) and printer.get("kind") == "ipp" and printer.get("queue"):
        yield from _queue_mistakes(str(printer["queue"]))


def _queue_mistakes(queue: str) -> Iterator[Mistake]:
    at = urlsplit(queue)
    if at.scheme != "ipp" or not at.hostname or len(at.path) < 2:
        cure = "Write it as ipp://localhost/printers/NAME; lpstat -v lists the names"
        yield Mistake("station.printer.queue", f"{queue[:60]!r} is no ipp address", cure)
