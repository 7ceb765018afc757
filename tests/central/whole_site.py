"""`picklight central` started for real, from outside, and what can be seen of it from there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from central.settings import Settings, load_settings
from tests.central.small_site import site_file
from tests.wire.real_broker import until

START_WAIT_S_MAX = 60.0


@dataclass(frozen=True)
class WholeSite:
    """A site that runs. `page` is the line it printed."""

    file: Path
    settings: Settings
    process: asyncio.subprocess.Process
    page: str

    def child(self, word: str) -> psutil.Process | None:
        """The process of this site whose command line has `word`."""
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(word in part for part in child.cmdline()[:4]):
                    return child
        return None

    async def kill(self, word: str) -> None:
        """kill -9 that child, and wait until another one stands in its place."""
        old = self.child(word)
        assert old is not None
        old.kill()

        def replaced() -> bool:
            new = self.child(word)
            return new is not None and new.pid != old.pid

        await until(replaced, START_WAIT_S_MAX)


@contextlib.asynccontextmanager
async def whole_site(folder: Path, more: str = "") -> AsyncIterator[WholeSite]:
    """Started by the command line; stopped by SIGTERM, and it must stop cleanly."""
    file = site_file(folder, more)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", "central", "--site", str(file), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_WAIT_S_MAX):
            page = (await process.stdout.readline()).decode().strip()
        yield WholeSite(file, load_settings(file), process, page)
        if process.returncode is None:  # a test may have killed it
            process.terminate()
            async with asyncio.timeout(20):
                assert await process.wait() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def picklight(*words: str | Path) -> tuple[int, str, str]:
    """Run the command line; exit code, what it said, what it complained of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli.main",
        *map(str, words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def as_json(path: Path) -> dict[str, object]:
    """A JSON file."""
    found = json.loads(path.read_bytes())
    assert isinstance(found, dict)
    return found
