"""The catalogue that a host or a person brings, as CSV or JSON: one row a barcode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from central.hosts.fields import PIECES_MAX, Checked
from central.hosts.files import Troubles, listed
from central.hosts.rows import Columns, Kind, read_rows, shown
from wire.commands import NewSku

ScanFirst = Literal["", "no", "location", "item", "both"]

WEIGHT_G_MAX: Final = 100_000  # of one piece
BARCODES_MAX: Final = 100  # of one SKU
CATALOGUE: Final = Columns(
    ("sku", "title", "barcode"),
    ("pieces", "scan_first", "style", "weight_g", "tracking", "key_count", "active"),
    nested="barcodes",
    inner=("barcode", "pieces"),
)
Tracking = Literal["", "no", "serial", "lot", "lot_expiry"]
YesNo = Literal["", "no", "yes"]
TRACKINGS: Final[dict[str, Tracking]] = {"no": "no", "serial": "serial", "lot": "lot", "lot_expiry": "lot_expiry"}
YES_NO: Final[dict[str, YesNo]] = {"no": "no", "yes": "yes"}
SCANS: Final[dict[str, ScanFirst]] = {"no": "no", "location": "location", "item": "item", "both": "both"}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "scan_first": SCANS,
    "tracking": TRACKINGS,
    "key_count": YES_NO,
    "active": YES_NO,
}


@dataclass
class _Draft:
    """A SKU while its rows are read. What the first row says of it holds for all."""

    sku: str
    line: int
    said: dict[str, str]
    barcodes: list[tuple[str, int]] = field(default_factory=list)
    bad: bool = False


def read_catalogue(data: bytes, kind: Kind) -> tuple[tuple[NewSku, ...], Troubles]:
    """A SKU without a barcode has the field empty. A SKU with any bad row is left out whole."""
    rows, troubles = read_rows(data, kind, CATALOGUE)
    drafts: dict[str, _Draft] = {}
    owners: dict[str, int] = {}
    for row in rows:
        checked = Checked(row, troubles)
        sku, title = checked.text("sku"), checked.title("title")
        barcode, pieces = checked.text("barcode", needed=False), checked.number("pieces", 1, PIECES_MAX, default=1)
        said = {"title": title, "style": checked.text("style", needed=False)}
        said |= {column: checked.choice(column, tuple(known), needed=False) for column, known in CHOICES.items()}
        said["weight_g"] = str(checked.number("weight_g", 0, WEIGHT_G_MAX, default=0))
        draft = drafts.setdefault(sku, _Draft(sku, row.line, said))
        _must_agree(checked, draft, said)
        if barcode in owners:
            checked.trouble(f"barcode {shown(barcode)} is already on line {owners[barcode]}", "Keep one of the two")
        if barcode:
            owners.setdefault(barcode, row.line)
            draft.barcodes.append((barcode, pieces))
        if len(draft.barcodes) > BARCODES_MAX:
            checked.trouble(f"SKU {shown(sku)} has more than {BARCODES_MAX} barcodes", "Remove what is not in use")
        draft.bad |= checked.bad
    return tuple(_sku(draft) for draft in drafts.values() if not draft.bad), listed(troubles)


def _sku(draft: _Draft) -> NewSku:
    said = draft.said
    return NewSku(
        sku=draft.sku,
        title=said["title"],
        barcodes=tuple(draft.barcodes),
        line=draft.line,
        scan_first=SCANS.get(said["scan_first"], ""),
        tracking=TRACKINGS.get(said["tracking"], ""),
        key_count=YES_NO.get(said["key_count"], ""),
        active=YES_NO.get(said["active"], ""),
        style=said["style"],
        weight_g=int(said["weight_g"]),
    )


def _must_agree(checked: Checked, draft: _Draft, said: dict[str, str]) -> None:
    """The rows of a SKU say the same of it."""
    for column, value in said.items():
        if draft.said[column] != value:
            cure = "Use one title" if column == "title" else f"Write the same {column} on each of its rows"
            checked.trouble(f"SKU {shown(draft.sku)} has another {column} on line {draft.line}", cure)
