"""A site on the host for the booted guest: central and its broker, with goods, places and one order in a wave."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sim.floor.rundir import RunDir
from sim.floor.site_api import SiteApi, load
from sim.site import orders_csv
from tests.hil.bed.shell import ROOT, BedFailed
from tests.hil.guest.whole_plan import BROKER_PORT, HANDED_OVER, ORDER, PAGE_PORT, PLAN
from wire.site_http import SiteHttp

READY_S_MAX: Final = 60.0
END_S_MAX: Final = 15.0


@dataclass(frozen=True)
class Site:
    """A running site."""

    dir: RunDir

    @property
    def ports(self) -> tuple[tuple[int, int], ...]:
        """(port in the guest, port here) of the broker and of the page."""
        return (BROKER_PORT, self.dir.broker().port), (PAGE_PORT, urlsplit(self.dir.url()).port or 80)

    def hand_over(self, out: Path) -> None:
        """What a technician carries to the nodes: their passwords and the key that grants are checked with."""
        folder = out / HANDED_OVER
        shutil.copytree(self.dir.central / "nodes", folder / "nodes")
        shutil.copy(self.dir.central / "grant.pub", folder)
        (folder / "access.key").write_text(self.dir.key(), encoding="utf-8")


@contextmanager
def running_site() -> Iterator[Site]:
    """Central at work with one order waiting to be picked. Raises BedFailed."""
    folder = Path(tempfile.mkdtemp(prefix="hil-site-"))
    site = Site(RunDir(folder, PLAN))
    site.dir.make()
    command = [sys.executable, "-m", "central", "run", "--site", str(site.dir.site_file)]
    log = folder / "central.log"
    with log.open("wb") as file:
        central = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        due_s = time.monotonic() + READY_S_MAX
        while not ((site.dir.central / "broker.json").exists() and site.dir.answers()):
            if central.poll() is not None or time.monotonic() > due_s:
                raise BedFailed(f"central did not come up on the host. It said: {log.read_text()[-800:]}")
            time.sleep(0.05)
        asyncio.run(_fill(SiteApi(SiteHttp(site.dir.url(), site.dir.key()))))
        yield site
    finally:
        central.terminate()
        central.wait(END_S_MAX)
        shutil.rmtree(folder, ignore_errors=True)


async def _fill(api: SiteApi) -> None:
    await load(api, PLAN.site)
    await api.send_csv("orders", orders_csv([ORDER]))
