"""The folder a simulated floor lives in: where everything is, and the files it is started from."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from central.fleet.broker import address_for
from central.settings import load_settings
from sim.floor.configs import (
    ORDER_FIRST,
    WALL,
    BenchKind,
    BrokerAt,
    BusKind,
    GateTimes,
    Table,
    guard_toml,
    node_head,
    site_toml,
    station_part,
    table,
    wall_part,
    zone_part,
)
from sim.site import SitePlan
from wire.mqtt import BrokerAddress


class WebAddress(msgspec.Struct, frozen=True):
    """web.json, as far as we need it."""

    url: str


@dataclass(frozen=True)
class FloorPlan:
    """What kind of floor: the site, its buses by zone, and how its benches behave."""

    site: SitePlan
    buses: dict[str, BusKind]
    benches: int
    gate: GateTimes
    quiet_window_ms: int
    waves: Table
    port: int = 0
    control_url: str = ""
    models_dir: str = ""  # of the simulated modules; empty: the shipped ones
    modules_program: str = "sim.modules"
    cubbies: int = 0  # of a put-to-light wall; 0: there is none
    kind: BenchKind = ORDER_FIRST  # of its benches
    lights: bool = True  # False: everything is picked, and no zone has a node

    @property
    def stations(self) -> tuple[str, ...]:
        """Names of the benches; each is also its node's name."""
        return tuple(f"bench-{number}" for number in range(1, self.benches + 1))

    @property
    def wall(self) -> tuple[str, ...]:
        """The wall's cubbies, in the order in which they are used."""
        return tuple(f"W-{number:02d}" for number in range(1, self.cubbies + 1))

    @property
    def lit_zones(self) -> tuple[str, ...]:
        """Every zone with light modules: those that are picked, and the wall."""
        if not self.lights:
            return ()
        return (*self.site.zones, *((WALL,) if self.cubbies else ()))


def node_of(zone: str) -> str:
    """The node that lights `zone`."""
    return f"zone-{zone.lower()}"


@dataclass(frozen=True)
class RunDir:
    """One floor's folder."""

    path: Path
    plan: FloorPlan

    @property
    def site_file(self) -> Path:
        """central's settings."""
        return self.path / "site.toml"

    @property
    def central(self) -> Path:
        """central's state."""
        return self.path / "central"

    @property
    def database(self) -> Path:
        """The site's record."""
        return self.central / "site.db"

    @property
    def control_key(self) -> Path:
        """The key of the floor's own hands."""
        return self.path / "control.key"

    def profile(self, node: str) -> Path:
        """A node's profile."""
        return self.path / f"{node}.toml"

    def guard_file(self, station: str) -> Path:
        """A guard's settings."""
        return self.path / f"{station}.guard.toml"

    def guard_socket(self, station: str) -> Path:
        """Where the node reaches its guard."""
        return self.path / f"{station}.sock"

    def scanner_port(self, station: str) -> Path:
        """Where the bench's scanner is plugged in."""
        return self.path / "dev" / f"{station}.scanner"

    def modules_file(self, zone: str) -> Path:
        """Settings of a zone's simulated modules."""
        return self.path / f"m-{zone}.toml"

    def modules_socket(self, zone: str) -> Path:
        """Where the hands of a zone reach its simulated modules."""
        return self.path / f"m-{zone}.sock"

    def log_file(self, name: str) -> Path:
        """What a process says."""
        return self.path / "logs" / f"{name}.log"

    def broker(self) -> BrokerAddress:
        """The broker, for the one client that may only listen."""
        return address_for(load_settings(self.site_file), "floor")

    def url(self) -> str:
        """Where the page is, without its key."""
        found = msgspec.json.decode((self.central / "web.json").read_bytes(), type=WebAddress)
        return found.url.partition("?")[0].rstrip("/")

    def answers(self) -> bool:
        """Does the page's port take connections yet?"""
        if not (self.central / "web.json").exists():
            return False
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", urlsplit(self.url()).port or 80)) == 0

    def key(self) -> str:
        """The key that opens the page and the API."""
        return (self.central / "access.key").read_text(encoding="ascii").strip()

    def make(self) -> None:
        """The folders, and central's settings."""
        for name in ("logs", "dev"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        nodes: list[Table] = [{"name": node_of(zone), "zone": zone} for zone in self.plan.lit_zones]
        nodes += [{"name": station, "station": station} for station in self.plan.stations]
        text = site_toml(
            self.path,
            port=self.plan.port,
            waves=self.plan.waves,
            nodes=nodes,
            control_url=self.plan.control_url,
            cubbies=self.plan.wall,
        )
        self.site_file.write_text(text, encoding="utf-8")

    def write_zone(self, zone: str) -> None:
        """The profile of a zone's node and the settings of its modules. central has chosen the broker's port."""
        part = self._zone_part(zone, self.path / "dev" / f"zone-{zone}.bus")
        control = table("", {"control_socket": str(self.modules_socket(zone)), "models_dir": self.plan.models_dir})
        self.modules_file(zone).write_text(f"{control}\n{part}", encoding="utf-8")
        self._write_profile(node_of(zone), part)

    def _zone_part(self, zone: str, port: Path) -> str:
        if zone == WALL:
            return wall_part(self.plan.wall, bus_port=port, scanner_port=self.scanner_port(node_of(WALL)))
        places = [place for place in self.plan.site.places if place.zone == zone]
        bus = self.plan.buses[zone]
        return zone_part(zone, places, bus, port=port, tcp_port=free_port() if bus.kind == "tcp" else 0)

    def write_station(self, station: str) -> None:
        """The profile of a bench's node and its guard's settings."""
        part = station_part(
            station,
            guard_socket=self.guard_socket(station),
            scanner_port=self.scanner_port(station),
            quiet_window_ms=self.plan.quiet_window_ms,
            kind=self.plan.kind,
        )
        self._write_profile(station, part)
        public_key = self.central / "grant.pub"
        guard = guard_toml(station, socket=self.guard_socket(station), public_key=public_key, gate=self.plan.gate)
        self.guard_file(station).write_text(guard, encoding="utf-8")

    def _write_profile(self, node: str, part: str) -> None:
        address = self.broker()
        broker = BrokerAt(address.host, address.port, self.central / "nodes")
        self.profile(node).write_text(f"{node_head(self.path, node, broker)}\n{part}", encoding="utf-8")


def port_is_free(port: int) -> bool:
    """Could something listen on this port of 127.0.0.1 now?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
