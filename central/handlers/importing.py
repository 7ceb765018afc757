"""Orders, SKUs, places and badges come in: all, or with `skip_bad` the good ones; every trouble is listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from central.handlers.saying import Words, many, no, yes
from central.handlers.site import Turn
from central.handlers.stocking import DOUBTFUL, allocate_order
from central.rules import imports
from central.rules.gtins import one_form
from central.rules.journal import CENTRAL
from central.store import captured, desk, orders, stock
from wire.commands import ImportBadges, ImportCatalogue, ImportLocations, ImportLots, ImportOrders, NewOrder, Reply

NAMED_MAX = 3  # orders or places that a sentence names

LOTS: Final = ("lot", "lot_expiry")  # what a bench captures has a lot
AnyImport = ImportOrders | ImportCatalogue | ImportLocations | ImportBadges | ImportLots


def import_orders(turn: Turn, command: ImportOrders) -> Reply:
    """Add them and promise them stock, earliest cut-off first; without stock they wait as imported."""
    database = turn.database
    rows = {new.order_no: orders.order(database, new.order_no) for new in command.orders}
    known = {name: orders.as_imported(database, row) for name, row in rows.items() if row}
    wanted = dict.fromkeys(label for new in command.orders for label in (new.label, *new.labels))
    owners = {label: orders.order_of_label(database, label) for label in wanted}
    labels = {label: owner.order_no for label, owner in owners.items() if owner}
    skus = {line.sku for new in command.orders for line in new.lines}
    skus = {sku for sku in skus if stock.is_active(database, sku)}
    checked = imports.check_orders(command.orders, known, labels, skus)
    if _stays_out(command, checked):
        return _only_checked(command, checked)
    for new in checked.good:
        orders.add_order(database, new, turn.now_utc_ns)
    urgent = sorted(checked.good, key=lambda new: (new.cut_off_utc_s or 2**62, new.line))
    lacking = [new for new in urgent if not allocate_order(turn, new.order_no)]
    return yes(command.key, len(checked.good), _orders_said(checked, lacking), imports.shown(checked.troubles))


def import_catalogue(turn: Turn, command: ImportCatalogue) -> Reply:
    """Add SKUs, update known ones."""
    database = turn.database
    barcodes = {barcode for new in command.skus for barcode, _ in new.barcodes}
    owners = {one_form(text): owner.sku for text in barcodes for owner in stock.owners(database, text)[:1]}
    scannable = {new.sku for new in command.skus if stock.has_barcode(database, new.sku)}
    checked = imports.check_catalogue(command.skus, owners, scannable)
    if _stays_out(command, checked):
        return _only_checked(command, checked)
    for new in checked.good:
        stock.put_sku(database, new)
    turn.goods_changed()
    return _done(command, checked, "SKU", "个商品编码")


def import_locations(turn: Turn, command: ImportLocations) -> Reply:
    """Add places with their first count; a known place with stock keeps its count."""
    places = {new.location_id: stock.place(turn.database, new.location_id) for new in command.locations}
    holding = {name: place for name, place in places.items() if place}
    skus = _known_skus(turn, (new.sku for new in command.locations))
    checked = imports.check_locations(command.locations, skus, _pick_zones(turn), holding)
    if _stays_out(command, checked):
        return _only_checked(command, checked)
    counts: list[tuple[str, int, int]] = []  # (place, pieces before, pieces now)
    kept: list[str] = []
    for new in checked.good:
        before = holding.get(new.location_id, ("", 0))[1]
        now = before or new.on_hand_pieces
        stock.put_place(turn.database, new, now, known=new.location_id in holding)
        counts.append((new.location_id, before, now))
        if now != before:
            _count_is_known(turn, new.location_id)
        if now != new.on_hand_pieces:
            kept.append(f"{new.location_id}: {now}, not {new.on_hand_pieces}")
    turn.effects["stock"] = counts
    turn.site.stock_arrived = True
    turn.goods_changed()
    reply = _done(command, checked, "place", "个库位")
    words = Words(reply.said, reply.said_zh)
    return yes(command.key, reply.done, words.then(*_kept_said(kept)), reply.troubles)


def import_lots(turn: Turn, command: ImportLots) -> Reply:
    """Add lots or take their day and pieces from the file."""
    skus = _known_skus(turn, (new.sku for new in command.lots))
    tracked = {sku for sku in skus if (found := stock.meaning_of_sku(turn.database, sku)) and found.tracking in LOTS}
    checked = imports.check_lots(command.lots, tracked, skus)
    if _stays_out(command, checked):
        return _only_checked(command, checked)
    for new in checked.good:
        captured.put_lot(turn.database, new)
    return _done(command, checked, "lot", "个批次")


def import_badges(turn: Turn, command: ImportBadges) -> Reply:
    """Add people or change their roles."""
    checked = imports.check_badges(command.badges)
    if _stays_out(command, checked):
        return _only_checked(command, checked)
    for new in checked.good:
        desk.put_badge(turn.database, new.badge, new.person, new.role)
    return _done(command, checked, "badge", "个工牌")


def _orders_said(checked: imports.Checked[NewOrder], lacking: list[NewOrder]) -> Words:
    """How many came in, which wait for stock and what to do about it."""
    said = Words(f"{many(len(checked.good), 'order')} imported", f"已导入 {len(checked.good)} 个订单")
    if checked.already:
        verb = "was" if checked.already == 1 else "were"
        said = said.then(f"; {checked.already} {verb} there already", f"；{checked.already} 个早已存在")
    if not lacking:
        return said if not checked.good else said.then(", all have their stock", "，库存充足")
    names = [new.order_no for new in lacking[:NAMED_MAX]]
    more = len(lacking) - len(names)
    verb = "lacks stock and goes on by itself" if len(lacking) == 1 else "lack stock and go on by themselves"
    named = ", ".join(names) + (f" and {more} more" if more else "")
    named_zh = "、".join(names) + (f" 等 {len(lacking)} 个" if more else "")
    return said.then(
        f"; {named} {verb} once more is imported or counted",
        f"；{named_zh} 缺库存，补货导入或清点后会自动继续",
    )


def _kept_said(kept: list[str]) -> tuple[str, str]:
    """Known places whose count in the file was not taken over."""
    if not kept:
        return "", ""
    more = f" and {len(kept) - NAMED_MAX} more" if len(kept) > NAMED_MAX else ""
    named = "; ".join(kept[:NAMED_MAX])
    verb = "place keeps its count" if len(kept) == 1 else "places keep their counts"
    en = f"; {len(kept)} known {verb} ({named}{more}). To change a count: picklight locations count PLACE PIECES"
    zh = f"；{len(kept)} 个已有库位保留原库存（{named.replace(', not ', '，文件为 ')}{' …' if more else ''}）。"
    return en, zh + "修改库存请用 picklight locations count 库位 件数"


def _count_is_known(turn: Turn, location_id: str) -> None:
    desk.clear_alarm(turn.database, CENTRAL, DOUBTFUL, location_id, now_utc_ns=turn.now_utc_ns)


def _pick_zones(turn: Turn) -> set[str]:
    """Zones that hold stock: a wall sorts what others hold."""
    settings = turn.site.settings
    return set(settings.node_of_zone) - {wall.zone for wall in settings.walls}


def _known_skus(turn: Turn, skus: Iterable[str]) -> set[str]:
    return {sku for sku in dict.fromkeys(skus) if stock.title(turn.database, sku) is not None}


def _stays_out(command: AnyImport, checked: imports.Checked[imports.R]) -> bool:
    """True if nothing of it may be imported."""
    return command.check_only or bool(checked.troubles and not command.skip_bad)


def _only_checked(command: AnyImport, checked: imports.Checked[imports.R]) -> Reply:
    count = len(checked.troubles)
    words = Words(f"{many(count, 'trouble')}; nothing was imported", f"{count} 处问题，未导入任何内容")
    if not count:
        return yes(command.key, 0, Words("nothing stands against it; nothing was imported", "没有问题，未导入任何内容"))
    return no(command.key, words, imports.shown(checked.troubles))


def _done(command: AnyImport, checked: imports.Checked[imports.R], thing: str, thing_zh: str) -> Reply:
    count = len(checked.good)
    words = Words(f"{many(count, thing)} imported", f"已导入 {count} {thing_zh}")
    return yes(command.key, count, words, imports.shown(checked.troubles))
