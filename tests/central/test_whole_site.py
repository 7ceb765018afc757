"""`picklight central` for real: what is killed comes back, and the conversation goes on where it was."""

from __future__ import annotations

import asyncio
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.central.scripted_node import ScriptedNode, an_alarm
from tests.central.small_site import address_of
from tests.central.whole_site import picklight, whole_site

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]


async def test_a_node_talks_on_through_kills_of_writer_and_broker(tmp_path: Path) -> None:
    async with whole_site(tmp_path) as site, ScriptedNode(address_of(site.settings, "zone-a")) as node:
        welcome = await node.hello()
        assert (welcome.epoch, welcome.acked_through) == (1, 0)
        assert (await node.desired()).version >= 1
        await node.send(node.line(an_alarm(1)))
        assert (await node.acked(1)).head == node.head

        unheard = node.line(an_alarm(2))
        await asyncio.gather(site.kill("writer"), node.send(unheard))
        await node.acked(2, 30)

        node.heard.clear()
        kept = node.line(an_alarm(3))
        await site.kill("mosquitto")
        welcome = await node.hello()
        assert (welcome.epoch, welcome.acked_through) == (1, 2)
        await node.send(kept)
        await node.acked(3)

        await site.kill("web")
        code, said, _ = await picklight("verify", "--site", site.file)
        assert (code, said.endswith("no faults\n")) == (0, True), said


async def test_the_printed_address_needs_its_key_and_a_killed_supervisor_leaves_nobody_behind(tmp_path: Path) -> None:
    async with whole_site(tmp_path) as site:
        base, _, key = site.page.partition("/?key=")
        assert len(key) >= 32
        request = urllib.request.Request(f"{base}/api/floor", headers={"Authorization": f"Bearer {key}"})
        assert await asyncio.to_thread(_status, request) == 200
        with pytest.raises(urllib.error.HTTPError, match="401"):
            await asyncio.to_thread(_status, urllib.request.Request(f"{base}/api/floor"))

        family = psutil.Process(site.process.pid).children(recursive=True)
        assert len(family) == 3
        site.process.kill()
        await site.process.wait()
        _, left = await asyncio.to_thread(psutil.wait_procs, family, 10)
        assert left == []


def _status(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        raise
