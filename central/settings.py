"""The site file: what one warehouse's central needs to know, checked whole before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from wire.command_codes import DEFAULT_REASONS, REASON_PATTERN
from wire.credentials import CredentialName, credential_file, credential_mistakes
from wire.ids import NAME_PATTERN, MaybeText, Text
from wire.toml_check import Mistake, did_you_mean, read_toml, twice

CUBBIES_MAX: Final = 200  # of one wall; its document stays < 512 kB
REASONS_MAX: Final = 20  # a sheet has room for no more
LINES_MAX: Final = 50  # of an order in a cubby; more do not fit one
RESERVED_NAMES: Final = ("central", "central-writer", "central-web", "floor")  # broker users central makes itself

SiteWord = Annotated[str, Meta(pattern=NAME_PATTERN, description="a-z, 0-9 and -, at most 32 characters")]
Host = Annotated[str, Meta(min_length=1, max_length=253, description='an address of this machine, as "127.0.0.1"')]
Port = Annotated[int, Meta(ge=0, le=65_535, description="a port from 1 to 65535, or 0 for a free one")]
Url = Annotated[str, Meta(max_length=500, description="an address in quotes, or an empty text")]
WaveOrders = Annotated[int, Meta(ge=0, le=5_000, description="0 (waves by hand) to 5000 orders")]
WavesOpen = Annotated[int, Meta(ge=1, le=100, description="1 to 100 waves")]
Reasons = Annotated[
    tuple[Annotated[str, Meta(pattern=REASON_PATTERN, description="letters, digits, - and _, letters first")], ...],
    Meta(min_length=1, max_length=REASONS_MAX, description="1 to 20 words"),
]
Totes = Annotated[int, Meta(ge=1, le=500, description="1 to 500 totes")]


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`production` false (trials, tests) lets the record stand on a disk that forgets."""

    name: SiteWord
    state_dir: Annotated[str, Meta(min_length=1, max_length=4_000, description="a folder in quotes")]
    production: bool = True


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the page is served; port 0 takes a free one and keeps it."""

    host: Host = "127.0.0.1"
    port: Port = 8080


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Empty `url`: central runs a private Mosquitto on `host`:`port`. Beyond loopback the TLS files are needed.

    Each TLS file may be a credential that systemd hands over.
    A `url` (mqtt://host:1883 or mqtts://host:8883) names a broker that somebody else runs.
    """

    url: Url = ""
    host: Host = "127.0.0.1"
    port: Port = 0
    ca_file: Url = ""
    cert_file: Url = ""
    key_file: Url = ""
    ca_credential: CredentialName = ""
    cert_credential: CredentialName = ""
    key_credential: CredentialName = ""


class Waves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Waves of `orders` are planned by themselves while fewer than `open_max` are open; 0 orders: by hand only."""

    orders: WaveOrders = 20
    open_max: WavesOpen = 2
    totes: Literal["parallel", "pass"] = "parallel"  # a tote a zone, or one that goes from zone to zone
    totes_per_zone_max: Totes = 100  # a tote of 12 picks is < 3 kB: the desired state stays < 512 kB; bounded at 2 MiB


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edge node and what it serves: a zone, a pack station, or both."""

    name: SiteWord
    zone: MaybeText = ""
    station: MaybeText = ""


class WallOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A put-to-light wall: its zone, its cubbies in the order in which they are used, the zones it sorts for.

    No `feeds`: every other zone. An order with more than `lines_max` lines collects its own totes instead.
    """

    zone: Annotated[str, Meta(min_length=1, max_length=64, description="the name of a zone")]
    cubbies: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=CUBBIES_MAX, description="1 to 200 names")]
    feeds: tuple[MaybeText, ...] = ()
    lines_max: Annotated[int, Meta(ge=1, le=LINES_MAX, description="1 to 50 lines")] = 20


class Packing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds at every pack station. `reprints_max`: how often one label may be printed again.
    `weigh`: which parcels are weighed; `always`: no bench works without a scale.

    A parcel may be off by the larger of `weight_limit_g` and `weight_limit_percent`; less once `weight_samples` of the
    same contents were weighed. `packing_g`: an empty box with its filling. `overrides`: a second person may let a bench
    go on without a refused item; `photo_required`: where there is a camera, with its photo.
    `offline_manifests`: parcels a bench may pack while central is away, each for `offline_minutes` after it was dealt.
    `lot_tolerance_days`: a lot that is good so much longer than the one that should go first may go as well.
    """

    weigh: Literal["no", "where_scale", "always"] = "where_scale"
    reprints_max: Annotated[int, Meta(ge=0, le=20, description="0 to 20 reprints")] = 2
    packing_g: Annotated[int, Meta(ge=0, le=5_000, description="0 to 5000 grams")] = 60
    weight_limit_g: Annotated[int, Meta(ge=5, le=5_000, description="5 to 5000 grams")] = 30
    weight_limit_percent: Annotated[float, Meta(ge=0, le=50, description="0 to 50 percent")] = 3.0
    weight_samples: Annotated[int, Meta(ge=5, le=1_000, description="5 to 1000 parcels")] = 10
    overrides: bool = True
    override_reasons: Reasons = DEFAULT_REASONS
    photo_required: bool = False
    offline_manifests: Annotated[int, Meta(ge=0, le=200, description="0 (none) to 200 parcels a bench")] = 0
    offline_minutes: Annotated[int, Meta(ge=5, le=1_440, description="5 to 1440 minutes")] = 120
    lot_tolerance_days: Annotated[int, Meta(ge=0, le=3_650, description="0 to 3650 days")] = 0


class Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only where a simulated floor stands behind this site: where its hands are asked."""

    control_url: Url = ""
    control_key_file: Url = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One site. `file` is not a key: it is where these settings were read from."""

    site: Site
    web: Web = Web()
    broker: Broker = Broker()
    waves: Waves = Waves()
    node: tuple[Node, ...] = ()
    wall: tuple[WallOf, ...] = ()
    packing: Packing = Packing()
    floor: Floor = Floor()

    @property
    def state_dir(self) -> Path:
        """Everything this site keeps."""
        return Path(self.site.state_dir)

    @property
    def database(self) -> Path:
        """The site's record."""
        return self.state_dir / "site.db"

    @property
    def access_key_file(self) -> Path:
        """The key that opens the page and the API."""
        return self.state_dir / "access.key"

    @property
    def node_of_zone(self) -> Mapping[str, str]:
        """Which node lights a zone."""
        return {node.zone: node.name for node in self.node if node.zone}

    @property
    def node_of_station(self) -> Mapping[str, str]:
        """Which node runs a pack station."""
        return {node.station: node.name for node in self.node if node.station}


def load_settings(file: Path) -> Settings:
    """The site in `file`; its relative paths count from where the file stands. Raises TomlWrong: every mistake."""
    settings = read_toml(file, Settings, _whole)
    site = msgspec.structs.replace(settings.site, state_dir=_from(file, settings.site.state_dir))
    floor = msgspec.structs.replace(settings.floor, control_key_file=_from(file, settings.floor.control_key_file))
    broker = msgspec.structs.replace(settings.broker, **_tls_files(file, settings.broker))
    return msgspec.structs.replace(settings, site=site, floor=floor, broker=broker)


def is_loopback(host: str) -> bool:
    """True for an address that only this machine can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls_files(file: Path, broker: Broker) -> dict[str, str]:
    """Each TLS file as an absolute path, whether it was named as a file or as a credential."""
    found = {}
    for kind in ("ca", "cert", "key"):
        named, lent = getattr(broker, f"{kind}_file"), credential_file(getattr(broker, f"{kind}_credential"))
        found[f"{kind}_file"] = str(lent) if lent is not None else _from(file, named)
    return found


def _from(file: Path, path: str) -> str:
    return str((file.parent / path).resolve()) if path else ""


def _whole(settings: Settings) -> Iterator[Mistake]:
    yield from _broker_mistakes(settings.broker)
    yield from twice("node", [node.name for node in settings.node], "the name")
    yield from twice("node", [node.zone or f" {node.name}" for node in settings.node], "the zone")
    yield from twice("node", [node.station or f" {node.name}" for node in settings.node], "the station")
    for index, node in enumerate(settings.node):
        if node.name in RESERVED_NAMES:
            yield Mistake(f"node[{index}].name", f"{node.name!r} is central's own", "Choose another name")
        if not node.zone and not node.station:
            yield Mistake(f"node[{index}]", "serves neither a zone nor a station", "Add zone or station")
    yield from _wall_mistakes(settings)
    if settings.floor.control_url and not settings.floor.control_key_file:
        yield Mistake("floor.control_key_file", "missing", "Name the file with the simulated floor's key")


def _wall_mistakes(settings: Settings) -> Iterator[Mistake]:
    zones, walls = settings.node_of_zone.keys(), [wall.zone for wall in settings.wall]
    yield from twice("wall", walls, "the zone")
    for index, wall in enumerate(settings.wall):
        yield from twice(f"wall[{index}].cubbies", list(wall.cubbies), "the cubby")
        if wall.zone not in zones:
            yield Mistake(f"wall[{index}].zone", f"no node serves {wall.zone!r}", did_you_mean(wall.zone, zones))
        for feed in wall.feeds:
            if feed not in zones or feed in walls:
                cure = did_you_mean(feed, [zone for zone in zones if zone not in walls])
                yield Mistake(f"wall[{index}].feeds", f"{feed!r} is no zone that is picked", cure)


def _broker_mistakes(broker: Broker) -> Iterator[Mistake]:
    yield from credential_mistakes("broker", msgspec.structs.asdict(broker))
    if broker.url:
        yield from _url_mistakes(broker)
        return
    missing = [f"{kind}_file" for kind in ("cert", "key") if not _is_given(broker, kind)]
    if not is_loopback(broker.host) and missing:
        cure = "Name the broker's certificate and key, or use 127.0.0.1"
        yield from (Mistake(f"broker.{name}", f"needed to listen on {broker.host}", cure) for name in missing)


def _is_given(broker: Broker, kind: str) -> bool:
    return bool(getattr(broker, f"{kind}_file") or getattr(broker, f"{kind}_credential"))


def _url_mistakes(broker: Broker) -> Iterator[Mistake]:
    try:
        parts = urlsplit(broker.url)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_ok = urlsplit(""), False
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or not port_ok:
        cure = "Write mqtt://host:1883 or mqtts://host:8883"
        yield Mistake("broker.url", f"{broker.url!r} is no broker's address", cure)
    elif parts.username or parts.password:
        yield Mistake("broker.url", "carries a password", "Put it in state_dir/nodes/central-writer/broker.password")
    elif not is_loopback(parts.hostname) and not _is_given(broker, "ca"):
        yield Mistake("broker.ca_file", f"needed to trust {parts.hostname}", "Name the broker's CA certificate")
