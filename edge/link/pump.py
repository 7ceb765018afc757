"""Sends journal lines in order, a bounded window ahead of central's acknowledgements."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

import msgspec

from edge.clock import Clock
from edge.link.errors import OutboxBroken
from edge.link.outbox import Outbox
from edge.link.rules import age_ms
from edge.link.store import Row
from wire.codec import encode
from wire.uplink import Event

WINDOW: Final = 100  # lines on their way at once; half of what central takes in one batch
ACK_WAIT_S_MAX: Final = 3.0  # no progress for so long: central may be gone or may have forgotten us
REWIND_GAP_S: Final = 0.5  # the same rewind within this time is an echo of the first
READ_ROWS: Final = 200

_log = logging.getLogger("edge.link")


class Pump:
    """`send(payload)` returns False when it cannot; `on_gap(lines)` hears of lines this node no longer keeps."""

    def __init__(
        self,
        outbox: Outbox,
        node: str,
        clock: Clock,
        *,
        send: Callable[[bytes], bool],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        on_gap: Callable[[int], None],
    ) -> None:
        self.sent_through = 0
        self._outbox, self._node, self._clock = outbox, node, clock
        self._send, self._spawn, self._on_gap = send, spawn, on_gap
        self._running = False
        self._progress_s = 0.0
        self._fetched: dict[int, Row] = {}
        self._fetching = False
        self._rewound: tuple[int, float] = (-1, 0.0)

    def begin(self, after_seq: int) -> None:
        """Send everything after `after_seq`, whether it was sent before or not."""
        self._running, self.sent_through, self._progress_s = True, after_seq, time.monotonic()
        self._fetched.clear()
        self.go()

    def stop(self) -> None:
        """Send no more until `begin`."""
        self._running = False

    def progressed(self, through: int) -> None:
        """Central has everything up to `through`."""
        self.sent_through, self._progress_s = max(self.sent_through, through), time.monotonic()

    def rewind(self, through: int) -> None:
        """Central saw a gap after `through`."""
        now_s = time.monotonic()
        if self._rewound[0] != through or now_s - self._rewound[1] > REWIND_GAP_S:
            self._rewound = (through, now_s)
            self.sent_through = min(self.sent_through, through)

    def overdue(self) -> bool:
        """Lines are on their way and central has not said anything of them for `ACK_WAIT_S_MAX`."""
        waiting = self._running and self._outbox.standing.acked_through < self.sent_through
        return waiting and time.monotonic() - self._progress_s > ACK_WAIT_S_MAX

    def go(self) -> None:
        """Send the next lines, as far as the window allows."""
        if not self._running:
            return
        at = self._outbox.standing
        if self.sent_through <= at.acked_through:
            self._progress_s = time.monotonic()
        while self.sent_through < at.last_seq and self.sent_through - at.acked_through < WINDOW:
            seq = self.sent_through + 1
            row = self._outbox.recent(seq) or self._fetched.pop(seq, None)
            if row is None:
                self._fetch()
                return
            if row.epoch != at.epoch or not self._send(self._line(row)):
                return
            self.sent_through = seq

    def _line(self, row: Row) -> bytes:
        clock = self._clock
        line = Event(
            node=self._node,
            epoch=row.epoch,
            seq=row.seq,
            age_ms=age_ms(row, clock.boot_id, clock.mono_ns(), clock.utc_ns()),
            prev=row.prev,
            record=msgspec.Raw(row.record),
        )
        return encode(line)

    def _fetch(self) -> None:
        if not self._fetching:
            self._fetching = True
            self._spawn(self._read_lines(self.sent_through))

    async def _read_lines(self, after_seq: int) -> None:
        try:
            rows = await self._outbox.read(after_seq, READ_ROWS)
        except OutboxBroken:
            return
        finally:
            self._fetching = False
        self._fetched = {row.seq: row for row in rows}
        if rows and rows[0].seq > after_seq + 1 and self.sent_through == after_seq:
            self._on_gap(rows[0].seq - after_seq - 1)
            self.sent_through = rows[0].seq - 1
        self.go()
