"""Bytes of a scanner to scans: suffix, prefix, silence, length and dirt. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from edge.drivers.ports import Scan
from wire.ids import SCAN_MAX

_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
LINE_ENDS = b"\r\n"
TORN_NS = 500_000_000  # what comes so soon after a torn scan is its other half


def aim_of(text: str) -> str:
    """The AIM identifier at the beginning of `text` (`]C1`), which says what was read; "" if there is none."""
    found = _AIM.match(text)
    return found[0] if found else ""


@dataclass(frozen=True)
class Framing:
    """How a scanner marks a scan. `prefix` is cut off and must be there if given.

    `suffix` b"": silence ends it, or the prefix of the next one.
    """

    suffix: bytes = b"\r"
    prefix: bytes = b""


class ScanAssembler:
    """Gathers bytes until a scan is whole. Holds at most SCAN_MAX + 1 of them, however many come."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._held = bytearray()
        self._too_long = False
        self._spoilt = ""  # why the scan that is held cannot be trusted, known from elsewhere
        self._torn_ns = 0  # when the last scan was torn; 0: it was not

    @property
    def pending(self) -> bool:
        """Whether a scan has begun and not ended."""
        return bool(self._held or self._spoilt)

    def spoil(self, why: str) -> None:
        """The scan that is held, or begins now, cannot be trusted, however it ends."""
        self._spoilt = self._spoilt or why

    def feed(self, chunk: bytes, mono_ns: int) -> list[Scan]:
        """The scans that are whole after `chunk`, which was read at `mono_ns`."""
        suffix = self._framing.suffix
        scans = []
        self._held += chunk
        if not suffix:
            scans += self._before_a_new_prefix(mono_ns)
        while suffix and (end := self._held.find(suffix)) >= 0:
            line = bytes(self._held[:end])
            del self._held[: end + len(suffix)]
            scans += self._whole(line, mono_ns)
        self._cap()
        return scans

    def fall_silent(self, mono_ns: int) -> list[Scan]:
        """The scanner has been silent for a while: what is held is whole (no suffix) or torn (suffix missing)."""
        line = bytes(self._held)
        self._held.clear()
        if not self._framing.suffix:
            return self._whole(line, mono_ns)
        dirty, self._spoilt, self._too_long = self._spoilt or "no_suffix", "", False
        line = line.strip(LINE_ENDS)
        torn = bool(line) or dirty != "no_suffix"
        self._torn_ns = mono_ns if torn else 0
        return [Scan(_shown(line), mono_ns, dirty)] if torn else []

    def forget(self) -> None:
        """The scanner is gone; half a scan is none."""
        self._held.clear()
        self._too_long, self._spoilt, self._torn_ns = False, "", 0

    def _before_a_new_prefix(self, mono_ns: int) -> list[Scan]:
        prefix, scans = self._framing.prefix, []
        while prefix and (begin := self._held.find(prefix, 1)) > 0:
            line = bytes(self._held[:begin])
            del self._held[:begin]
            scans += self._whole(line, mono_ns)
        return scans

    def _cap(self) -> None:
        """Keep enough to know that it is too long, and enough of its end to find the suffix."""
        if len(self._held) > SCAN_MAX + len(self._framing.suffix):
            self._too_long = True
            del self._held[1 : len(self._held) - max(1, len(self._framing.suffix))]

    def _whole(self, line: bytes, mono_ns: int) -> list[Scan]:
        line = line.rstrip(LINE_ENDS) if self._framing.prefix[:1] in (b"\r", b"\n") else line.strip(LINE_ENDS)
        if not line and not self._too_long and not self._spoilt:
            return []
        dirty = self._dirt(line, mono_ns)
        self._too_long, self._spoilt, self._torn_ns = False, "", 0
        if dirty:
            return [Scan(_shown(line), mono_ns, dirty)]
        try:
            return [Scan(line.removeprefix(self._framing.prefix).decode("utf-8"), mono_ns)]
        except UnicodeDecodeError:
            return [Scan(_shown(line), mono_ns, "not_text")]

    def _dirt(self, line: bytes, mono_ns: int) -> str:
        if self._spoilt:
            return self._spoilt
        if self._too_long or len(line) > SCAN_MAX:
            return "too_long"
        if self._torn_ns and mono_ns - self._torn_ns < TORN_NS:
            return "torn"
        return "" if line.startswith(self._framing.prefix) else "no_prefix"


def _shown(line: bytes) -> str:
    return line[:SCAN_MAX].decode("ascii", "backslashreplace")[:SCAN_MAX]
