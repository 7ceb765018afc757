"""A warehouse on paper: a real engine on a real database file, and nodes that write lines as the floor would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, text

from central.handlers.engine import Engine
from central.handlers.intake import (
    CommandIn,
    EngineSettings,
    EventIn,
    HelloIn,
    Intake,
    Outgoing,
    Tick,
    ToClient,
    ToNode,
)
from wire import commands
from wire.answers import AnyAnswer
from wire.codec import chain, encode
from wire.commands import AnyCommand, NewBadge, NewLocation, NewOrder, NewSku, OrderLine, Reply
from wire.deeds import AnyDeed, ItemScanned, LabelScanned, ParcelReleased, PickConfirmed, ShortPicked
from wire.downlink import Ack, Desired, Pick, ToteWork
from wire.uplink import Event, Hello, Record

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
SETTINGS = EngineSettings(
    site="paper",
    node_of_zone={"A": "zone-a", "B": "zone-b"},
    node_of_station={"bench-1": "pack-1", "bench-2": "pack-2"},
    wave_orders=0,
)
M = TypeVar("M")


@dataclass
class PaperNode:
    """An outbox on paper: numbers and chains its lines."""

    name: str
    store_id: str = ""
    epoch: int = 1
    seq: int = 0
    head: str = ""
    sent: list[EventIn] = field(default_factory=list)

    def line(self, deed: AnyDeed, intent: str, *, age_ms: int = 0, now_utc_ns: int = 1) -> EventIn:
        """The next line of the journal."""
        record = Record(intent=intent, at_utc_ns=1, mono_ns=1, boot_id="boot", clock="synced", deed=deed)
        return self.raw_line(encode(record), age_ms=age_ms, now_utc_ns=now_utc_ns)

    def raw_line(self, record: bytes, *, age_ms: int = 0, now_utc_ns: int = 1) -> EventIn:
        """The next line with these bytes, whatever they are."""
        self.seq += 1
        event = Event(
            node=self.name, epoch=self.epoch, seq=self.seq, age_ms=age_ms, prev=self.head, record=msgspec.Raw(record)
        )
        self.head = chain(self.head, self.epoch, self.seq, record)
        line = EventIn(event, encode(event), now_utc_ns)
        self.sent.append(line)
        return line

    def hello(self, **changed: Any) -> HelloIn:
        """Its first word."""
        said: dict[str, Any] = {
            "node": self.name,
            "store_id": self.store_id or f"store-of-{self.name}",
            "epoch": self.epoch if self.seq else 0,
            "first_seq": 1,
            "last_seq": self.seq,
            "head": self.head,
            "boot_id": "boot",
            "connects": 1,
            "desired_version": 0,
            "software": "0.1",
            "clock": "synced",
        }
        return HelloIn(Hello(**(said | changed)), 1)


class PaperFloor:
    """The engine and everyone who talks to it."""

    def __init__(self, folder: Path, settings: EngineSettings = SETTINGS) -> None:
        self.path = folder / "site.db"
        self.settings = settings
        self.engine = Engine(self.path, settings, KEY)
        names = dict.fromkeys([*settings.node_of_zone.values(), *settings.node_of_station.values()])
        self.nodes = {name: PaperNode(name) for name in names}
        self.log: list[Intake] = []
        self.desired: dict[str, Desired] = {}
        self._keys = 0
        self._scans = 0
        self.apply([node.hello() for node in self.nodes.values()])

    def close(self) -> None:
        self.engine.close()

    def reopen(self) -> None:
        """Central dies and comes back."""
        self.engine.close()
        self.engine = Engine(self.path, self.settings, KEY)

    def apply(self, batch: Sequence[Intake]) -> list[Outgoing]:
        self.log += batch
        out = self.engine.apply(batch)
        for sent in messages(out, Desired):
            node = next(o.node for o in out if isinstance(o, ToNode) and o.message is sent)
            self.desired[node] = sent
        return out

    # ---- commands ----
    def command(self, kind: Callable[..., AnyCommand], **parts: Any) -> Reply:
        self._keys += 1
        command = kind(key=f"key-{self._keys}", client="page", by="ann", **parts)
        return replies(self.apply([CommandIn(command, 1)]))[0]

    def stock(self, *places: tuple[str, str, int], barcodes: Iterable[tuple[str, str, int]] = ()) -> None:
        """Places as (location "A-01-1", SKU, pieces); each SKU's barcode is `=SKU`, plus `barcodes` (text, SKU, n)."""
        more = list(barcodes)
        skus = dict.fromkeys(sku for _, sku, _ in places)
        new = [
            NewSku(sku=sku, title=f"a {sku}", barcodes=((f"={sku}", 1), *((b, n) for b, s, n in more if s == sku)))
            for sku in skus
        ]
        self.command(commands.ImportCatalogue, skus=tuple(new))
        rows = [
            NewLocation(
                location_id=name, zone=name[0], bay=name[:-2], level=int(name[-1]), sku=sku, on_hand_pieces=count
            )
            for name, sku, count in places
        ]
        reply = self.command(commands.ImportLocations, locations=tuple(rows))
        assert reply.ok, reply

    def order(self, order_no: str, cut_off_utc_s: int = 0, **pieces: int) -> Reply:
        lines = tuple(OrderLine(sku=sku, pieces=count) for sku, count in pieces.items())
        new = NewOrder(order_no=order_no, label=f"L{order_no}", lines=lines, cut_off_utc_s=cut_off_utc_s)
        return self.command(commands.ImportOrders, orders=(new,))

    def wave(self, orders_max: int = 100) -> Reply:
        return self.command(commands.PlanWave, orders_max=orders_max)

    def badge(self, badge: str, person: str, role: Any) -> None:
        self.command(commands.ImportBadges, badges=(NewBadge(badge=badge, person=person, role=role),))

    def tick(self, now_utc_ns: int = 1) -> list[Outgoing]:
        return self.apply([Tick(now_utc_ns)])

    # ---- pickers ----
    def lit(self, zone: str) -> list[tuple[ToteWork, Pick]]:
        """Every pick the zone's node was told of, done or not."""
        work = self.desired[self.settings.node_of_zone[zone]].zone
        return [(tote, pick) for tote in (work.totes if work else ()) for pick in tote.picks]

    def confirm(self, zone: str, tote: ToteWork, pick: Pick) -> EventIn:
        deed = PickConfirmed(
            zone=zone,
            pick_id=pick.pick_id,
            tote_id=tote.tote_id,
            location_id=pick.location_id,
            sku=pick.sku,
            picked_pieces=pick.pieces,
        )
        return self.node_of(zone).line(deed, f"pick:{pick.pick_id}")

    def short(self, zone: str, tote: ToteWork, pick: Pick, found: int = 0, in_hand: tuple[str, ...] = ()) -> EventIn:
        deed = ShortPicked(
            zone=zone,
            pick_id=pick.pick_id,
            tote_id=tote.tote_id,
            location_id=pick.location_id,
            sku=pick.sku,
            asked_pieces=pick.pieces,
            found_pieces=found,
            in_hand=in_hand,
        )
        return self.node_of(zone).line(deed, f"pick:{pick.pick_id}")

    def pick_everything(self) -> None:
        """Every zone confirms all it was told, until nothing is lit."""
        for zone in self.settings.node_of_zone:
            self.apply([self.confirm(zone, tote, pick) for tote, pick in self.lit(zone)])

    def node_of(self, place: str) -> PaperNode:
        return self.nodes[{**self.settings.node_of_zone, **self.settings.node_of_station}[place]]

    # ---- packers ----
    def scan_id(self) -> str:
        self._scans += 1
        return f"scan-{self._scans}"

    def deed(self, station: str, deed: AnyDeed, intent: str, *, age_ms: int = 0) -> AnyAnswer | None:
        """Journal the deed at the bench; the answer that came back with the acknowledgement."""
        out = self.apply([self.node_of(station).line(deed, intent, age_ms=age_ms)])
        answers = [answer for ack in messages(out, Ack) for answer in ack.answers]
        return answers[0] if answers else None

    def label(self, label: str, station: str = "bench-1", *, age_ms: int = 0, packer: str = "") -> tuple[str, Any]:
        """(verification, answer)."""
        scan = self.scan_id()
        deed = LabelScanned(station=station, scan_id=scan, label=label, challenge="c" + scan, packer=packer)
        return scan, self.deed(station, deed, f"scan:{scan}", age_ms=age_ms)

    def item(self, verification: str, barcode: str, station: str = "bench-1", *, age_ms: int = 0) -> Any:
        scan = self.scan_id()
        deed = ItemScanned(station=station, scan_id=scan, verification=verification, barcode=barcode)
        return self.deed(station, deed, f"scan:{scan}", age_ms=age_ms)

    def bench(self, kind: Callable[..., AnyDeed], verification: str, station: str = "bench-1", **parts: Any) -> Any:
        scan = self.scan_id()
        deed = kind(station=station, scan_id=scan, verification=verification, **parts)
        return self.deed(station, deed, f"scan:{scan}")

    def gate(self, grant: Any, station: str = "bench-1") -> None:
        deed = ParcelReleased(
            station=station, order_no=grant.grant.order_no, label=grant.grant.label, grant_id=grant.grant.grant_id
        )
        self.deed(station, deed, f"release:{grant.grant.grant_id}")

    # ---- what the record says ----
    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        engine = create_engine(f"sqlite:///{self.path}")
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(sql), values)]
        finally:
            engine.dispose()

    def status(self, order_no: str) -> str:
        return str(self.rows("SELECT status FROM orders WHERE order_no = :n", n=order_no)[0][0])

    def shelf(self, location_id: str) -> tuple[int, int]:
        """(on hand, reserved)."""
        row = self.rows("SELECT on_hand, reserved FROM location WHERE location_id = :n", n=location_id)[0]
        return (int(row[0]), int(row[1]))

    def tickets(self) -> list[tuple[str, str, str]]:
        """(kind, stage, status) of every ticket."""
        return [(k, s, t) for k, s, t in self.rows("SELECT kind, stage, status FROM ticket ORDER BY ticket")]


def messages(out: Iterable[Outgoing], kind: type[M]) -> list[M]:
    """Messages of one kind to nodes."""
    return [sent.message for sent in out if isinstance(sent, ToNode) and isinstance(sent.message, kind)]


def replies(out: Iterable[Outgoing]) -> list[Reply]:
    """Replies to clients."""
    return [sent.reply for sent in out if isinstance(sent, ToClient)]
