"""A node's profile: its devices and its broker. A TOML file, checked whole before anything starts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from edge.profile_broker import BrokerFile, BrokerProfile, broker_mistakes, public_broker
from edge.profile_rules import ButtonPlace, rule_mistakes
from edge.profile_scanner import ScannerProfile, Scanners, scanner_mistakes
from edge.profile_station import StationFile, StationProfile, public_station, station_mistakes
from wire.ids import MaybeText, Name, Text
from wire.toml_check import Mistake, TomlWrong, did_you_mean, read_toml

Path_ = Annotated[str, Meta(min_length=1, max_length=4096, description="a path in quotes")]
Baud = Literal[0, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200]
BUSES_MAX: Final = 32  # one owner thread each
MODULES_MAX: Final = 4000  # per zone; the largest floors asked for have 1,400


class BusProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One light bus. `rtu` needs `port`, `tcp` needs `host`; `profile` names the module model on it.

    `baud`, `tcp_port`, `reply_wait_ms_max` and `gap_us` replace the module profile's own numbers here (0: keep those).
    `gap` "characters": the silence before a frame is 3.5 real characters at any speed, where its devices accept that.
    """

    name: Text
    kind: Literal["rtu", "tcp"]
    profile: Text
    port: Annotated[str, Meta(max_length=4096)] = ""
    baud: Baud = 0
    host: Annotated[str, Meta(max_length=253)] = ""
    tcp_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    reply_wait_ms_max: Annotated[int, Meta(ge=0, le=2000, description="0 to 2000 milliseconds")] = 0
    gap_us: Annotated[int, Meta(ge=0, le=1_000_000, description="0 to 1000000 microseconds")] = 0
    gap: Literal["spec", "characters"] = "spec"


class ModulePlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one light module hangs: unit address on its bus, and its index where a unit carries several.

    `role`: `pick` asks for picks at its location; `bay` is lit while something is lit at a location that begins with
    `covers`; `zone` is lit once the zone has nothing left to pick; `pack_side` is the back of a wall's `cubby`.
    `profile` names the model of this unit where it is not the bus's; `button` says where its button is, if elsewhere.
    """

    location: Text
    bus: Text
    unit: Annotated[int, Meta(ge=1, le=247, description="a Modbus unit from 1 to 247")]
    index: Annotated[int, Meta(ge=0, le=255, description="0 to 255, counted within the unit")] = 0
    role: Literal["pick", "bay", "zone", "pack_side"] = "pick"
    covers: MaybeText = ""
    cubby: MaybeText = ""
    profile: MaybeText = ""
    button: ButtonPlace | None = None


class ZoneProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pick zone: its buses, the module at every location, a scanner where there is one, and how people pick in it.

    `mode`: `discrete` lights all lines of a tote, `sequential` one after the other, `batch` totals over several totes.
    `totes_max` totes are in work at a time; with `induct` each is scanned in first and gets a colour of its own.
    `short`: a short pick found none, or is counted. `zero_check`: a place that should be empty now is looked at.
    `scan_first`: what must be scanned before a press counts.
    """

    id: Text
    buses: tuple[BusProfile, ...] = msgspec.field(name="bus")
    modules: tuple[ModulePlace, ...] = msgspec.field(name="module")
    scanner: ScannerProfile | Scanners | None = None
    mode: Literal["discrete", "sequential", "batch", "wall"] = "discrete"
    totes_max: Annotated[int, Meta(ge=1, le=6, description="1 to 6 totes, one colour each")] = 1
    induct: bool = False
    short: Literal["zero", "count"] = "zero"
    zero_check: bool = False
    scan_first: Literal["no", "location", "item", "both"] = "no"
    undo_s: Annotated[int, Meta(ge=1, le=60, description="1 to 60 seconds")] = 10
    bounce_ms: Annotated[int, Meta(ge=0, le=500, description="0 to 500 milliseconds")] = 40


@dataclass(frozen=True)
class NodeProfile:
    """Everything one node is. `production` False allows an outbox on a disk that forgets (simulated floors, tests)."""

    name: str
    site: str
    state_dir: Path
    production: bool
    broker: BrokerProfile
    zone: ZoneProfile | None
    station: StationProfile | None


