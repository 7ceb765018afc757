"""Single values of a row, checked: what is wrong and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from central.hosts.rows import Row, did_you_mean, shown
from wire.commands import Trouble
from wire.ids import TEXT_MAX

PIECES_MAX: Final = 99_999
TITLE_MAX: Final = 200
LEVEL_MAX: Final = 1_000
SECONDS_MAX: Final = 253_402_300_799  # the last second of year 9999
_whole: Final = re.compile(r"[+-]?[0-9]{1,18}")


class Checked:
    """Reads values out of one row and gathers its troubles. `bad` once there is one."""

    def __init__(self, row: Row, troubles: list[Trouble]) -> None:
        self.row, self.bad = row, False
        self._troubles = troubles

    def trouble(self, what: str, cure: str) -> None:
        """Note one."""
        self.bad = True
        self._troubles.append(Trouble(line=self.row.line, what=what, cure=cure))

    def title(self, column: str) -> str:
        """A text for people: what nobody can see in it is dropped."""
        value = self.row.values.get(column)
        seen = (
            "".join(mark for mark in value if unicodedata.category(mark) != "Cf") if isinstance(value, str) else value
        )
        return self._text(column, seen, TITLE_MAX)

    def text(self, column: str, *, needed: bool = True) -> str:
        """A name or code: printable, as long as the record keeps it."""
        value = self.row.values.get(column)
        return self._text(column, value, TEXT_MAX, needed=needed)

    def _text(self, column: str, value: object, length_max: int, *, needed: bool = True) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # JSON writers drop the quotes of an order number
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.trouble(f"{column} {shown(value)} is no text", "Put it in quotes")
            return ""
        value = "".join(" " if unicodedata.category(mark) == "Zs" else mark for mark in value).strip()
        if not value and needed:
            self.trouble(f"{column} is empty", "Fill it in")
        elif len(value) > length_max:
            self.trouble(f"{column} {shown(value)} has {len(value)} characters", f"At most {length_max}")
        elif not value.isprintable():
            self.trouble(f"{column} {shown(value)} has invisible characters", "Remove them")
        return value

    def number(self, column: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`; `default` where the field is empty."""
        value = self.row.values.get(column, "")
        if value in ("", None) and default is not None:
            return default
        cure = f"Write a whole number from {low} to {high}"
        if isinstance(value, str) and _whole.fullmatch(value) and value.isascii():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.trouble(
                f"{column} is empty" if value in ("", None) else f"{column} {shown(value)} is no whole number", cure
            )
            return low
        if not low <= value <= high:
            self.trouble(f"{column} is {shown(value)}", cure)
            return low
        return value

    def choice(self, column: str, known: Sequence[str], *, needed: bool = True) -> str:
        """One of `known`; "" where the field is empty and may be."""
        value = self.text(column, needed=needed).lower()
        if value and value not in known:
            cure = did_you_mean(value, known, f"One of {', '.join(known)}")
            self.trouble(f"{column} {shown(value)} is not known", cure)
        return value

    def day(self, column: str, *, needed: bool = True) -> str:
        """A day as YYYY-MM-DD; "" where the field is empty and may be."""
        value = self.text(column, needed=needed)
        try:
            good = not value or date.fromisoformat(value).isoformat() == value
        except ValueError:
            good = False
        if not good:
            self.trouble(f"{column} {shown(value)} is no day", "Write it like 2027-01-31")
        return value if good else ""

    def utc_s(self, column: str) -> int:
        """A moment as seconds since 1970: ISO 8601 (UTC unless it says otherwise) or the seconds; 0 where empty."""
        value = self.row.values.get(column, "")
        if value in ("", None):
            return 0
        if isinstance(value, int) or (isinstance(value, str) and _whole.fullmatch(value)):
            return self.number(column, 0, SECONDS_MAX)
        try:
            moment = datetime.fromisoformat(str(value))
            seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
        except (ValueError, OverflowError):
            seconds = -1
        if not 0 <= seconds <= SECONDS_MAX:
            self.trouble(f"{column} {shown(value)} is no time", "Write it like 2026-11-24T18:00:00Z")
            return 0
        return seconds
