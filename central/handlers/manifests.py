"""Dealing manifests to benches for the time central is away, where a site asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from central.handlers.site import Site, Turn
from central.rules.manifests import deal, must_renew
from central.store import manifests
from central.store.manifests import ManifestRow
from wire.grants import sign_manifest
from wire.manifest import Manifest, SignedManifest, contents_digest


def deal_manifests(turn: Turn) -> bool:
    """Deal what waits for a bench, renew what runs out. True: some bench must be told anew, for whatever reason."""
    site, settings = turn.site, turn.site.settings
    if not settings.offline_manifests:
        return False
    now_s = turn.now_utc_ns // 1_000_000_000
    counts = dict.fromkeys(settings.node_of_station, 0) | manifests.held(turn.database)
    room = sum(max(0, settings.offline_manifests - count) for count in counts.values())
    waiting = dict(manifests.not_dealt(turn.database, room))
    for order_no, station in deal(list(waiting), counts, settings.offline_manifests).items():
        label = waiting[order_no]
        new = ManifestRow(_name(order_no, label), order_no, label, station, now_s, now_s + settings.offline_s)
        manifests.add(turn.database, new)
    before, site.dealt = site.dealt, frozenset(_renewed(turn, now_s))
    return site.dealt != before


def manifests_for(site: Site, node: str) -> tuple[SignedManifest, ...]:
    """Every manifest of the node's bench, signed."""
    if not site.settings.offline_manifests:
        return ()
    stations = [name for name, its_node in site.settings.node_of_station.items() if its_node == node]
    return tuple(_signed(site, row) for name in stations for row in manifests.at_station(site.database, name))


def _renewed(turn: Turn, now_s: int) -> Iterator[ManifestRow]:
    """Everything that is dealt, with the times that hold now."""
    settings = turn.site.settings
    for station in settings.node_of_station:
        for row in manifests.at_station(turn.database, station):
            if must_renew(row.issued_utc_s, row.expires_utc_s, now_s):
                until = now_s + settings.offline_s
                manifests.renew(turn.database, row.manifest_id, now_s, until)
                yield row._replace(issued_utc_s=now_s, expires_utc_s=until)
            else:
                yield row


def _signed(site: Site, row: ManifestRow) -> SignedManifest:
    items = manifests.items_of(site.database, row.order_no)
    manifest = Manifest(
        manifest_id=row.manifest_id,
        station=row.station,
        order_no=row.order_no,
        label=row.label,
        contents=contents_digest(items),
        issued_utc_s=row.issued_utc_s,
        expires_utc_s=row.expires_utc_s,
    )
    totes = manifests.totes_of(site.database, row.order_no)
    return SignedManifest(manifest=manifest, signature=sign_manifest(manifest, site.key), items=items, totes=totes)


def _name(order_no: str, label: str) -> str:
    """One name for a label of an order, for ever: the guard lets it out once."""
    return "M" + hashlib.sha256(f"{order_no}\n{label}".encode()).hexdigest()[:31]
