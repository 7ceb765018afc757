"""Bytes of a CSV or JSON file to rows of named values, each with the line it stood on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

import msgspec

from wire.commands import Trouble

Kind = Literal["csv", "json"]

FILE_BYTES_MAX: Final = 10 * 1024 * 1024  # what one command carries, with room for its JSON
ROWS_MAX: Final = 200_000
HEADER_COLUMNS_MAX: Final = 200
DELIMITERS: Final = (",", ";", "\t")  # the last two are what Excel writes in half the world


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of file. `nested` names the list that a JSON record holds, of what its rows differ in."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    nested: str = ""
    inner: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.required, *self.optional)


@dataclass(frozen=True)
class Row:
    """One row. `line` is its line in a CSV file, or the number of its record in JSON, counted from 1.

    Rows of one JSON record have the same `record`; a CSV has 0 everywhere.
    """

    line: int
    values: Mapping[str, object]
    record: int = 0


def read_rows(data: bytes, kind: Kind, columns: Columns) -> tuple[list[Row], list[Trouble]]:
    """The rows of a file and what is wrong with its form. Never raises."""
    if len(data) > FILE_BYTES_MAX:
        return [], [Trouble(line=0, what=f"larger than {FILE_BYTES_MAX} bytes", cure="Split the file")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        cure = "Save it again as UTF-8 (in Excel: 'CSV UTF-8')"
        return [], [Trouble(line=line, what=f"not UTF-8 text: byte 0x{data[error.start]:02x}", cure=cure)]
    if not text.strip():
        return [], [Trouble(line=0, what="the file is empty", cure="Export it again")]
    return _csv(text, columns) if kind == "csv" else _json(text, columns)


def did_you_mean(word: str, known: Sequence[str], else_say: str) -> str:
    """The cure for a name nobody knows."""
    near = get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else else_say


def shown(value: object, length_max: int = 40) -> str:
    """A value from outside as it may be shown to a person."""
    text = ascii(value) if not isinstance(value, str) or not value.isprintable() else f"'{value}'"
    return text if len(text) <= length_max else f"{text[: length_max - 1]}…"


def _csv(text: str, columns: Columns) -> tuple[list[Row], list[Trouble]]:
    head = text.split("\n", 1)[0].strip("\r")
    delimiter = max(DELIMITERS, key=lambda mark: len(set(_names(head.split(mark))) & set(columns.known)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    troubles: list[Trouble] = []
    before = 0  # the last line that was understood
    try:
        names = _names(next(reader))
        troubles += _header_troubles(names, columns)
        if any(name not in names for name in columns.required):
            return [], troubles
        before = reader.line_num
        for cells in reader:
            _add_row(rows, troubles, before + 1, names, cells)
            before = reader.line_num
            if len(rows) > ROWS_MAX:
                return [], [Trouble(line=before, what=f"more than {ROWS_MAX} rows", cure="Split the file")]
    except csv.Error as error:
        cure = "Look for a quote that is not closed"
        troubles.append(Trouble(line=before + 1, what=f"not CSV from here on: {error}", cure=cure))
    return rows, troubles


def _names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().strip('"').strip().lower() for cell in cells]


def _header_troubles(names: list[str], columns: Columns) -> Iterator[Trouble]:
    if len(names) > HEADER_COLUMNS_MAX:
        yield Trouble(line=1, what=f"{len(names)} columns", cure=f"Keep these: {', '.join(columns.known)}")
        return
    unknown = [name for name in names if name not in columns.known]
    for name in columns.required:
        if name not in names:
            cure = did_you_mean(name, unknown, "")
            cure = f"{cure} Rename it" if cure else f"Add it; the columns are {', '.join(columns.known)}"
            yield Trouble(line=1, what=f"column '{name}' is missing", cure=cure)
    for name in unknown:
        cure = did_you_mean(name, columns.known, f"Remove it; the columns are {', '.join(columns.known)}")
        yield Trouble(line=1, what=f"column {shown(name)} is not known", cure=cure)
    for name in sorted({name for name in names if names.count(name) > 1} & set(columns.known)):
        yield Trouble(line=1, what=f"column '{name}' is there {names.count(name)} times", cure="Keep one")


def _add_row(rows: list[Row], troubles: list[Trouble], line: int, names: list[str], cells: list[str]) -> None:
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) != len(names):
        cure = "Look for a missing comma, or put a text that has one into quotes"
        troubles.append(Trouble(line=line, what=f"{len(cells)} values, the first line names {len(names)}", cure=cure))
        return
    rows.append(Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True)}))


def _json(text: str, columns: Columns) -> tuple[list[Row], list[Trouble]]:
    try:
        tree = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return [], [Trouble(line=0, what=f"not JSON: {error}", cure="Export it again, or check that place")]
    if isinstance(tree, dict) and len(tree) == 1:
        tree = next(iter(tree.values()))  # {"orders": […]}
    if not isinstance(tree, list):
        return [], [Trouble(line=0, what="no list of records", cure="Write [{…}, {…}]")]
    if len(tree) > ROWS_MAX:
        return [], [Trouble(line=0, what=f"more than {ROWS_MAX} records", cure="Split the file")]
    rows: list[Row] = []
    troubles: list[Trouble] = []
    for number, record in enumerate(tree, 1):
        _add_record(rows, troubles, number, record, columns)
    return rows, troubles


def _add_record(rows: list[Row], troubles: list[Trouble], number: int, record: object, columns: Columns) -> None:
    if not isinstance(record, dict):
        troubles.append(Trouble(line=number, what=f"{shown(record)} is no record", cure="Write {…} with its columns"))
        return
    inner = record.get(columns.nested, [{}]) if columns.nested else [{}]
    if not isinstance(inner, list) or not all(isinstance(part, dict) for part in inner):
        cure = f"Write [{{{', '.join(columns.inner)}}}, …]"
        troubles.append(Trouble(line=number, what=f"'{columns.nested}' is no list of records", cure=cure))
        return
    outer = {key: value for key, value in record.items() if key != columns.nested}
    for key in {*outer, *(key for part in inner for key in part)} - set(columns.known):
        cure = did_you_mean(key, columns.known, f"Known: {', '.join(columns.known)}")
        troubles.append(Trouble(line=number, what=f"{shown(key)} is not known", cure=cure))
    rows += [Row(number, {**outer, **part}, record=number) for part in inner or [{}]]
