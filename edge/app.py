"""The composition of a node: profile to drivers, zone, pack station and link, under one supervisor."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from edge.clock import Clock
from edge.drivers.ports import Presence, Scan
from edge.drivers.scanner_self_test import finding_of
from edge.drivers.scanner_text import aim_of
from edge.drivers.scanners import make_scanner, named
from edge.lightbar.pick_work import PickWork, PickZone
from edge.lightbar.wall_work import WallWork, WallZone
from edge.link.outbox import Outbox
from edge.link.session import Link
from edge.log import get_log
from edge.packstation.barcode import ItemText, PlainText, read
from edge.packstation.runner import PackStation
from edge.profile import NodeProfile
from edge.profile_broker import BrokerProfile
from edge.profile_scanner import ScannerProfile, as_scanners
from edge.service.notify import feed_watchdog, notify
from edge.tasks import Supervisor
from wire.answers import AnyAnswer
from wire.downlink import BenchPressed, Desired
from wire.mqtt import BrokerAddress
from wire.uplink import ZoneLive

_log = get_log("edge")


class Node:
    """One node. Raises OutboxUnsafe or OutboxBroken when its disk cannot keep promises, OSError for a password file."""

    def __init__(self, profile: NodeProfile, models: Path) -> None:
        self._profile, self._clock = profile, Clock()
        profile.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._outbox = Outbox(profile.state_dir / "outbox.db", production=profile.production, clock=self._clock)
        self._link = Link(
            self._outbox,
            address_of(profile.broker),
            profile.site,
            profile.name,
            self._clock,
            on_answer=self._answered,
            on_desired=self._desired,
            on_contact=self._contact,
            on_pressed=self._pressed,
            on_turned_away=lambda why: _log.error("turned_away", why=why, to_do="enrol this node at central"),
        )
        self._zone, self._station = self._make_zone(models), self._make_station()
        self._supervisor = Supervisor()

    async def run(self) -> None:
        """Work until cancelled; then lights are put out, the gate holds, and everything recorded stays on the disk."""
        parts = self._supervisor
        parts.add("link", self._link.run)
        if self._zone is not None:
            parts.add("zone", self._zone.run)
        if self._profile.zone is not None:
            for name, scanner in named(as_scanners(self._profile.zone.scanner), self._profile.zone.id):
                parts.add(f"zone scanner {name}", partial(self._scan_totes, name, scanner))
        if self._station is not None:
            parts.add("station", self._station.run)
        parts.add("watchdog", lambda: feed_watchdog(self._progress_ns))
        _log.info("ready", node=self._profile.name, waiting=self._outbox.rows)
        notify("READY=1")
        try:
            await parts.run()
        finally:
            notify("STOPPING=1")
            await asyncio.to_thread(self._outbox.close)

    def _make_zone(self, models: Path) -> PickZone | WallZone | None:
        zone, node, outbox, clock = self._profile.zone, self._profile.name, self._outbox, self._clock
        if zone is None:
            return None
        if zone.mode == "wall":
            return WallZone(WallWork(zone, item_code), zone, node, outbox, clock, tell=self._show_zone, models=models)
        picks = PickWork(zone, clock.mono_ns, item_code)
        return PickZone(picks, zone, node, outbox, clock, tell=self._show_zone, models=models)

    def _show_zone(self, picture: ZoneLive) -> None:
        self._link.show_live(picture, None)

    def _make_station(self) -> PackStation | None:
        station, name, folder = self._profile.station, self._profile.name, self._profile.state_dir
        if station is None:
            return None
        return PackStation(station, name, self._outbox, self._link, self._clock, state_dir=folder)

    async def _scan_totes(self, name: str, profile: ScannerProfile) -> None:
        scanner = make_scanner(
            profile, partial(self._tote_scanned, name), partial(_scanner_there, name), self._clock.mono_ns
        )
        scanner.start()
        try:
            await asyncio.Event().wait()
        finally:
            await scanner.aclose()

    def _tote_scanned(self, name: str, scan: Scan) -> None:
        finding = finding_of(scan.text)
        if finding is not None:
            _log.info("scanner_self_test", scanner=name, found=finding.say, detail=finding.detail)
        if self._zone is not None:
            self._zone.scanned(scan, name)

    def _answered(self, answer: AnyAnswer) -> None:
        if self._station is not None:
            self._station.answered(answer)

    def _pressed(self, press: BenchPressed) -> None:
        if self._station is not None:
            self._station.pressed(press)

    def _desired(self, desired: Desired) -> None:
        if self._zone is not None:
            self._zone.desired(desired)
        if self._station is not None:
            self._station.manifests(desired.manifests)

    def _contact(self, up: bool) -> None:
        if self._zone is not None:
            self._zone.contact(up=up)
        if self._station is not None:
            self._station.contact(up)

    def _progress_ns(self) -> Mapping[str, int]:
        buses = self._zone.progress_ns() if self._zone is not None else {}
        station = {"station": self._station.progress_ns} if self._station is not None else {}
        return {**buses, **station, "outbox": self._outbox.progress_ns, "link": self._link.progress_ns}


def address_of(broker: BrokerProfile) -> BrokerAddress:
    """The broker's address with the password read from its file. Raises OSError."""
    password = broker.password_file.read_text(encoding="utf-8").strip() if broker.password_file else ""
    return BrokerAddress(
        broker.host, broker.port, broker.user, password, broker.ca_file, broker.cert_file, broker.key_file
    )


def item_code(scan: Scan) -> str:
    """What a scan at a zone says: the item's code as the catalogue knows it, a command as it is, "" if unreadable."""
    if scan.dirty:
        return ""
    meaning = read(scan.text)
    match meaning:
        case ItemText(barcode):
            return barcode
        case PlainText(text):
            return text
    text = scan.text.strip(" ")
    return text[len(aim_of(text)) :]


def _scanner_there(name: str, presence: Presence) -> None:
    _log.info("zone_scanner", scanner=name, there=presence.there, why=presence.why)
