"""Barcode scanners in a node profile: how each is found, what it is set to, and what ends a scan. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from wire.ids import MaybeText
from wire.toml_check import Mistake, did_you_mean

SCANNERS_MAX: Final = 8  # at one bench or zone; two hands, a presentation scanner, and room
KEYS_MAX: Final = 32  # there are no more control characters
_BY_ID: Final = re.compile(r"/dev/input/by-id/")
_USB_ID: Final = re.compile(r"[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}")
KEY_NAMES: Final = (
    *(f"F{number}" for number in range(1, 25)),
    *("INSERT", "DELETE", "HOME", "END", "PAGEUP", "PAGEDOWN", "UP", "DOWN", "LEFT", "RIGHT", "ESC", "BACKSPACE"),
)


class ScannerProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One barcode scanner.

    `serial` is a serial or USB-CDC port, `evdev` a scanner that types, `hidpos` one that reports. The last two are
    chosen by the USB socket they are in (`port`) or by their serial number (`serial`), never by maker and model alone.
    """

    kind: Literal["serial", "evdev", "hidpos"]
    name: MaybeText = ""
    port: Annotated[str, Meta(max_length=4096)] = ""
    serial: Annotated[str, Meta(max_length=64)] = ""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    suffix: Annotated[str, Meta(max_length=4, description='the end of a scan, such as "\\r"; "": silence')] = "\r"
    prefix: Annotated[str, Meta(max_length=4, description='the beginning of a scan, such as "\\u0002"')] = ""
    idle_ms: Annotated[int, Meta(ge=20, le=2000, description="20 to 2000 milliseconds")] = 150
    layout: Literal["us", "de", "fr"] = "us"
    function_keys: Literal["none", "dc1"] = "none"
    control_keys: Annotated[dict[str, str], Meta(max_length=KEYS_MAX)] = {}


Scanners = Annotated[tuple[ScannerProfile, ...], Meta(min_length=1, max_length=SCANNERS_MAX)]


def scanner_mistakes(path: str, tables: object) -> Iterator[Mistake]:
    """What is wrong between the settings of the raw scanner tables at `path`; wrong types are told elsewhere."""
    many = isinstance(tables, list)
    found = tables if isinstance(tables, list) else [tables]
    places: dict[str, str] = {}
    for index, table in enumerate(found):
        if not isinstance(table, Mapping):
            continue
        where = f"{path}[{index}]" if many else path
        yield from _one(where, table)
        place = str(table.get("port") or table.get("serial") or "")
        if place and place in places:
            yield Mistake(where, f"the scanner at {place} is already {places[place]}", "Change one of them")
        places.setdefault(place, where)


def _one(path: str, table: Mapping[str, object]) -> Iterator[Mistake]:
    kind, port, serial = table.get("kind"), str(table.get("port", "")), str(table.get("serial", ""))
    typing = {"layout", "function_keys", "control_keys"} & table.keys()
    if kind == "serial" and not port:
        yield Mistake(f"{path}.port", "missing, a scanner of kind 'serial' needs it", "Add it")
    if kind in ("evdev", "hidpos") and not port and not serial:
        cure = "Add port (`picklight scanners` lists them) or serial"
        yield Mistake(f"{path}.port", "nothing says which of the plugged-in devices it is", cure)
    if _BY_ID.match(port):
        cure = "Use a name below /dev/input/by-path, or the USB socket"
        yield Mistake(f"{path}.port", "two equal scanners share this name", cure)
    if _USB_ID.fullmatch(port) or _USB_ID.fullmatch(serial):
        cure = "Give its USB socket or serial number"
        yield Mistake(f"{path}.port", "maker and model do not tell two equal scanners apart", cure)
    if kind in ("serial", "hidpos") and typing:
        yield Mistake(f"{path}.{min(typing)}", f"a scanner of kind {kind!r} has no keys", "Remove it")
    if kind == "evdev" and table.get("suffix", "\r") not in ("", "\r", "\t"):
        yield Mistake(f"{path}.suffix", "a key ends a scan here", 'Write "\\r" (Enter), "\\t" (Tab) or "" (silence)')
    yield from _key_mistakes(f"{path}.control_keys", table.get("control_keys"))


def _key_mistakes(path: str, keys: object) -> Iterator[Mistake]:
    for key, char in keys.items() if isinstance(keys, Mapping) else ():
        if key not in KEY_NAMES:
            yield Mistake(f"{path}.{key}", "no such key", did_you_mean(str(key), KEY_NAMES))
        if not isinstance(char, str) or len(char) != 1:
            yield Mistake(f"{path}.{key}", "a key stands for one character", 'Write it as "\\u001d"')


def as_scanners(given: ScannerProfile | tuple[ScannerProfile, ...] | None) -> tuple[ScannerProfile, ...]:
    """`[scanner]`, `[[scanner]]` or nothing, as a list."""
    if given is None:
        return ()
    return given if isinstance(given, tuple) else (given,)
