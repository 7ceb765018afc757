"""A bench's buzzer on any output that is on or off: short is good, long is bad, two mean look here."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final, Protocol

from edge.drivers.bench_ports import OnDevice, Sound
from edge.drivers.device_watch import PRESENT, DeviceWatch, unusable

# On and off in turn, seconds.
PATTERNS: Final[dict[Sound, tuple[float, ...]]] = {
    "good": (0.08,),
    "attention": (0.12, 0.12, 0.12),
    "bad": (0.35, 0.12, 0.35, 0.12, 0.35),
}
AGAIN_S: Final = 2.0
CURE: Final = "Add this user to the group gpio"


class Output(Protocol):
    """Something that is on or off. All raise OSError."""

    def open(self) -> None:
        """Take it, off."""

    def set(self, *, on: bool) -> None:
        """Switch."""

    def close(self) -> None:
        """Let go of it. Twice is harmless."""


class LineBuzzer:
    """Implements bench_ports.Buzzer. An output that is lost is taken again."""

    def __init__(self, output: Output, on_device: OnDevice) -> None:
        self._output = output
        self._watch = DeviceWatch("buzzer", on_device)
        self._newest: Sound | None = None
        self._news = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take the output."""
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def sound(self, sound: Sound) -> None:
        """See bench_ports.Buzzer."""
        self._newest = sound
        self._news.set()

    async def aclose(self) -> None:
        """Fall silent and let go. Twice is harmless."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
            await asyncio.wait([worker])

    async def _work(self) -> None:
        while True:
            try:
                self._output.open()
                self._watch.tell(PRESENT)
                await self._sound_forever()
            except OSError as error:
                self._watch.tell(unusable(error, CURE))
            finally:
                with contextlib.suppress(OSError):
                    self._output.close()
            await asyncio.sleep(AGAIN_S)

    async def _sound_forever(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._play(PATTERNS[self._newest] if self._newest else ())
            finally:
                self._output.set(on=False)

    async def _play(self, pattern: tuple[float, ...]) -> None:
        """Until it is over, or something newer is to be heard."""
        for place, wait_s in enumerate(pattern):
            self._output.set(on=place % 2 == 0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
                return
