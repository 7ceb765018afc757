"""`python -m central run`: the whole site as three processes, kept running: broker, writer, web."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from central.command import run_with_site
from central.fleet.broker import BrokerWrong, address_for, prepare
from central.fleet.notify import notify, watchdog_s
from central.fleet.secrets import SecretWrong, ensure_secrets, read_secret
from central.fleet.state_dir import DiskUnsafe, check_disk
from central.fleet.web_address import WebAddress, choose_web_address
from central.processes import WAIT_S_MAX, Child, Program
from central.settings import Settings
from central.tasks import keep_all, told_to_stop

SILENCE_S_MAX, TRIAL_SILENCE_S_MAX = 30.0, 10.0  # without a sign of life a writer or a page hangs
TRIAL_WAIT_S_MAX: Final = 1.0  # where processes are killed for sport, they come back sooner
ANSWERS_WAIT_S: Final = 0.1  # between two looks whether a port answers
BROKER: Final = "broker"


async def run(file: Path, settings: Settings) -> None:
    """The whole site until SIGTERM or Ctrl-C. Raises BrokerWrong, SecretWrong, DiskUnsafe, OSError before the start."""
    check_disk(settings)
    ensure_secrets(settings)
    web = choose_web_address(settings)
    children = {program.name: Child(program) for program in _programs(file, settings)}
    others = {name: child.run for name, child in children.items() if name != BROKER}
    brokers = {name: child.run for name, child in children.items() if name == BROKER}
    nobody_talks = asyncio.Event()
    with told_to_stop() as stop:
        announcing = asyncio.create_task(_announce(settings, web, list(children.values())), name="announce")
        broker = asyncio.create_task(keep_all(brokers, nobody_talks))
        await keep_all(others, stop)  # they say goodbye at the broker, so it goes last
        notify("STOPPING=1")
        nobody_talks.set()
        await broker
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)


def _programs(file: Path, settings: Settings) -> Iterator[Program]:
    python = (sys.executable, "-m", "central")
    wait_s = WAIT_S_MAX if settings.site.production else TRIAL_WAIT_S_MAX
    silence_s = SILENCE_S_MAX if settings.site.production else TRIAL_SILENCE_S_MAX
    if not settings.broker.url:
        yield Program(BROKER, prepare(settings).argv, again_wait_s_max=wait_s)
    for name in ("writer", "web"):
        argv = (*python, name, "--site", str(file))
        yield Program(name, argv, again_wait_s_max=wait_s, silence_s_max=silence_s)


async def _announce(settings: Settings, web: WebAddress, children: Sequence[Child]) -> None:
    """Once everything answers: the page's address on stdout, and READY to systemd."""
    await _answers(settings.web.host, web.port)
    if not settings.broker.url:
        broker = address_for(settings, "central-writer")
        await _answers(broker.host, broker.port)
    key = read_secret(settings.access_key_file).decode("ascii").strip()
    print(f"{web.url}/?key={key}", flush=True)  # noqa: T201 - the one thing a person needs to go on
    notify("READY=1")
    while pause_s := watchdog_s():  # our loop turns, and each of the three runs or is being started again
        if all(child.is_kept for child in children):
            notify("WATCHDOG=1")
        await asyncio.sleep(pause_s)


async def _answers(host: str, port: int) -> None:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    while True:
        try:
            _, writer = await asyncio.open_connection(target, port)
        except OSError:
            await asyncio.sleep(ANSWERS_WAIT_S)
            continue
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return


def main(file: Path, settings: Settings) -> int:
    """Run it."""
    asyncio.run(run(file, settings))
    return 0


if __name__ == "__main__":
    sys.exit(run_with_site("run", main, BrokerWrong, SecretWrong, DiskUnsafe))
