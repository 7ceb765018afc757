"""What enters the site's one writer, and what leaves it after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from central.rules.tickets import OVERRIDE_RULES, OverrideRules
from central.rules.wall import Wall
from central.rules.weight import WeightRules
from wire.commands import AnyCommand, Reply
from wire.downlink import AnyDown
from wire.uplink import Event, Hello, Presence


@dataclass(frozen=True)
class HelloIn:
    """A node's first word of a connection."""

    hello: Hello
    received_utc_ns: int


@dataclass(frozen=True)
class EventIn:
    """A journal line as it came; `payload` is kept whole should the line be unreadable.

    `unreadable` says why the envelope itself could not be read (then `event` has no more than node, epoch and seq):
    such a line goes to the dead letters with that reason and is acknowledged.
    """

    event: Event
    payload: bytes
    received_utc_ns: int
    unreadable: str = ""


@dataclass(frozen=True)
class PresenceIn:
    """A node's birth, farewell or will."""

    presence: Presence
    received_utc_ns: int


@dataclass(frozen=True)
class CommandIn:
    """A page, a host or the command line asks for a change."""

    command: AnyCommand
    received_utc_ns: int


@dataclass(frozen=True)
class Tick:
    """Time has passed (every 0.5 s): plan the next wave, try again what could not be allocated."""

    received_utc_ns: int


Intake = HelloIn | EventIn | PresenceIn | CommandIn | Tick


@dataclass(frozen=True)
class ToNode:
    """Publish `message` to `node`."""

    node: str
    message: AnyDown


@dataclass(frozen=True)
class ToClient:
    """Publish `reply` to the client that asked."""

    client: str
    reply: Reply


Outgoing = ToNode | ToClient


@dataclass(frozen=True)
class EngineSettings:
    """What the writer knows of its site.

    `node_of_zone`, `node_of_station`: which node serves which. `wave_orders`: orders in an automatic wave
    (0: waves by hand only). `waves_open_max`: automatic waves open at once. `totes_per_zone_max`: totes sent to a
    zone at a time (100 totes of 13 picks are 300 kB; a desired document stays below 2 MiB whatever this says).
    `walls`: the put-to-light walls. `pass_totes`: one tote an order, from zone to zone; else one a zone.
    `weigh`: which parcels are weighed before they leave, and `weight` by which rules. `packing`: what a second person
    may decide at a bench. `offline_manifests`: parcels each bench may pack without central, for `offline_s` seconds (0:
    none). `reprints_max`: how often one label may be printed again. `lot_tolerance_days`: a lot that is good so much
    longer than the one that should go first may go as well.
    """

    site: str
    node_of_zone: Mapping[str, str] = field(default_factory=dict)
    node_of_station: Mapping[str, str] = field(default_factory=dict)
    wave_orders: int = 20
    waves_open_max: int = 2
    totes_per_zone_max: int = 60
    walls: tuple[Wall, ...] = ()
    pass_totes: bool = False
    weigh: Literal["no", "where_scale", "always"] = "where_scale"
    weight: WeightRules = field(default_factory=WeightRules)
    packing: OverrideRules = OVERRIDE_RULES
    offline_manifests: int = 0
    offline_s: int = 7200
    reprints_max: int = 2
    lot_tolerance_days: int = 0
