"""A USB HID scale through hidraw: it reports by itself; a weight counts once two fresh reports agree."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.drivers.bench_ports import NotWeighed, OnDevice, Weighed
from edge.drivers.device_watch import DeviceWatch
from edge.drivers.open_file import Opened, OpenFile
from edge.drivers.scale_hid import ZERO_REPORT, is_scale, read_report
from edge.drivers.weighing import SETTLE_S, Weighing

SYSFS: Final = Path("/sys/class/hidraw")
DESCRIPTOR_BYTES_MAX: Final = 4096  # HID_MAX_DESCRIPTOR_SIZE of Linux
REPORT_S: Final = 2.0  # scales report two to ten times a second; one that wakes up takes longer
AGREE: Final = 2  # the first report after a scale woke up may be an old one
CURE: Final = "Install picklight's udev rules"


@dataclass(frozen=True)
class HidSettings:
    """`port`: the hidraw device or a link to it. `sysfs` is where the kernel describes hidraw devices."""

    port: Path
    settle_s: float = SETTLE_S
    sysfs: Path = SYSFS


class HidScale:
    """Implements bench_ports.Scale. A device of another usage page is refused."""

    def __init__(self, settings: HidSettings, on_device: OnDevice) -> None:
        self._settings = settings
        self._watch = DeviceWatch("scale", on_device)
        self._file = OpenFile(self._open, self._came, self._watch, CURE)
        self._weighing = Weighing(self._ask_once, settings.settle_s)
        self._reports: asyncio.Queue[Weighed | NotWeighed] | None = None

    def start(self) -> None:
        """Open and keep reopening."""
        self._file.start()

    async def stable_grams(self) -> Weighed | NotWeighed:
        """See bench_ports.Scale."""
        return await self._weighing.result()

    async def zero(self) -> NotWeighed | None:
        """See bench_ports.Scale. The scale says nothing to this: what lies on it is read again."""
        if not self._file.write(ZERO_REPORT):
            return NotWeighed("absent", self._watch.state.why if self._watch.state else "")
        after = await self.stable_grams()
        if isinstance(after, NotWeighed):
            return after
        return None if after.grams == 0 else NotWeighed("not_zeroed", f"{after.grams} g remain")

    async def aclose(self) -> None:
        """Let go of it. Twice is harmless."""
        self._file.stop()
        await self._weighing.aclose()

    def _open(self) -> Opened:
        settings = self._settings
        name = Path(os.path.realpath(settings.port)).name
        fd = os.open(settings.port, os.O_RDWR | os.O_NONBLOCK)
        try:
            described = settings.sysfs / name / "device" / "report_descriptor"
            if not is_scale(described.read_bytes()[:DESCRIPTOR_BYTES_MAX]):
                raise ValueError("this HID device is no scale. Check which one the profile names")
        except (OSError, ValueError) as error:
            os.close(fd)
            raise error if isinstance(error, ValueError) else ValueError("no HID device") from None
        return Opened(fd, lambda: os.close(fd))

    async def _ask_once(self, wait_s: float) -> Weighed | NotWeighed:
        """The next report that two in a row agree on, or the last refusal in `wait_s`."""
        if not self._file.is_open:
            return self._absent()
        self._file.drain()
        self._reports = asyncio.Queue(maxsize=16)
        last: Weighed | NotWeighed | None = None
        agreeing = 0
        try:
            while agreeing < AGREE:
                async with asyncio.timeout(min(wait_s, REPORT_S)):
                    report = await self._reports.get()
                agreeing = agreeing + 1 if report == last else 1
                last = report
        except TimeoutError:
            return NotWeighed("no_answer") if self._file.is_open else self._absent()
        finally:
            self._reports = None
        return last if last is not None else NotWeighed("no_answer")

    def _absent(self) -> NotWeighed:
        return NotWeighed("absent", self._watch.state.why if self._watch.state else "")

    def _came(self, report: bytes) -> None:
        said = read_report(report)
        if said is not None and self._reports is not None and not self._reports.full():
            self._reports.put_nowait(said)