class _Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    site: Name
    state_dir: Path_
    production: bool = True


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    node: _Node
    broker: BrokerFile
    zone: ZoneProfile | None = None
    station: StationFile | None = None


def load_node_profile(file: Path) -> NodeProfile:
    """The node described by `file`; relative paths in it start at its folder. Raises TomlWrong with all mistakes."""
    try:
        parsed: _File | None = read_toml(file, _File)
        mistakes: list[Mistake] = []
    except TomlWrong as wrong:
        parsed, mistakes = None, list(wrong.mistakes)
    tree = _tree(file)
    if tree is not None:
        mistakes += _whole(tree)
    if parsed is None or mistakes:
        raise TomlWrong(file, mistakes)
    return _public(parsed, file.resolve().parent)


def _public(parsed: _File, base: Path) -> NodeProfile:
    node, broker, station = parsed.node, parsed.broker, parsed.station
    return NodeProfile(
        name=node.name,
        site=node.site,
        state_dir=base / node.state_dir,
        production=node.production,
        broker=public_broker(broker, base, node.name),
        zone=parsed.zone,
        station=public_station(station, base) if station is not None else None,
    )


# ---- what only a look at the whole file can find; reads the raw tree, so a wrong value elsewhere hides nothing ----


def _tree(file: Path) -> Mapping[str, object] | None:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _whole(tree: Mapping[str, object]) -> Iterator[Mistake]:
    if "zone" not in tree and "station" not in tree:
        yield Mistake("zone", "neither a zone nor a station here", "Add [zone] or [station]")
    yield from broker_mistakes(_table(tree, "broker"))
    yield from zone_mistakes(_table(tree, "zone"))
    yield from station_mistakes(_table(tree, "station"))


def zone_mistakes(zone: Mapping[str, object]) -> Iterator[Mistake]:
    """What is wrong between the parts of a raw [zone] table, whatever else is wrong in it."""
    yield from rule_mistakes(zone)
    yield from scanner_mistakes("zone.scanner", zone.get("scanner"))
    buses, modules = _tables(zone, "bus"), _tables(zone, "module")
    names = [str(bus.get("name")) for bus in buses]
    if len(buses) > BUSES_MAX or len(modules) > MODULES_MAX:
        yield Mistake("zone", f"more than {BUSES_MAX} buses or {MODULES_MAX} modules", "Split it over two nodes")
    for index, bus in enumerate(buses):
        yield from _bus_mistakes(f"zone.bus[{index}]", bus)
    for index, module in enumerate(modules):
        if isinstance(module.get("bus"), str) and module["bus"] not in names:
            yield Mistake(
                f"zone.module[{index}].bus", f"no bus {module['bus']!r}", did_you_mean(str(module["bus"]), names)
            )
    yield from _twice("zone.bus", [(name,) for name in names], "bus {}")
    yield from _twice("zone.module", [(str(m.get("location")),) for m in modules], "location {}")
    places = [(str(m.get("bus")), str(m.get("unit")), str(m.get("index", 0))) for m in modules]
    yield from _twice("zone.module", places, "bus {} unit {} index {}")
    ports = [(str(b["port"]),) if "port" in b else (f"tcp {b.get('host')}:{b.get('tcp_port')}",) for b in buses]
    yield from _twice("zone.bus", ports, "the line at {}")


def _bus_mistakes(path: str, bus: Mapping[str, object]) -> Iterator[Mistake]:
    needs = {"rtu": ("port",), "tcp": ("host",)}.get(str(bus.get("kind")), ())
    for key in needs:
        if not bus.get(key):
            yield Mistake(f"{path}.{key}", f"missing, a bus of kind {bus.get('kind')!r} needs it", "Add it")


def _twice(path: str, names: Sequence[tuple[str, ...]], what: str) -> Iterator[Mistake]:
    seen: dict[tuple[str, ...], int] = {}
    for index, name in enumerate(names):
        if name in seen:
            yield Mistake(
                f"{path}[{index}]", f"{what.format(*name)} is already {path}[{seen[name]}]", "Change one of them"
            )
        seen.setdefault(name, index)


def _table(tree: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = tree.get(key)
    return found if isinstance(found, Mapping) else {}


def _tables(tree: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    found = tree.get(key)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, Iterable) else []
