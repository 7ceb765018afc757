"""One line to light modules, as its owner thread sees it: wait for the gap, exchange one request, settle."""

from __future__ import annotations

from typing import Protocol

from edge.drivers.modbus_pdu import Refusal, Request, Words


class BusLink(Protocol):
    """Blocking; used by one thread only."""

    tells_replies_apart: bool

    @property
    def reply_delay_s(self) -> float:
        """Of the last reply: from the request's last byte to its own first, seconds."""

    def open(self) -> None:
        """Open the line. Raises DeviceGone."""

    def close(self) -> None:
        """Let go of the line. Twice is harmless."""

    def wait_for_gap(self) -> None:
        """Return when a next request should be chosen: as soon as it is, the line has been silent long enough."""

    def exchange(self, request: Request, reply_wait_s: float) -> Words | Refusal:
        """One request, not before the silence it owes has passed, and its reply.

        Raises DeviceSilent, WireGarbled (the line is settled by then) or DeviceGone.
        """
