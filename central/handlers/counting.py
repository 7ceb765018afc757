"""Somebody counted a place: its count is set, and nothing about it is doubtful any more."""

from __future__ import annotations

from typing import Final

from central.handlers.saying import Words, many, no, yes
from central.handlers.site import Turn
from central.handlers.stocking import DOUBTFUL
from central.rules.journal import CENTRAL
from central.rules.shorts import Stock
from central.store import desk, picks, stock
from wire.commands import CountPlace, Reply

ORDERS_NAMED_MAX: Final = 3


def count_place(turn: Turn, command: CountPlace) -> Reply:
    """Set the count. What is promised from the place must be there; orders that wait for stock are tried again."""
    name, counted = command.location_id, command.pieces
    found = stock.stock_at(turn.database, name)
    if found is None:
        return no(command.key, Words(f"no location {name}. Import it first", f"没有库位 {name}，请先导入"))
    if counted < found.reserved:
        return no(command.key, _promised(turn, name, counted, found.reserved))
    stock.set_stock(turn.database, name, Stock(counted, found.reserved))
    desk.clear_alarm(turn.database, CENTRAL, DOUBTFUL, name, now_utc_ns=turn.now_utc_ns)
    turn.effects["stock"] = [(name, found.on_hand, counted)]
    turn.site.stock_arrived = True
    en = f"{name}: {many(counted, 'piece')} counted, {found.on_hand} before"
    return yes(command.key, 1, Words(en, f"{name}：清点 {counted} 件，原为 {found.on_hand} 件"))


def _promised(turn: Turn, name: str, counted: int, reserved: int) -> Words:
    wanting = picks.wanting(turn.database, name, ORDERS_NAMED_MAX + 1)
    names = ", ".join(wanting[:ORDERS_NAMED_MAX]) + (" and more" if len(wanting) > ORDERS_NAMED_MAX else "")
    names_zh = "、".join(wanting[:ORDERS_NAMED_MAX]) + (" 等" if len(wanting) > ORDERS_NAMED_MAX else "")
    en = f"{name}: {counted} counted, but {reserved} are promised to orders still to be picked here ({names})"
    return Words(
        f"{en}. Let them be picked (or reported short), or cancel them, then count again",
        f"{name}：清点 {counted} 件，但已有 {reserved} 件分配给待拣订单（{names_zh}）。"
        "请先拣完（或报短拣）或取消，再清点",
    )
