"""Waves go to the floor, by hand or with time; orders that waited for stock are tried again."""

from __future__ import annotations

from typing import Final

import msgspec

from central.handlers.saying import Words, many, no, yes
from central.handlers.site import Turn
from central.handlers.stocking import allocate_order
from central.handlers.walling import move_in
from central.rules.walk import sequence_from
from central.rules.waves import WavePlan
from central.rules.waves import plan_wave as planned
from central.store import orders, picks, walls
from wire.commands import PlanWave, Reply

RETRIES_MAX: Final = 200  # waiting orders tried in one tick; one costs about 0.1 ms


def plan_wave(turn: Turn, command: PlanWave) -> Reply:
    """A wave by hand."""
    plan = planned(orders.waiting(turn.database, command.orders_max), command.orders_max, command.cut_off_before_utc_s)
    if not plan.orders:
        en = "no allocated order waits. Import orders or stock first"
        return no(command.key, Words(en, "没有可下发的订单，请先导入订单或补货"))
    wave = _release(turn, plan)
    turn.effects["wave"], turn.effects["orders"] = wave, plan.orders
    size = len(plan.orders)
    return yes(command.key, size, Words(f"wave {wave} with {many(size, 'order')}", f"波次 {wave}，{size} 个订单"))


def tick(turn: Turn) -> None:
    """Time has passed."""
    _retry_allocation(turn)
    settings = turn.site.settings
    if settings.wave_orders <= 0 or orders.waves_open(turn.database) >= settings.waves_open_max:
        return
    plan = planned(orders.waiting(turn.database, settings.wave_orders), settings.wave_orders)
    if not plan.orders:
        return
    wave = _release(turn, plan)
    record = msgspec.json.encode({"wave": wave, "orders": plan.orders})
    turn.site.journal.add_own(f"wave:{wave}", "wave_planned", record, turn.now_utc_ns)


def _release(turn: Turn, plan: WavePlan) -> str:
    wave = orders.add_wave(turn.database, plan, turn.now_utc_ns)
    orders.put_in_wave(turn.database, plan.orders, wave)
    batched = move_in(turn, wave, plan)
    batches = max((one.number + 1 for one in batched), default=0)  # batch totes go first: they hold the most urgent
    for position, order_no in enumerate(plan.orders, start=batches):
        picks.release(turn.database, order_no, wave, sequence_from(position))
    if turn.site.settings.pass_totes:
        for order_no in plan.orders:
            picks.pass_on(turn.database, order_no)
    walls.put_in_batch(turn.database, batched)
    for zone, sheet in turn.site.sheets.items():
        if sheet.more:  # the node has enough; it hears of these when it runs low
            continue
        turn.zone_changed(zone)
    return wave


def _retry_allocation(turn: Turn) -> None:
    site = turn.site
    if site.stock_arrived:
        site.stock_arrived, site.retry_after = False, (-1, "")
    elif site.retry_after is None:
        return
    waiting = orders.imported(turn.database, site.retry_after, RETRIES_MAX)
    for _, order_no in waiting:
        allocate_order(turn, order_no)
    site.retry_after = waiting[-1] if len(waiting) == RETRIES_MAX else None
