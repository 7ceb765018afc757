"""A put-to-light wall: orders move in, pieces are put, cubbies are emptied; and what its node should know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, get_args

from central.handlers.picking import order_moved
from central.handlers.site import Site, Turn
from central.rules import wall as rules
from central.rules.tickets import STAGE_OF
from central.rules.waves import WavePlan
from central.store import desk, orders, walls
from central.store.errors import Poison
from wire.deeds import CubbyEmptied, PutConfirmed, PutsMissing
from wire.phrases import Refusal
from wire.wall import CubbyItem, CubbyState, CubbyWork, WallBarcode, WallWork

TITLE_MAX: Final = 40  # characters of a title; the page beside the wall shows it
LACKING_MAX: Final = 40  # lines named in a ticket
LINES_SENT_MAX: Final = 2_000  # of one document, < 512 kB; the most urgent orders come first
BARCODES_SENT_MAX: Final = 4_000
_STATES: Final[dict[str, CubbyState]] = {state: state for state in get_args(CubbyState)}


def move_in(turn: Turn, wave: str, plan: WavePlan) -> list[rules.Batched]:
    """Orders of the wave that fit get a cubby; their picks in the batch totes that bring them there."""
    known = turn.site.settings.walls
    if not known:
        return []
    needs = {order_no: rules.wall_lines(orders.needs(turn.database, order_no)) for order_no in plan.orders}
    stops = {order_no: walls.planned_stops(turn.database, order_no) for order_no in plan.orders}
    candidates = [
        rules.Candidate(order_no, frozenset(stop.shelf.zone for stop in stops[order_no]), len(needs[order_no]))
        for order_no in plan.orders
    ]
    homes = rules.assign(candidates, known, walls.taken(turn.database))
    for order_no, home in homes.items():
        walls.move_in(turn.database, order_no, home, needs[order_no])
        turn.zone_changed(home.zone)
    return rules.batch(wave, (stop for order_no in homes for stop in stops[order_no]))


def put_confirmed(turn: Turn, deed: PutConfirmed) -> None:
    """The pieces are in the cubby; with its last ones the order is picked."""
    turn.must_serve_zone(deed.zone)
    row = walls.line(turn.database, deed.line_id)
    if row is None:
        raise Poison("unknown_put", deed.line_id)
    said = (deed.zone, deed.cubby, deed.order_no, deed.sku)
    if said != (row.zone, row.cubby, row.order_no, row.sku):
        raise Poison("other_put", f"{deed.line_id} is not what the node says: {said}")
    trouble = rules.judge_put(row.asked, row.put, deed.put_pieces, deed.total_pieces)
    if trouble:
        raise Poison("put_out_of_step", f"{deed.line_id}: {trouble}")
    walls.set_put(turn.database, deed.line_id, deed.total_pieces)
    order_moved(turn, deed.order_no)


def cubby_emptied(turn: Turn, deed: CubbyEmptied) -> None:
    """The cubby is free for another order; known already if the order was scanned at a bench meanwhile."""
    turn.must_serve_zone(deed.zone)
    if walls.free(turn.database, deed.zone, deed.cubby, deed.order_no):
        turn.zone_changed(deed.zone)


def puts_missing(turn: Turn, deed: PutsMissing) -> None:
    """Pieces that were picked are not there: ticket, exception, nothing more is put meanwhile."""
    turn.must_serve_zone(deed.zone)
    order = orders.order(turn.database, deed.order_no)
    lines = [one for one in walls.contents(turn.database, deed.zone) if one.order_no == deed.order_no]
    lacking = [one for one in lines if min(one.picked, one.asked) > one.put]
    if order is None or order.status not in ("waved", "picking") or not lacking:
        return  # decided already, or found meanwhile
    orders.set_status(turn.database, deed.order_no, "exception", Refusal.MISSING_ITEM)
    seen = [(one.line_id, deed.cubby, f"{one.sku} {one.put}/{one.asked}") for one in lacking[:LACKING_MAX]]
    new = desk.NewTicket(
        kind=Refusal.MISSING_ITEM,
        stage=STAGE_OF[Refusal.MISSING_ITEM],
        order_no=deed.order_no,
        sku=lacking[0].sku if len(lacking) == 1 else "",
        who=turn.node,
        evidence=desk.evidence_json(seen),
    )
    desk.open_ticket(turn.database, new, turn.now_utc_ns)
    turn.zone_changed(deed.zone)
    orders.close_wave_if_over(turn.database, order.wave)


def look_at_walls(turn: Turn) -> None:
    """What was picked, cancelled or taken out since the last look may concern the walls."""
    if turn.site.walls_stale:
        turn.site.walls_stale = False
        for wall in turn.site.settings.walls:
            turn.zone_changed(wall.zone)


def wall_work(site: Site, zone: str) -> WallWork | None:
    """The wall's document; None if the zone is not a wall."""
    if all(wall.zone != zone for wall in site.settings.walls):
        return None
    found = walls.contents(site.database, zone)
    cubbies = [_cubby(list(group)) for _, group in groupby(found, key=lambda content: content.cubby)]
    barcodes = walls.barcodes(site.database, zone)[:BARCODES_SENT_MAX]
    return WallWork(
        zone=zone,
        cubbies=tuple(_bounded(cubbies)),
        barcodes=tuple(WallBarcode(barcode=text, sku=sku, pieces=pieces) for text, sku, pieces in barcodes),
    )


def _bounded(cubbies: Sequence[CubbyWork]) -> list[CubbyWork]:
    sent: list[CubbyWork] = []
    lines = 0
    for cubby in cubbies:
        lines += len(cubby.items)
        if lines > LINES_SENT_MAX:
            break
        sent.append(cubby)
    return sent


def _cubby(lines: Sequence[walls.Content]) -> CubbyWork:
    first = lines[0]
    state = _STATES[rules.cubby_state(first.status, [(line.asked, line.put) for line in lines])]
    return CubbyWork(
        cubby=first.cubby,
        order_no=first.order_no,
        wave=first.wave,
        state=state,
        items=tuple(_item(line) for line in lines),
    )


def _item(line: walls.Content) -> CubbyItem:
    return CubbyItem(
        line_id=line.line_id,
        sku=line.sku,
        title=line.title[:TITLE_MAX],
        asked_pieces=line.asked,
        ready_pieces=max(min(line.picked, line.asked), line.put),
        put_pieces=line.put,
    )
