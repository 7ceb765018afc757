"""The few messages of the Internet Printing Protocol (RFC 8010, 8011) that a label needs. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

VERSION: Final = b"\x01\x01"
_OPERATION, _JOB, _END = 0x01, 0x02, 0x03
_DELIMITERS_MAX: Final = 0x0F
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
ATTRIBUTES_MAX: Final = 500


class Operation(IntEnum):
    """What is asked."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB = 0x0009
    GET_PRINTER = 0x000B


class JobState(IntEnum):
    """Where a job is (RFC 8011, 5.3.7)."""

    PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = 3, 4, 5, 6, 7, 8, 9


class IppUnreadable(ValueError):
    """An answer that is no IPP."""


@dataclass(frozen=True)
class IppReply:
    """An answer: `status` below 0x0100 is success; values by name, numbers as int, the rest as text."""

    status: int
    values: Mapping[str, tuple[int | str, ...]]

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status < 0x0100

    def number(self, name: str) -> int:
        """The first value of `name` as a number; -1 if it has none."""
        first = next(iter(self.values.get(name, ())), -1)
        return first if isinstance(first, int) else -1

    def words(self, name: str) -> tuple[str, ...]:
        """All values of `name` as text."""
        return tuple(str(value) for value in self.values.get(name, ()))


def request(
    operation: Operation, number: int, printer: str, user: str, *, job_id: int = 0, job_name: str = "", mime: str = ""
) -> bytes:
    """A request about `printer` (an ipp:// address), without the document that follows a PRINT_JOB."""
    parts = [
        _one(_CHARSET, "attributes-charset", "utf-8"),
        _one(_LANGUAGE, "attributes-natural-language", "en"),
        _one(_URI, "printer-uri", printer),
        _one(_INTEGER, "job-id", job_id) if job_id else b"",
        _one(_NAME, "requesting-user-name", user),
        _one(_NAME, "job-name", job_name) if job_name else b"",
        _one(_MIME, "document-format", mime) if mime else b"",
    ]
    if operation is Operation.GET_PRINTER:
        parts.append(_many("printer-state", "printer-state-reasons", "printer-is-accepting-jobs"))
    if operation is Operation.GET_JOB:
        parts.append(_many("job-state", "job-state-reasons", "job-printer-state-message"))
    head = VERSION + struct.pack(">hi", operation, number) + bytes([_OPERATION])
    return head + b"".join(parts) + bytes([_END])


def read_reply(body: bytes) -> IppReply:
    """An answer. Raises IppUnreadable."""
    try:
        return _read(body)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise IppUnreadable(f"{len(body)} bytes that are no answer: {error}") from error


def _read(body: bytes) -> IppReply:
    (status,) = struct.unpack_from(">H", body, 2)
    values: dict[str, tuple[int | str, ...]] = {}
    place, name = 8, ""
    for _ in range(ATTRIBUTES_MAX):
        tag = body[place]
        place += 1
        if tag == _END:
            return IppReply(status, values)
        if tag <= _DELIMITERS_MAX:
            continue
        (length,) = struct.unpack_from(">H", body, place)
        name = body[place + 2 : place + 2 + length].decode("utf-8") or name
        place += 2 + length
        (length,) = struct.unpack_from(">H", body, place)
        values[name] = (*values.get(name, ()), _value(tag, body[place + 2 : place + 2 + length]))
        place += 2 + length
    raise IppUnreadable(f"more than {ATTRIBUTES_MAX} attributes")


def _value(tag: int, raw: bytes) -> int | str:
    if tag in (_INTEGER, _BOOLEAN, _ENUM):
        return int.from_bytes(raw, "big", signed=tag == _INTEGER)
    return raw.decode("utf-8", "replace")


def _one(tag: int, name: str, value: str | int) -> bytes:
    raw = struct.pack(">i", value) if isinstance(value, int) else value.encode()
    return bytes([tag]) + struct.pack(">H", len(name)) + name.encode() + struct.pack(">H", len(raw)) + raw


def _many(*keywords: str) -> bytes:
    names: Sequence[str] = ("requested-attributes", *[""] * (len(keywords) - 1))
    return b"".join(_one(_KEYWORD, name, word) for name, word in zip(names, keywords, strict=True))
