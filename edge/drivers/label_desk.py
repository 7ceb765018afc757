"""A bench's label printer, however it is reached: checks the bytes, prints one at a time, looks after it in between."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final, Protocol

from edge.drivers.bench_ports import DeviceState, OnDevice, PrintLanguage, PrintOutcome
from edge.drivers.device_watch import DeviceWatch
from edge.drivers.label_bytes import unprintable
from edge.log import get_log

LOOK_S: Final = 10.0
NAME_MAX: Final = 60
log = get_log("edge.printer")


class Way(Protocol):
    """How a printer is reached. Neither raises; both end by themselves."""

    async def look(self) -> DeviceState:
        """Is it there, and ready?"""

    async def print(self, label: bytes, language: PrintLanguage, name: str) -> PrintOutcome:
        """Print it."""


class LabelDesk:
    """Implements bench_ports.LabelPrinter. A second label while one prints fails with `busy`."""

    def __init__(
        self, way: Way, languages: Collection[PrintLanguage], on_device: OnDevice, look_s: float = LOOK_S
    ) -> None:
        self._way, self._languages, self._look_s = way, languages, look_s
        self._watch = DeviceWatch("printer", on_device)
        self._looking: asyncio.Task[None] | None = None
        self._turn = asyncio.Event()  # nobody is speaking to the printer
        self._turn.set()
        self._printing = False

    def start(self) -> None:
        """Look now and then whether it is there."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look_forever())

    async def print_label(self, label: bytes, language: PrintLanguage, name: str) -> PrintOutcome:
        """See bench_ports.LabelPrinter."""
        if (no := unprintable(label, language, self._languages)) is not None:
            return no
        if self._printing:
            return PrintOutcome("failed", "busy", "another label is printing")
        self._printing = True
        try:
            await self._turn.wait()  # many printers serve one connection at a time
            outcome = await self._way.print(label, language, name[:NAME_MAX])
        finally:
            self._printing = False
        if outcome.result != "accepted":
            log.warning("label_not_printed", name=name, result=outcome.result, why=outcome.why, detail=outcome.detail)
        return outcome

    async def aclose(self) -> None:
        """Stop looking. Twice is harmless."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
            self._looking = None

    async def _look_forever(self) -> None:
        while True:
            if not self._printing:
                self._turn.clear()
                try:
                    self._watch.tell(await self._way.look())
                finally:
                    self._turn.set()
            await asyncio.sleep(self._look_s)
