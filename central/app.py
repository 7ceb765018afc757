"""Putting central together: the site's three processes, and what each of them is made of."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import uvicorn

from central.api.app import make_app
from central.fleet.broker import address_for, prepare
from central.fleet.notify import notify
from central.fleet.ports import free_port
from central.fleet.secrets import ensure_secrets, grant_key, read_secret, write_whole
from central.handlers.engine import Engine
from central.handlers.intake import EngineSettings
from central.link.intake import CLIENT as WRITER
from central.link.intake import SiteIntake
from central.link.pages import CLIENT as WEB
from central.link.pages import PagesLink
from central.processes import WAIT_S_MAX, Child, Program
from central.settings import Settings
from central.store.reads import Reads
from central.tasks import keep_all, keep_running

log = logging.getLogger("central.app")

TRIAL_WAIT_S_MAX: Final = 1.0  # where processes are killed for sport, they come back sooner
ANSWERS_WAIT_S: Final = 0.1  # between two looks whether a port answers


class WebAddress(msgspec.Struct, frozen=True):
    """web.json: where the page is."""

    url: str
    port: int


async def run(file: Path, settings: Settings) -> None:
    """The whole site until SIGTERM or Ctrl-C. Raises BrokerWrong, SecretWrong, OSError before anything is started."""
    ensure_secrets(settings)
    web = choose_web_address(settings)
    children = [Child(program) for program in _programs(file, settings)]
    stop = asyncio.Event()
    with _told_to_stop(stop):
        announcing = asyncio.create_task(_announce(settings, web), name="announce")
        await keep_all({child.program.name: child.run for child in children}, stop)
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)
    notify("STOPPING=1")


async def write(settings: Settings) -> None:
    """The site's owner until SIGTERM. Raises what the engine raises when the record cannot be kept."""
    key = grant_key(settings.state_dir)
    engine_settings = EngineSettings(
        site=settings.site.name,
        node_of_zone=settings.node_of_zone,
        node_of_station=settings.node_of_station,
        wave_orders=settings.waves.orders,
        waves_open_max=settings.waves.open_max,
        totes_per_zone_max=settings.waves.totes_per_zone_max,
    )
    intake = SiteIntake(
        settings.site.name, address_for(settings, WRITER), lambda: Engine(settings.database, engine_settings, key)
    )
    stop = asyncio.Event()
    with _told_to_stop(stop):
        work, end = asyncio.create_task(intake.run()), asyncio.create_task(stop.wait())
        await asyncio.wait((work, end), return_when=asyncio.FIRST_COMPLETED)
        work.cancel()
        end.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


async def serve_pages(settings: Settings) -> None:
    """The pages and the API until SIGTERM."""
    link = PagesLink(settings.site.name, address_for(settings, WEB))
    reads = Reads(settings.database)
    config = uvicorn.Config(
        make_app(settings, reads, link.asker, link.watch),
        host=settings.web.host,
        port=choose_web_address(settings).port,
        access_log=False,  # the first visit carries the key in its address
        log_config=None,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    talking = asyncio.create_task(keep_running("broker", link.run))
    try:
        await uvicorn.Server(config).serve()
    finally:
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        reads.close()


def choose_web_address(settings: Settings) -> WebAddress:
    """Where the page is, now and after every restart; written to web.json. Raises OSError."""
    file = settings.state_dir / "web.json"
    port = settings.web.port
    if not port:
        try:
            port = msgspec.json.decode(file.read_bytes(), type=WebAddress).port
        except (OSError, msgspec.MsgspecError):
            port = free_port(settings.web.host)
    host = f"[{settings.web.host}]" if ":" in settings.web.host else settings.web.host
    address = WebAddress(url=f"http://{host}:{port}", port=port)
    write_whole(file, msgspec.json.encode(address))
    return address


def _programs(file: Path, settings: Settings) -> Iterator[Program]:
    python = (sys.executable, "-m", "central")
    wait_s = WAIT_S_MAX if settings.site.production else TRIAL_WAIT_S_MAX
    if not settings.broker.url:
        yield Program("broker", prepare(settings).argv, again_wait_s_max=wait_s)
    yield Program("writer", (*python, "writer", "--site", str(file)), again_wait_s_max=wait_s)
    yield Program("web", (*python, "web", "--site", str(file)), again_wait_s_max=wait_s)


async def _announce(settings: Settings, web: WebAddress) -> None:
    """Once everything answers: the page's address on stdout, and READY to systemd."""
    await _answers(settings.web.host, web.port)
    if not settings.broker.url:
        broker = address_for(settings, WRITER)
        await _answers(broker.host, broker.port)
    key = read_secret(settings.access_key_file).decode("ascii").strip()
    print(f"{web.url}/?key={key}", flush=True)  # noqa: T201 - the one thing a person needs to go on
    notify("READY=1")


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


@contextlib.contextmanager
def _told_to_stop(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def private_files() -> None:
    """Whatever this process makes is its owner's alone."""
    os.umask(0o077)
