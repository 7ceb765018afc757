"""Orders that leave in several parcels, or with less than was ordered."""

from __future__ import annotations

from central.handlers import bench
from central.handlers.saying import Words
from central.handlers.site import Turn
from central.handlers.stocking import is_collecting
from central.rules.parting import lines_left_out
from central.store import desk, orders, packing, walls
from central.store.packing import ParcelRow


def part_left(turn: Turn, order: orders.OrderRow, parcel: ParcelRow) -> None:
    """One of several parcels is out; the rest of the order waits for a bench again."""
    orders.add_packed(turn.database, order.order_no, parcel.pieces)
    if order.status != "cancelled":
        orders.set_bench(turn.database, order.order_no, "picked")


def all_left(turn: Turn, order: orders.OrderRow, parcel: ParcelRow, grant_id: str) -> None:
    """The order's last parcel is out."""
    orders.add_packed(turn.database, order.order_no, parcel.pieces)
    orders.set_released(turn.database, order.order_no, grant_id, turn.now_utc_ns)
    walls.free_of(turn.database, order.order_no)


def hand(turn: Turn, order: orders.OrderRow, label: str) -> bool:
    """The carrier took the parcel with this label; False: it is not there to be taken."""
    name = order.order_no
    parcels = packing.to_hand(turn.database, name)
    if parcels.get(label, True):
        return False
    packing.hand(turn.database, name, label, turn.now_utc_ns)
    if order.status == "released" and all(handed or other == label for other, handed in parcels.items()):
        orders.set_status(turn.database, name, "handed_over")
    return True


def part_gone(turn: Turn, order_no: str) -> Words | None:
    """Why an order of which a parcel has left cannot be cancelled; None: none has."""
    if not packing.last_gone(turn.database, order_no):
        return None
    en = f"a parcel of order {order_no} has left. Pack the rest, or let it go without (ticket, ship_partial)"
    return Words(en, f"订单 {order_no} 已有包裹离开，请继续打包，或按异常单少发")


def leave_out(turn: Turn, order: orders.OrderRow, ticket: desk.TicketRow, missing: dict[int, int]) -> Words | None:
    """A supervisor lets the order go without what was not packed; what stands against it, or None.

    `missing`: pieces by line that nobody picked, or will.
    """
    name = order.order_no
    work = turn.site.packing(ticket.verification) if ticket.verification else None
    room = orders.room(turn.database, name)
    out = lines_left_out(room, missing, work.items if work is not None else None)
    if sum(out.values()) >= sum(pieces for _, _, pieces in room):
        if not packing.last_gone(turn.database, name):
            en = f"order {name}: nothing of it is packed. Cancel the order"
            return Words(en, f"订单 {name} 没有已打包商品，请取消订单")
        orders.waive(turn.database, name, out)
        bench.abandon(turn, name)
        orders.set_released(turn.database, name, packing.last_gone(turn.database, name), turn.now_utc_ns)
        return None
    if walls.is_unfinished(turn.database, name):
        en = f"order {name}: its cubby still waits for pieces. Put them there, or cancel the order"
        return Words(en, f"订单 {name} 的格口还缺件，请补齐或取消订单")
    orders.waive(turn.database, name, out)
    bench.abandon(turn, name)
    orders.set_bench(turn.database, name, "picking" if is_collecting(turn, name) else "picked")
    return None
