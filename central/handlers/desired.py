"""What a node should be told: the first totes of its zone that still have open picks, versioned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from typing import Final, Literal

from msgspec.structs import replace

from central.handlers.intake import ToNode
from central.handlers.manifests import manifests_for
from central.handlers.site import Sheet, Site
from central.handlers.walling import wall_work
from central.rules.look_alikes import look_alikes
from central.rules.walk import colour_of
from central.store import desk, picks, stock
from wire.codec import encode
from wire.downlink import BARCODES_MAX, LOOK_ALIKES_MAX, Desired, Pick, ToteWork, ZoneWork

BYTES_MAX: Final = 2 * 1024 * 1024  # of one document: 5,000 picks; a node stores each version on its disk
TITLE_MAX: Final = 80  # characters of a title a display could show
SCANS: Final[dict[str, Literal["location", "item", "both"]]] = {"location": "location", "item": "item", "both": "both"}
STOPS_MAX: Final = 20_000  # picks looked at for one document


def refresh(site: Site, node: str, *, at_least: int = 0, always: bool = False) -> ToNode | None:
    """The node's document, if it differs from the last one (or `always`); newer than `at_least`, the node's own."""
    zone = site.zone_of_node.get(node)
    work = zone_work(site, zone) if zone is not None else None
    wall = wall_work(site, zone) if zone is not None else None
    parcels = manifests_for(site, node)
    version, body = desk.desired_of(site.database, node)
    known = site.nodes[node].acked_through if work is not None else None
    same = Desired(version=max(version, 1), zone=work, wall=wall, manifests=parcels)
    if version >= max(at_least, 1) and encode(same) == body:
        return ToNode(node, replace(same, knows=known)) if always else None
    newer = Desired(version=max(version, at_least) + 1, zone=work, wall=wall, manifests=parcels)
    desk.keep_desired(site.database, node, newer.version, encode(newer))
    return ToNode(node, replace(newer, knows=known))


def zone_work(site: Site, zone: str) -> ZoneWork:
    """The totes to send, and the zone's sheet brought up to them."""
    stops = picks.zone_work(site.database, zone, STOPS_MAX + 1)
    totes = [_tote(list(group)) for _, group in groupby(stops, key=lambda stop: (stop.wave, stop.tote_id))]
    if len(stops) > STOPS_MAX and len(totes) > 1:
        totes.pop()  # it may be cut in the middle
    if site.settings.pass_totes:
        totes = [replace(tote, next_zone=_next_zone(site, tote, zone)) for tote in totes]
    on_hand = {stop.location_id: stop.on_hand for stop in stops}
    sent = _with_empties(_bounded(_with_goods(site, zone, totes), site.settings.totes_per_zone_max), on_hand)
    open_picks = {tote.tote_id: len(tote.picks) for tote in sent}
    site.sheets[zone] = Sheet(open_picks, more=len(sent) < len(totes) or len(stops) > STOPS_MAX, stale=False)
    return ZoneWork(zone=zone, totes=tuple(sent))


def _with_goods(site: Site, zone: str, totes: list[ToteWork]) -> list[ToteWork]:
    """The totes that may be sent, with what is printed on their items and which places nearby look like theirs."""
    near = _look_alikes(site, zone)
    codes: dict[str, tuple[str, ...]] = {}

    def known(pick: Pick) -> Pick:
        if pick.sku not in codes:
            codes[pick.sku] = stock.barcodes_of(site.database, pick.sku, BARCODES_MAX)
        return replace(pick, barcodes=codes[pick.sku], look_alikes=near.get(pick.location_id, ()))

    sent = totes[: site.settings.totes_per_zone_max]
    return [replace(tote, picks=tuple(known(pick) for pick in tote.picks)) for tote in sent]


def _look_alikes(site: Site, zone: str) -> dict[str, tuple[str, ...]]:
    if zone not in site.look_alikes:
        site.look_alikes[zone] = look_alikes(stock.shelved(site.database, zone), LOOK_ALIKES_MAX)
    return site.look_alikes[zone]


def _next_zone(site: Site, tote: ToteWork, zone: str) -> str:
    return picks.zone_after(site.database, tote.tote_id, zone) if tote.tote_id == tote.order_no else ""


def _with_empties(totes: list[ToteWork], on_hand: Mapping[str, int]) -> list[ToteWork]:
    """`totes` with the places marked that will be empty once all that is sent has been taken."""
    asked = Counter[str]()
    for pick in (pick for tote in totes for pick in tote.picks):
        asked[pick.location_id] += pick.pieces
    empty = frozenset(at for at, pieces in asked.items() if pieces == on_hand[at])
    return [replace(tote, picks=tuple(_marked(pick, empty) for pick in tote.picks)) for tote in totes]


def _marked(pick: Pick, empty: frozenset[str]) -> Pick:
    return replace(pick, empties=True) if pick.location_id in empty else pick


def _bounded(totes: list[ToteWork], totes_max: int) -> list[ToteWork]:
    sent: list[ToteWork] = []
    size = 0
    for tote in totes[:totes_max]:
        size += len(encode_tote(tote))
        if sent and size > BYTES_MAX:
            break
        sent.append(tote)
    return sent


def encode_tote(tote: ToteWork) -> bytes:
    """A tote alone, to know its size."""
    return encode(Desired(version=1, zone=ZoneWork(zone="", totes=(tote,))))


def _tote(stops: list[picks.Stop]) -> ToteWork:
    first = stops[0]
    return ToteWork(
        tote_id=first.tote_id,
        order_no=first.order_no,
        wave=first.wave,
        colour=colour_of(first.sequence),
        picks=tuple(
            Pick(
                pick_id=stop.pick_id,
                location_id=stop.location_id,
                sku=stop.sku,
                title=stop.title[:TITLE_MAX],
                pieces=stop.asked,
                scan_first=SCANS.get(stop.scan_first, ""),
            )
            for stop in stops
        ),
    )
