"""The files a simulated floor is started from: site, node profiles, guards and simulated modules. Values to text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sim.layout import Place
from wire.deeds import Way

SITE = "demo"
BOARD_MODULES = 16  # modules behind one unit of picklight-bay16
DISPLAY_UNITS_MAX = 247  # Modbus addresses on one bus
REPLY_WAIT_MS_MAX = 200  # simulated devices share two cores with everything else and are late now and then
Value = str | int | bool
Table = Mapping[str, Value]
WALL: Final = "WALL"  # the wall's zone; zones that are picked are single letters
Totes = Literal["parallel", "pass"]  # a tote a zone, or one an order, that goes from zone to zone


@dataclass(frozen=True)
class BusKind:
    """How a zone's light bus is built."""

    kind: Literal["rtu", "tcp"]
    profile: Literal["picklight-display", "picklight-bay16"]
    baud: int = 115_200


@dataclass(frozen=True)
class GateTimes:
    """The believable gate (milliseconds): how long its contact takes to follow, and a parcel to pass."""

    move_ms: int
    pass_after_ms: int


@dataclass(frozen=True)
class BrokerAt:
    """Where nodes find the broker, and the folder with each one's password."""

    host: str
    port: int
    nodes_dir: Path


def table(heading: str, values: Table) -> str:
    """One TOML table."""
    return "\n".join([heading, *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""])


def site_toml(
    run_dir: Path, *, port: int, waves: Table, nodes: Iterable[Table], control_url: str, cubbies: Sequence[str] = ()
) -> str:
    """central's site file. The page listens on `port` (0: any free one). `cubbies`: of the put-to-light wall."""
    state_dir = str(run_dir / "central")
    return "\n".join(
        [
            table("[site]", {"name": SITE, "state_dir": state_dir, "production": False}),
            table("[web]", {"host": "127.0.0.1", "port": port}),
            table("[waves]", waves),
            *(table("[[node]]", node) for node in nodes),
            *([f'[[wall]]\nzone = "{WALL}"\ncubbies = {json.dumps(list(cubbies))}\n'] if cubbies else []),
            table("[floor]", {"control_url": control_url, "control_key_file": str(run_dir / "control.key")}),
        ]
    )


def node_head(run_dir: Path, node: str, broker: BrokerAt) -> str:
    """The part every node profile begins with."""
    return "\n".join(
        [
            table("[node]", {"name": node, "site": SITE, "state_dir": str(run_dir / node), "production": False}),
            table(
                "[broker]",
                {
                    "host": broker.host,
                    "port": broker.port,
                    "user": node,
                    "password_file": str(broker.nodes_dir / node / "broker.password"),
                },
            ),
        ]
    )


def zone_part(zone: str, places: Sequence[Place], bus: BusKind, *, port: Path, tcp_port: int) -> str:
    """The [zone] of a node profile, which is also what its simulated modules are made from."""
    line: dict[str, Value] = {"name": "a", "kind": bus.kind, "profile": bus.profile}
    line["reply_wait_ms_max"] = REPLY_WAIT_MS_MAX
    line.update({"port": str(port), "baud": bus.baud} if bus.kind == "rtu" else _tcp(tcp_port))
    modules = (
        table("[[zone.module]]", {"location": place.location_id, "bus": "a", **_address(number, bus)})
        for number, place in enumerate(places)
    )
    return "\n".join([table("[zone]", {"id": zone}), table("[[zone.bus]]", line), *modules])


def wall_part(cubbies: Sequence[str], *, bus_port: Path, scanner_port: Path) -> str:
    """The [zone] of the wall's node: each cubby with a module at its front and one at its pack side."""
    bus = BusKind("rtu", "picklight-bay16")
    line: Table = {"name": "a", "kind": "rtu", "profile": bus.profile, "port": str(bus_port), "baud": bus.baud}
    modules: list[Table] = []
    for cubby in cubbies:
        modules.append({"location": cubby, "bus": "a", **_address(len(modules), bus)})
        back: Table = {"location": back_of(cubby), "role": "pack_side", "cubby": cubby, "bus": "a"}
        modules.append({**back, **_address(len(modules), bus)})
    return "\n".join(
        [
            table("[zone]", {"id": WALL, "mode": "wall"}),
            table("[zone.scanner]", _scanner(scanner_port)),
            table("[[zone.bus]]", {**line, "reply_wait_ms_max": REPLY_WAIT_MS_MAX}),
            *(table("[[zone.module]]", module) for module in modules),
        ]
    )


def back_of(cubby: str) -> str:
    """The module on a cubby's pack side."""
    return f"{cubby}-back"


@dataclass(frozen=True)
class BenchKind:
    """How a bench packs; `printer_port`: of a label printer on this machine, 0: it has none."""

    way: Way = "order_first"
    printer_port: int = 0

    def printer_part(self) -> str:
        """The [station.printer] of a node profile."""
        if not self.printer_port:
            return ""
        return table("[station.printer]", {"kind": "tcp", "host": "127.0.0.1", "tcp_port": self.printer_port})


ORDER_FIRST: Final = BenchKind()


def station_part(
    station: str, *, guard_socket: Path, scanner_port: Path, quiet_window_ms: int, kind: BenchKind = ORDER_FIRST
) -> str:
    """The [station] of a node profile."""
    settings: Table = {
        "name": station,
        "guard_socket": str(guard_socket),
        "answer_wait_ms": 2000,
        "quiet_window_ms": quiet_window_ms,
        "way": kind.way,
    }
    scanner = table("[station.scanner]", _scanner(scanner_port))
    return "\n".join([table("[station]", settings), scanner, kind.printer_part()])


def guard_toml(station: str, *, socket: Path, public_key: Path, gate: GateTimes) -> str:
    """A guard on simulated pins, with a gate and a beam that behave."""
    settings: Table = {
        "station": station,
        "socket": str(socket),
        "grant_public_key_file": str(public_key),
        "lease_ms": 3000,
        "sense_wait_ms": 500,
        "pins": "mock",
        "passed_line": 22,
        "green_line": 5,
        "red_line": 6,
    }
    gate_lines: Table = {"kind": "gate", "line": 17, "sense_line": 27}
    mock: Table = {"move_ms": gate.move_ms, "pass_after_ms": gate.pass_after_ms}
    return "\n".join([table("", settings), table("[[interlock]]", gate_lines), table("[mock]", mock)])


def _scanner(port: Path) -> Table:
    return {"kind": "serial", "port": str(port), "baud": 115_200, "suffix": "\r"}


def _tcp(tcp_port: int) -> dict[str, Value]:
    return {"host": "127.0.0.1", "tcp_port": tcp_port}


def _address(number: int, bus: BusKind) -> dict[str, Value]:
    if bus.profile == "picklight-bay16":
        return {"unit": number // BOARD_MODULES + 1, "index": number % BOARD_MODULES}
    return {"unit": number % DISPLAY_UNITS_MAX + 1, "index": 0}
