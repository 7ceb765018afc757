"""A serial number, a lot or a count was given for the item that is at hand: load, decide, save, answer."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from central.handlers.details import Judged, Reading
from central.handlers.site import Turn
from central.handlers.verifying import answer_verdict, judge_and_answer, open_work, order_now, refuse
from central.rules import match
from central.store import orders, stock
from central.store.packing import Scan, Waiting
from wire.deeds import CountKeyed, DetailScanned, ScanDetail
from wire.ids import TEXT_MAX
from wire.phrases import Refusal

_LOT: Final = "lot"


def detail_scanned(turn: Turn, deed: DetailScanned) -> None:
    """What the item that waits lacked: it is judged again, with this too."""
    found = open_work(turn, deed)
    if found is None:
        return
    work, order = found
    if work.waiting is None:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_THIS_PARCEL))
        return
    detail = _with(turn, work.waiting, deed)
    if detail is None:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_A_DETAIL))
        return
    text = deed.detail.raw if deed.detail is not None and deed.detail.raw else deed.text
    judge_and_answer(turn, work, order, Reading(deed.scan_id, text, work.waiting.barcode, detail))


def count_keyed(turn: Turn, deed: CountKeyed) -> None:
    """So many pieces of the SKU counted last are in the box in all."""
    found = open_work(turn, deed)
    if found is None:
        return
    work, order = found
    last = stock.meaning_of_sku(turn.database, work.last_sku) if work.last_sku else None
    verdict = match.judge_count(order_now(order), deed.station, work.items, last, deed.pieces)
    answer_verdict(turn, work, Judged(verdict, work.last_sku), Scan(deed.scan_id, f"= {deed.pieces}", ""))


def _with(turn: Turn, waiting: Waiting, deed: DetailScanned) -> ScanDetail | None:
    """All that was read off the item by now; None: this scan does not say what is wanted."""
    given, text = deed.detail, deed.text.strip()
    owners = stock.owners(turn.database, text)
    if given is not None and (given.serial or given.lot):
        said = given.lot if waiting.what == _LOT else given.serial
        others = bool(owners) and owners != stock.owners(turn.database, waiting.barcode)
        return _joined(waiting.detail, given) if said and not others else None
    if not text or len(text) > TEXT_MAX or owners:
        return None
    if orders.order_of_label(turn.database, text) is not None:
        return None
    return replace(waiting.detail, lot=text) if waiting.what == _LOT else replace(waiting.detail, serial=text)


def _joined(before: ScanDetail, more: ScanDetail) -> ScanDetail:
    return ScanDetail(
        serial=more.serial or before.serial,
        lot=more.lot or before.lot,
        expires_on=more.expires_on or before.expires_on,
    )
