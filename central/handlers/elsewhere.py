"""A place turned out to be empty: its picks are asked for in other places, or their orders wait."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from central.handlers.site import Turn
from central.handlers.stocking import allocate_order, cancel_open_picks, missing_text, promise
from central.rules.allocation import Need
from central.rules.tickets import STAGE_OF
from central.rules.walk import in_walking_order
from central.store import desk, orders, picks
from wire.phrases import Refusal


def find_elsewhere(turn: Turn, lost: Iterable[picks.PickRow]) -> None:
    """Each row is a pick that is over with its `asked` pieces still needed; orders are served in the order given."""
    for order_no, rows in groupby(lost, key=lambda row: row.order_no):
        order = orders.order(turn.database, order_no)
        if order is None:
            continue
        if order.status == "allocated":
            _plan_anew(turn, order_no)
        elif order.status in ("waved", "picking"):
            _pick_elsewhere(turn, order, list(rows))


def _plan_anew(turn: Turn, order_no: str) -> None:
    """No wave has it yet: it is allocated again as a whole, or waits for stock."""
    cancel_open_picks(turn, order_no)
    allocate_order(turn, order_no)


def _pick_elsewhere(turn: Turn, order: orders.OrderRow, rows: list[picks.PickRow]) -> None:
    found = promise(turn, [Need(row.line_no, row.sku, row.asked) for row in rows])
    if not found.missing:
        picks.add_released(turn.database, order.order_no, order.wave, in_walking_order(found.takes))
        for zone in picks.zones_of(turn.database, order.order_no):  # a tote that is passed on may be elsewhere now
            turn.zone_changed(zone)
        return
    orders.set_status(turn.database, order.order_no, "exception", Refusal.SHORT_PICK)
    new = desk.NewTicket(
        kind=Refusal.SHORT_PICK,
        stage=STAGE_OF[Refusal.SHORT_PICK],
        order_no=order.order_no,
        sku=rows[0].sku,
        who=turn.node,
        evidence=desk.evidence_json([(row.pick_id, row.location_id, missing_text(found)) for row in rows]),
    )
    desk.open_ticket(turn.database, new, turn.now_utc_ns)
    orders.close_wave_if_over(turn.database, order.wave)
