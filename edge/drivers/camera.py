"""A bench's camera: any program that writes one JPEG, to its standard output or to the file it is told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.drivers.bench_ports import DeviceState, NoPhoto, OnDevice, Photo
from edge.drivers.device_watch import PRESENT, DeviceWatch
from wire.ids import PHOTO_BYTES_MAX

FILE: Final = "{file}"  # in a command: where it shall write
END_S_MAX: Final = 1.0  # for a killed program to be gone
_JPEG: Final = b"\xff\xd8\xff"
_CURE: Final = "make the command scale it down"


@dataclass(frozen=True)
class CameraSettings:
    """`command`: the program and its words, `{file}` is the file it writes; without one it writes to its output.

    `photo_s`: how long it may take.
    """

    command: tuple[str, ...]
    photo_s: float


class CommandCamera:
    """Implements bench_ports.Camera. Nothing runs between two photos."""

    def __init__(self, settings: CameraSettings, on_device: OnDevice) -> None:
        self._settings = settings
        self._watch = DeviceWatch("camera", on_device)

    def start(self) -> None:
        """Look whether its program is installed."""
        program = self._settings.command[0]
        missing = DeviceState("refused", f"{program} is not installed")
        self._watch.tell(PRESENT if shutil.which(program) else missing)

    async def photo(self) -> Photo | NoPhoto:
        """See bench_ports.Camera."""
        taken = await self._take()
        self._watch.tell(PRESENT if isinstance(taken, Photo) else DeviceState("refused", taken.why))
        return taken

    async def aclose(self) -> None:
        """Nothing is held."""

    async def _take(self) -> Photo | NoPhoto:
        settings = self._settings
        try:
            async with asyncio.timeout(settings.photo_s):
                jpeg = await _run(settings.command)
        except TimeoutError:
            return NoPhoto(f"no picture within {settings.photo_s:g} s")
        except OSError as error:
            return NoPhoto(error.strerror or str(error))
        if len(jpeg) > PHOTO_BYTES_MAX:
            return NoPhoto(f"picture above {PHOTO_BYTES_MAX // 1024} kB: {_CURE}")
        return Photo(jpeg) if jpeg.startswith(_JPEG) else NoPhoto("what it gave is no JPEG")


async def _run(command: tuple[str, ...]) -> bytes:
    """What the program wrote, at most a byte above the limit; it is ended with us. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix="picklight-photo-") as folder:
        file = Path(folder) / "photo.jpg"
        argv = [word.replace(FILE, str(file)) for word in command]
        nowhere, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=nowhere, stdout=pipe, stderr=nowhere, start_new_session=True
        )
        try:
            output = await _read(process)
            code = 0 if len(output) > PHOTO_BYTES_MAX else await process.wait()
        finally:
            await _end(process)
        if code:
            raise OSError(f"{command[0]} failed, exit code {code}")
        return output if not any(FILE in word for word in command) else _content(file)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it and what it started; the rest of its output is thrown away, or asyncio would wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_S_MAX):
            while process.stdout is not None and await process.stdout.read(PHOTO_BYTES_MAX):
                pass
            await process.wait()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    output = b""
    while process.stdout is not None and len(output) <= PHOTO_BYTES_MAX:
        part = await process.stdout.read(PHOTO_BYTES_MAX + 1 - len(output))
        if not part:
            break
        output += part
    return output


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(PHOTO_BYTES_MAX + 1)
