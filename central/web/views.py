"""What each part of the floor page shows: values made from the record and from what the nodes show now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from central.store.reads_rows import AlarmRow, Overview, PlanRow, TicketRow, WaveRow
from central.web.plan import ZoneDrawing, draw_zone
from wire.uplink import ToteLive, WrongScan, ZoneAsk, ZoneLive

ROOMY_MAX: Final = 60  # modules on the whole floor
PLAIN_MAX: Final = 500
FULL: Final = 1000  # a whole bar
Pace = Literal["done", "on_time", "behind", "late"]


@dataclass(frozen=True)
class FloorView:
    """Every zone's drawing; `hands`: a simulated floor stands behind, so modules can be pressed."""

    zones: tuple[ZoneDrawing, ...]
    hands: bool

    @property
    def size(self) -> str:
        """How large modules can be drawn: roomy, plain or dense."""
        modules = sum(len(bay.modules) for zone in self.zones for bay in zone.bays)
        return "roomy" if modules <= ROOMY_MAX else "plain" if modules <= PLAIN_MAX else "dense"


@dataclass(frozen=True)
class ZoneHead:
    """A zone's headline. `colour` is the current tote's, "" while none is lit. `totes` only where several may be."""

    zone: str
    node: str
    tote_id: str = ""
    order_no: str = ""
    colour: str = ""
    picks_open: int = 0
    totes_waiting: int = 0
    notice: str = ""
    notice_count: int = 0
    lost: int = 0
    totes: tuple[ToteLive, ...] = ()
    asks: tuple[ZoneAsk, ...] = ()
    is_wall: bool = False
    next_zone: str = ""
    passed_tote: str = ""
    passed_to: str = ""
    wrong: WrongScan | None = None


@dataclass(frozen=True)
class Counts:
    """Orders by where they are."""

    waiting: int = 0
    picking: int = 0
    packing: int = 0
    released: int = 0
    handed: int = 0
    exception: int = 0
    cancelled: int = 0


@dataclass(frozen=True)
class WaveView:
    """A wave's bar, in thousandths: picks done, orders out, and time gone of the time until the cut-off."""

    wave: str
    pace: Pace
    cut_off_utc_s: int
    orders: int
    orders_out: int
    in_exception: int
    picks: int
    picks_done: int
    picked_share: int
    out_share: int
    time_share: int


@dataclass(frozen=True)
class WavesView:
    """The open waves, earliest first, then the last finished."""

    waves: tuple[WaveView, ...] = ()


@dataclass(frozen=True)
class TicketsView:
    """Open exceptions, oldest first; `more` are not listed."""

    tickets: tuple[TicketRow, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class AlarmsView:
    """Open alarms, oldest first."""

    alarms: tuple[AlarmRow, ...] = ()


def step_is_plain(ticket: TicketRow, step: str) -> bool:
    """True if one button is enough for it; else a person says which goods, and where they are now."""
    return step != "repick" and (step != "return_stock" or ticket.order_status == "cancelled")


def floor_view(rows: Sequence[PlanRow], node_of_zone: Mapping[str, str], hands: bool) -> FloorView:
    """The drawings of all zones that have a location or a node; `rows` are in order of zone and bay."""
    drawn = {zone: list(places) for zone, places in groupby(rows, key=lambda row: row.zone)}
    zones = sorted({*drawn, *node_of_zone})
    return FloorView(
        tuple(draw_zone(zone, node_of_zone.get(zone, ""), drawn.get(zone, ())) for zone in zones), hands=hands
    )


def zone_head(node: str, live: ZoneLive) -> ZoneHead:
    """The headline of a zone as its node shows it. A notice may carry a number after a colon."""
    notice, _, number = live.notice.partition(":")
    return ZoneHead(
        zone=live.zone,
        node=node,
        tote_id=live.tote_id,
        order_no=live.order_no,
        colour=next((module.colour for module in live.modules if module.state == "lit" and module.colour), ""),
        picks_open=live.picks_open,
        totes_waiting=live.totes_waiting,
        notice=notice,
        notice_count=int(number) if number.isascii() and number.isdigit() else 0,
        lost=sum(module.state == "unreachable" for module in live.modules),
        totes=live.totes if len(live.totes) > 1 or any(tote.picker for tote in live.totes) else (),
        asks=live.asks,
        is_wall=live.wall is not None,
        next_zone=live.next_zone,
        passed_tote=live.passed_tote,
        passed_to=live.passed_to,
        wrong=live.wrong_scan,
    )


def faces(live: ZoneLive) -> dict[str, tuple[str, str, int]]:
    """(state, colour, pieces) of every module that is not simply dark; a picture need not name the dark ones."""
    return {
        module.location_id: (module.state, module.colour, module.pieces)
        for module in live.modules
        if module.state != "dark"
    }


def counts(by_status: Mapping[str, int]) -> Counts:
    """Orders by where they are, from their statuses."""

    def of(*statuses: str) -> int:
        return sum(by_status.get(status, 0) for status in statuses)

    return Counts(
        waiting=of("imported", "allocated"),
        picking=of("waved", "picking"),
        packing=of("picked", "at_bench", "verified"),
        released=of("released"),
        handed=of("handed_over"),
        exception=of("exception"),
        cancelled=of("cancelled"),
    )


def wave_view(row: WaveRow, now_utc_s: float) -> WaveView:
    """How far a wave is, and whether that is in time."""
    where = counts(row.orders_by_status)
    orders = max(0, row.orders - where.cancelled)
    out = where.released + where.handed
    picks = sum(count for status, count in row.picks_by_status.items() if status != "cancelled")
    done = sum(row.picks_by_status.get(status, 0) for status in ("confirmed", "short"))
    out_share = _share(out + where.exception, orders) if orders else FULL
    time_share = _time_share(row, now_utc_s)
    return WaveView(
        wave=row.wave,
        pace=_pace(row, out_share, _share(done, picks), time_share),
        cut_off_utc_s=row.cut_off_utc_s,
        orders=orders,
        orders_out=out,
        in_exception=where.exception,
        picks=picks,
        picks_done=done,
        picked_share=_share(done, picks),
        out_share=_share(out, orders),
        time_share=time_share,
    )


def record_parts(record: Overview, now_utc_s: float) -> dict[str, Any]:
    """The parts of the page that come from the record, by element id."""
    return {
        "counts": counts(record.orders_by_status),
        "waves": WavesView(tuple(wave_view(row, now_utc_s) for row in record.waves)),
        "tickets": TicketsView(record.tickets, max(0, record.tickets_open - len(record.tickets))),
        "alarms": AlarmsView(record.alarms),
    }


def _share(part: int, whole: int) -> int:
    return min(FULL, part * FULL // whole) if whole else 0


def _time_share(row: WaveRow, now_utc_s: float) -> int:
    begun_s = row.released_utc_ns / 1e9
    if not row.cut_off_utc_s or row.cut_off_utc_s <= begun_s:
        return 0
    share = (now_utc_s - begun_s) / (row.cut_off_utc_s - begun_s)
    return round(max(0.0, min(1.0, share)) * 100) * (FULL // 100)  # steps of 1 %: a bar that moves quietly


def _pace(row: WaveRow, out_share: int, picked_share: int, time_share: int) -> Pace:
    if row.status == "done":
        return "done"
    begun_before_cut_off = row.cut_off_utc_s > row.released_utc_ns / 1e9
    if begun_before_cut_off and time_share >= FULL:
        return "late"
    return "behind" if (out_share + picked_share) / 2 + FULL / 10 < time_share else "on_time"
