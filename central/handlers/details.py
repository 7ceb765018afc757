"""An item at a bench: whose barcode it has, and what the record knows of the serial number or lot read off it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from central.handlers.site import Turn
from central.rules import match
from central.store import captured, stock
from central.store.orders import OrderRow
from central.store.packing import Packing, Waiting
from wire.deeds import ScanDetail

EPOCH: Final = date(1970, 1, 1)
NO_DETAIL: Final = ScanDetail()


@dataclass(frozen=True)
class Reading:
    """An item's barcode and what else was read off it, by the scan `scan_id`, which showed `text`."""

    scan_id: str
    text: str
    barcode: str
    detail: ScanDetail = NO_DETAIL


@dataclass(frozen=True)
class Judged:
    """The verdict, and the SKU it is about ("": nobody knows)."""

    verdict: match.ItemVerdict
    sku: str = ""


def judge_reading(turn: Turn, work: Packing, order: OrderRow, reading: Reading) -> Judged:
    """Ask the match; what is accepted is captured, what lacks something waits for it in `work`."""
    owners = stock.owners(turn.database, reading.barcode)
    meaning = owners[0] if len(owners) == 1 else None
    item = match.Item(owners)
    if meaning is not None and meaning.tracking:
        seen = match.Seen(reading.detail.serial, reading.detail.lot, day_number(reading.detail.expires_on))
        item = match.Item(owners, seen, _known(turn, meaning, seen))
    now = match.OrderNow(order.order_no, order.status, order.station, order.hold)
    verdict = match.judge_item(now, work.station, work.items, item)
    work.waiting = None
    if isinstance(verdict, match.Want):
        work.waiting = Waiting(reading.barcode, verdict.what, reading.detail)
    if meaning is not None and isinstance(verdict, match.Accept | match.Complete):
        work.last_sku = meaning.sku
        if meaning.tracking:
            _keep(turn, work, reading, meaning)
    return Judged(verdict, owners[0].sku if owners else "")


def day_number(text: str) -> int:
    """Days from 1970-01-01 to YYYY-MM-DD; 0 for "" and for a day that the calendar does not have."""
    try:
        return (date.fromisoformat(text) - EPOCH).days if text else 0
    except ValueError:
        return 0


def today(turn: Turn) -> date:
    """The day it is where central runs."""
    return datetime.fromtimestamp(turn.now_utc_ns / 1e9, UTC).astimezone().date()


def _known(turn: Turn, meaning: match.Meaning, seen: match.Seen) -> match.Known:
    database = turn.database
    if meaning.tracking == "serial":
        return match.Known(serial_in=captured.order_with_serial(database, meaning.sku, seen.serial))
    now = today(turn)
    kept = captured.lot_day(database, meaning.sku, seen.lot)
    first = captured.first_lot(database, meaning.sku, now.isoformat())
    return match.Known(
        today=(now - EPOCH).days,
        keeps_lots=captured.keeps_lots(database, meaning.sku),
        lot_kept=kept is not None,
        expiry_day=day_number(kept or ""),
        first_lot=first.lot if first else "",
        first_day=day_number(first.expires_on) if first else 0,
        tolerance_days=turn.site.settings.lot_tolerance_days,
    )


def _keep(turn: Turn, work: Packing, reading: Reading, meaning: match.Meaning) -> None:
    detail = reading.detail
    kept = captured.lot_day(turn.database, meaning.sku, detail.lot) if detail.lot else None
    days = [day for day in (detail.expires_on, kept or "") if day]
    row = captured.Captured(
        meaning.sku, meaning.pieces, serial=detail.serial, lot=detail.lot, expires_on=min(days, default="")
    )
    captured.add_captured(turn.database, reading.scan_id, work.verification, work.order_no, row)
