"""One line to light modules, as its owner thread sees it: wait for the gap, exchange one request, settle."""

from __future__ import annotations

from typing import Protocol

from edge.drivers.modbus_pdu import Refusal, Request, Words


class BusLink(Protocol):
    """Blocking; used by one thread only."""

    tells_replies_apart: bool

    def open(self) -> None:
        """Open the line. Raises DeviceGone."""

    def close(self) -> None:
        """Let go of the line. Twice is harmless."""

    def wait_for_gap(self) -> None:
        """Return when the line has been silent long enough for a next request."""

    def exchange(self, request: Request, reply_wait_s: float) -> Words | Refusal:
        """One request and its reply. Raises DeviceSilent, WireGarbled (the line is settled by then) or DeviceGone."""
