"""Orders, SKUs, places and badges come in: all, or with `skip_bad` the good ones; every trouble is listed."""

from __future__ import annotations

from collections.abc import Iterable

from central.handlers.site import Turn
from central.handlers.stocking import DOUBTFUL, allocate_order
from central.rules import imports
from central.rules.journal import CENTRAL
from central.store import desk, orders, stock
from wire.commands import ImportBadges, ImportCatalogue, ImportLocations, ImportOrders, Reply


def import_orders(turn: Turn, command: ImportOrders) -> Reply:
    """Add them and promise them stock, earliest cut-off first; without stock they wait as imported."""
    database = turn.database
    known = {new.order_no for new in command.orders if orders.order(database, new.order_no)}
    owners = {new.label: orders.order_of_label(database, new.label) for new in command.orders}
    labels = {label: owner.order_no for label, owner in owners.items() if owner}
    skus = _known_skus(turn, (line.sku for new in command.orders for line in new.lines))
    checked = imports.check_orders(command.orders, known, labels, skus)
    if checked.troubles and not command.skip_bad:
        return _nothing(command.key, checked)
    for new in checked.good:
        orders.add_order(database, new, turn.now_utc_ns)
    urgent = sorted(checked.good, key=lambda new: (new.cut_off_utc_s or 2**62, new.line))
    allocated = sum(allocate_order(turn, new.order_no) for new in urgent)
    said = f"{len(checked.good)} orders imported, {allocated} have their stock"
    return _done(command.key, checked, said)


def import_catalogue(turn: Turn, command: ImportCatalogue) -> Reply:
    """Add SKUs, update known ones."""
    database = turn.database
    barcodes = {barcode for new in command.skus for barcode, _ in new.barcodes}
    meanings = {barcode: stock.meaning(database, barcode) for barcode in barcodes}
    owners = {barcode: found.sku for barcode, found in meanings.items() if found}
    scannable = {new.sku for new in command.skus if stock.has_barcode(database, new.sku)}
    checked = imports.check_catalogue(command.skus, owners, scannable)
    if checked.troubles and not command.skip_bad:
        return _nothing(command.key, checked)
    for new in checked.good:
        stock.put_sku(database, new)
    return _done(command.key, checked, f"{len(checked.good)} SKUs imported")


def import_locations(turn: Turn, command: ImportLocations) -> Reply:
    """Add places with their first count; a known place with stock keeps its count."""
    places = {new.location_id: stock.place(turn.database, new.location_id) for new in command.locations}
    holding = {name: place for name, place in places.items() if place}
    skus = _known_skus(turn, (new.sku for new in command.locations))
    checked = imports.check_locations(command.locations, skus, _pick_zones(turn), holding)
    if checked.troubles and not command.skip_bad:
        return _nothing(command.key, checked)
    counts: list[tuple[str, int, int]] = []  # (place, pieces before, pieces now)
    for new in checked.good:
        before = holding.get(new.location_id, ("", 0))[1]
        now = before or new.on_hand_pieces
        stock.put_place(turn.database, new, now, known=new.location_id in holding)
        counts.append((new.location_id, before, now))
        if now != before:
            _count_is_known(turn, new.location_id)
    turn.effects["stock"] = counts
    turn.site.stock_arrived = True
    return _done(command.key, checked, f"{len(checked.good)} places imported")


def import_badges(turn: Turn, command: ImportBadges) -> Reply:
    """Add people or change their roles."""
    checked = imports.check_badges(command.badges)
    if checked.troubles and not command.skip_bad:
        return _nothing(command.key, checked)
    for new in checked.good:
        desk.put_badge(turn.database, new.badge, new.person, new.role)
    return _done(command.key, checked, f"{len(checked.good)} badges imported")


def _count_is_known(turn: Turn, location_id: str) -> None:
    desk.clear_alarm(turn.database, CENTRAL, DOUBTFUL, location_id, now_utc_ns=turn.now_utc_ns)


def _pick_zones(turn: Turn) -> set[str]:
    """Zones that hold stock: a wall sorts what others hold."""
    settings = turn.site.settings
    return set(settings.node_of_zone) - {wall.zone for wall in settings.walls}


def _known_skus(turn: Turn, skus: Iterable[str]) -> set[str]:
    return {sku for sku in dict.fromkeys(skus) if stock.title(turn.database, sku) is not None}


def _nothing(key: str, checked: imports.Checked[imports.R]) -> Reply:
    said = f"{len(checked.troubles)} troubles; nothing was imported"
    return Reply(key=key, ok=False, said=said, troubles=imports.shown(checked.troubles))


def _done(key: str, checked: imports.Checked[imports.R], said: str) -> Reply:
    skipped = f"; {len(checked.troubles)} troubles skipped" if checked.troubles else ""
    return Reply(
        key=key, ok=True, done=len(checked.good), said=said + skipped, troubles=imports.shown(checked.troubles)
    )
