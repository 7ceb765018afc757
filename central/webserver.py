"""`python -m central web`: pages and API, beside the writer so that a heavy page never delays a verdict."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import uvicorn

from central.api.app import make_app
from central.api.serving import PageServer
from central.command import run_with_site
from central.fleet.broker import BrokerWrong, address_for
from central.fleet.secrets import SecretWrong
from central.fleet.web_address import choose_web_address
from central.heartbeat import keep_beating
from central.link.pages import CLIENT, PagesLink
from central.settings import Settings
from central.store.reads import Reads
from central.tasks import keep_running


async def serve_pages(settings: Settings) -> None:
    """Serve until SIGTERM."""
    link = PagesLink(settings.site.name, address_for(settings, CLIENT))
    reads = Reads(settings.database)
    app = make_app(settings, reads, link.asker, link.watch, link.press)
    config = uvicorn.Config(
        app,
        host=settings.web.host,
        port=choose_web_address(settings).port,
        access_log=False,  # the first visit carries the key in its address
        log_config=None,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    talking = asyncio.create_task(keep_running("broker", link.run))
    beating = asyncio.create_task(keep_beating(lambda: True))  # that this loop turns is what a page needs
    try:
        await PageServer(config, app).serve()
    finally:
        talking.cancel()
        beating.cancel()
        await asyncio.gather(talking, beating, return_exceptions=True)
        reads.close()


def main(_file: Path, settings: Settings) -> int:
    """Run it."""
    asyncio.run(serve_pages(settings))
    return 0


if __name__ == "__main__":
    sys.exit(run_with_site("web", main, BrokerWrong, SecretWrong))
