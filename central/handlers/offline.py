"""A parcel was packed while central was away: it is checked again; one that should not have left is a ticket."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from central.handlers import bench
from central.handlers.site import Turn
from central.rules import match
from central.rules.tickets import STAGE_OF
from central.store import desk, labels, manifests, orders, packing, stock
from central.store.errors import Poison
from central.store.packing import Packing
from wire.offline_deeds import OfflineParcel
from wire.phrases import Refusal
from wire.uplink import ItemCount

RIGHT: Final = frozenset({"loaded", "accepted", "proved"})


def offline_parcel(turn: Turn, deed: OfflineParcel) -> None:
    """Keep its evidence; a complete one is expected at the gate, one set aside gets its ticket."""
    turn.must_serve_station(deed.station)
    row = manifests.one(turn.database, deed.manifest_id)
    if row is None or (row.order_no, row.label, row.station) != (deed.order_no, deed.label, deed.station):
        raise Poison("unknown_manifest", f"{deed.station} packed {deed.order_no} on a manifest that it never got")
    work = Packing(deed.scan_id, deed.station, deed.order_no, deed.label, "", deed.packer, "offline", ())
    work.items, judged = _counted_again(turn, deed)
    packing.add_packing(turn.database, work, turn.now_utc_ns)
    packing.set_evidence(turn.database, deed.scan_id, desk.evidence_json([("", *scan) for scan in judged]))
    if deed.outcome == "aside":
        _set_aside(turn, deed, work)
        return
    packing.add_grant(turn.database, deed.manifest_id, work, turn.now_utc_ns, last=True)
    if not match.is_complete(work.items) or any(verdict not in RIGHT for _, verdict in judged):
        _ticket(turn, deed, Refusal.WRONG_ITEM)
    if labels.standing(turn.database, deed.label) == "void":
        _ticket(turn, deed, Refusal.WRONG_LABEL)


def _counted_again(turn: Turn, deed: OfflineParcel) -> tuple[tuple[ItemCount, ...], list[tuple[str, str]]]:
    """The counts as the record sees the same scans, and each scan with its verdict."""
    items = tuple(
        ItemCount(sku=item.sku, title=item.title, asked_pieces=item.pieces, packed_pieces=0)
        for item in manifests.items_of(turn.database, deed.order_no)
    )
    judged: list[tuple[str, str]] = []
    for scan in deed.scans:
        if scan.verdict != "accepted":
            judged.append((scan.text, scan.verdict))
            continue
        owners = tuple(replace(one, tracking="") for one in stock.owners(turn.database, scan.text))
        here = match.OrderNow(deed.order_no, "at_bench", deed.station)
        verdict = match.judge_item(here, deed.station, items, match.Item(owners))
        if isinstance(verdict, match.Accept | match.Complete):
            items = verdict.items
            judged.append((scan.text, "accepted"))
        else:
            reason = verdict.reason if isinstance(verdict, match.Refuse | match.Block) else Refusal.NOT_A_DETAIL
            judged.append((scan.text, str(reason)))
    return items, judged


def _set_aside(turn: Turn, deed: OfflineParcel, work: Packing) -> None:
    if not deed.reason:
        return
    order = orders.order(turn.database, deed.order_no)
    work.ticket = bench.open_ticket(turn, Refusal(deed.reason), work)
    if order is not None and order.status == "picked":
        orders.set_bench(turn.database, order.order_no, "exception", why=deed.reason)


def _ticket(turn: Turn, deed: OfflineParcel, kind: Refusal) -> None:
    new = desk.NewTicket(
        kind=kind,
        stage=STAGE_OF[kind],
        order_no=deed.order_no,
        station=deed.station,
        verification=deed.scan_id,
        who=deed.packer,
        evidence=desk.evidence_json([(deed.manifest_id, deed.label, "packed_offline")]),
    )
    desk.open_ticket(turn.database, new, turn.now_utc_ns)
