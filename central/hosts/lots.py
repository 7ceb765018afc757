"""Lots that a host or a person brings, as CSV or JSON: one row a lot."""

from __future__ import annotations

from typing import Final

from central.hosts.fields import PIECES_MAX, Checked
from central.hosts.files import Troubles, listed
from central.hosts.rows import Columns, Kind, read_rows, shown
from wire.commands import NewLot

LOTS: Final = Columns(("sku", "lot", "expires_on", "pieces"))


def read_lots(data: bytes, kind: Kind) -> tuple[tuple[NewLot, ...], Troubles]:
    """A lot that does not expire has the day empty."""
    rows, troubles = read_rows(data, kind, LOTS)
    seen: dict[tuple[str, str], int] = {}
    good: list[NewLot] = []
    for row in rows:
        checked = Checked(row, troubles)
        sku, lot = checked.text("sku"), checked.text("lot")
        expires_on, pieces = checked.day("expires_on", needed=False), checked.number("pieces", 0, PIECES_MAX)
        line = seen.setdefault((sku, lot), row.line)
        if sku and lot and line != row.line:
            checked.trouble(f"lot {shown(lot)} of {shown(sku)} is already on line {line}", "Keep one of the two")
        if not checked.bad:
            good.append(NewLot(sku=sku, lot=lot, expires_on=expires_on, pieces=pieces, line=row.line))
    return tuple(good), listed(troubles)
