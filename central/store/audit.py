"""Questions that find a lie: what counted twice, does stock follow from the journal, what left unverified."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, create_engine, text

from central.store.errors import StoreUnsafe

_KINDS: Final = text("SELECT kind, count(*) FROM journal WHERE counted GROUP BY kind")
_DOUBLES: Final = text("SELECT intent, count(*) FROM journal WHERE counted GROUP BY intent HAVING count(*) > 1")
_REPEATS: Final = text("SELECT count(*) FROM journal WHERE NOT counted AND kind <> 'dead_letter'")
_DEAD: Final = text("SELECT node, epoch, seq, reason FROM dead_letter ORDER BY id")
_STATUS: Final = text("SELECT status, count(*) FROM orders GROUP BY status")
_STOCK_LINES: Final = text(
    "SELECT kind, record FROM journal WHERE counted AND kind IN"
    " ('import_locations', 'count_place', 'resolve_ticket', 'stock_adjusted', 'pick_confirmed', 'pick_undone',"
    " 'short_picked') ORDER BY id"
)
_PLACES: Final = text(
    "SELECT l.location_id, l.on_hand, l.reserved, coalesce(sum(p.asked), 0) FROM location l LEFT JOIN pick p"
    " ON p.location_id = l.location_id AND p.status IN ('planned', 'released', 'held') GROUP BY l.location_id"
)
_UNVERIFIED: Final = text(
    "SELECT o.order_no FROM orders o WHERE o.status IN ('released', 'handed_over') AND NOT EXISTS ("
    " SELECT 1 FROM parcel p JOIN verification v ON v.verification = p.verification"
    " WHERE p.order_no = o.order_no AND p.grant_id = o.grant_id AND p.released_utc_ns > 0 AND v.order_no = o.order_no)"
)
_PUTS: Final = text("SELECT record FROM journal WHERE counted AND kind = 'put_confirmed' ORDER BY id")
_WALL_LINES: Final = text(
    "SELECT l.line_id, l.asked, l.put, o.status, (SELECT coalesce(sum(p.picked), 0) FROM pick p"
    " WHERE p.order_no = l.order_no AND p.sku = l.sku) FROM wall_line l JOIN orders o ON o.order_no = l.order_no"
)
_SORTED: Final = ("picked", "at_bench", "verified", "released", "handed_over")  # nothing is missing in the cubby
_RELEASED_DEEDS: Final = text(
    "SELECT count(*) FROM journal WHERE kind = 'parcel_released' AND counted"
    " UNION ALL SELECT count(*) FROM parcel WHERE released_utc_ns > 0"
)


@dataclass(frozen=True)
class Audit:
    """What a site's record says of itself. `stock_faults`, `doubled`, `unverified`, `wall_faults` must be empty."""

    counted_by_kind: dict[str, int]
    doubled: list[str]  # intents that counted more than once
    repeats_ignored: int
    dead_letters: list[str]
    orders_by_status: dict[str, int]
    stock_faults: list[str]
    unverified: list[str]  # released orders without a released grant of a verification of theirs
    released_deeds: int  # releases in the journal
    released_parcels: int  # grants marked as released
    wall_faults: list[str]  # cubbies that hold what was not picked or not journalled


def audit(database: Path) -> Audit:
    """Read a site's whole record; works beside a running writer. Raises StoreUnsafe if there is no file."""
    if not database.exists():
        raise StoreUnsafe(f"{database}: no such file")
    engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            deeds, parcels = (int(row[0]) for row in connection.execute(_RELEASED_DEEDS))
            return Audit(
                counted_by_kind=_pairs(connection, _KINDS),
                doubled=[str(row[0]) for row in connection.execute(_DOUBLES)],
                repeats_ignored=int(connection.execute(_REPEATS).scalar_one()),
                dead_letters=[f"{row[0]} {row[1]}:{row[2]} {row[3]}" for row in connection.execute(_DEAD)],
                orders_by_status=_pairs(connection, _STATUS),
                stock_faults=_stock_faults(connection),
                unverified=[str(row[0]) for row in connection.execute(_UNVERIFIED)],
                released_deeds=deeds,
                released_parcels=parcels,
                wall_faults=_wall_faults(connection),
            )
    finally:
        engine.dispose()


def recomputed_stock(lines: list[tuple[str, bytes]]) -> dict[str, int]:
    """Pieces in each place as they follow from (kind, record) of the counted journal lines alone."""
    pieces: Counter[str] = Counter()
    for kind, record in lines:
        said = msgspec.json.decode(record)
        match kind:
            case "import_locations" | "count_place":
                pieces.update({place: now - before for place, before, now in said["stock"]})
            case "resolve_ticket":
                for place, _, returned in said.get("returned", ()):
                    pieces[place] += returned
            case "stock_adjusted":
                pieces[said["location_id"]] += said["adjusted_pieces"]
            case "pick_confirmed":
                pieces[said["deed"]["location_id"]] -= said["deed"]["picked_pieces"]
            case "pick_undone":
                pieces[said["deed"]["location_id"]] += said["deed"]["picked_pieces"]
            case _:
                pieces[said["deed"]["location_id"]] -= said["deed"]["found_pieces"]
    return dict(pieces)


def _stock_faults(connection: Connection) -> list[str]:
    lines = [(str(row[0]), bytes(row[1])) for row in connection.execute(_STOCK_LINES)]
    expected = recomputed_stock(lines)
    faults: list[str] = []
    for place, on_hand, reserved, promised in connection.execute(_PLACES):
        if expected.get(place, 0) != on_hand:
            faults.append(f"{place}: {on_hand} on hand, the journal says {expected.get(place, 0)}")
        if reserved != promised:
            faults.append(f"{place}: {reserved} reserved, open picks want {promised}")
    return faults


def _wall_faults(connection: Connection) -> list[str]:
    said: Counter[str] = Counter()
    for row in connection.execute(_PUTS):
        deed = msgspec.json.decode(bytes(row[0]))["deed"]
        said[deed["line_id"]] += deed["put_pieces"]
    faults: list[str] = []
    for line_id, asked, put, status, picked in connection.execute(_WALL_LINES):
        if said[line_id] != put:
            faults.append(f"{line_id}: {put} in the cubby, the journal says {said[line_id]}")
        if put > picked:
            faults.append(f"{line_id}: {put} in the cubby, {picked} were picked")
        if status in _SORTED and put != asked:
            faults.append(f"{line_id}: {put} of {asked} in the cubby, its order is {status}")
    return faults


def _pairs(connection: Connection, query: object) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}  # type: ignore[call-overload]
