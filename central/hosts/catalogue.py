"""The catalogue that a host or a person brings, as CSV or JSON: one row a barcode."""

from __future__ import annotations

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
    ("pieces", "scan_first", "style", "weight_g"),
    nested="barcodes",
    inner=("barcode", "pieces"),
)
SCANS: Final[dict[str, ScanFirst]] = {"no": "no", "location": "location", "item": "item", "both": "both"}


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
        said = {"title": title, "scan_first": _scan_first(checked), "style": checked.text("style", needed=False)}
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
        style=said["style"],
        weight_g=int(said["weight_g"]),
    )


def _scan_first(checked: Checked) -> str:
    """What is scanned before a pick counts; "": the file does not say."""
    return checked.choice("scan_first", tuple(SCANS), needed=False)


def _must_agree(checked: Checked, draft: _Draft, said: dict[str, str]) -> None:
    """The rows of a SKU say the same of it."""
    for column, value in said.items():
        if draft.said[column] != value:
            cure = "Use one title" if column == "title" else f"Write the same {column} on each of its rows"
            checked.trouble(f"SKU {shown(draft.sku)} has another {column} on line {draft.line}", cure)
