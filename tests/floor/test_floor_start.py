"""`picklight floor start` as a newcomer meets it: an address, a blocked wrong item, hands that work, a clean end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.floor.memory import family
from tests.floor.short_paths import short_folder

ROOT = Path(__file__).resolve().parents[2]
SEEN_S_MAX = 40.0  # seconds on a machine that runs other tests too; alone it is under ten

pytestmark = [pytest.mark.floor, pytest.mark.timeout(150)]


@dataclass(frozen=True)
class Started:
    """A floor that runs as a program of its own."""

    program: subprocess.Popen[str]
    url: str
    key: str

    def ask(self, path: str, body: dict[str, object] | None = None) -> object:
        """The page's API, as the page itself asks it."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def until(self, path: str, wanted: str) -> None:
        """Wait until the answer of `path` names `wanted`."""
        deadline = time.monotonic() + SEEN_S_MAX
        while wanted not in json.dumps(self.ask(path)):
            assert time.monotonic() < deadline, f"{wanted} never came up in {path}"
            time.sleep(0.2)


@contextmanager
def started(*words: str) -> Iterator[Started]:
    with short_folder() as folder:
        command = [sys.executable, "-m", "cli.main", "floor", "start", "--port", "0", "--dir", str(folder), *words]
        program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            assert program.stdout is not None
            address = urlsplit(program.stdout.readline().split()[-1])
            yield Started(program, f"http://{address.netloc}", parse_qs(address.query)["key"][0])
        finally:
            program.send_signal(signal.SIGINT)
            program.communicate(timeout=30)


def test_a_newcomer_sees_a_wrong_item_blocked_and_parcels_leaving_and_ctrl_c_ends_everything() -> None:
    with started() as floor:
        floor.until("/api/tickets", "wrong_item")
        floor.until("/api/orders?status=released", "P2")
        processes = family(floor.program.pid)
        assert len(processes) >= 11, processes

    assert floor.program.returncode == 0
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []


@pytest.fixture(scope="module")
def quiet_floor() -> Iterator[Started]:
    """A floor whose people are off."""
    with started("--people", "off") as floor:
        yield floor


def test_visitors_may_press_scan_and_touch_the_bench_page_while_people_are_off(quiet_floor: Started) -> None:
    floor = quiet_floor
    assert floor.ask("/floor/people") == {"on": False}
    floor.until("/api/floor", '"lit"')
    floor.until("/api/floor", '"scan_label"')  # the bench is up: a scan before that is a scan nobody reads
    bench = floor.ask("/floor/bench")
    assert isinstance(bench, dict)
    assert bench["stations"][0]["station"] == "bench-1"
    assert bench["stations"][0]["parcels"] == []
    floor.ask("/station/bench-1/press", {"text": "PL:SIGN-OUT"})
    floor.until("/api/floor", "nobody_signed_in")
    floor.ask("/floor/scan", {"station": "bench-1", "text": "LP00000000000000"})
    floor.until("/api/floor", "unknown_label")
    assert floor.ask("/floor/people", {"on": True}) == {"on": True}
    floor.until("/api/orders?status=released", "P2")


def test_the_floors_hands_want_their_key(quiet_floor: Started) -> None:
    nobody = Started(quiet_floor.program, quiet_floor.url, "guessed")
    with pytest.raises(urllib.error.HTTPError, match=r"401|403") as caught:
        nobody.ask("/floor/people")
    caught.value.close()


def test_a_busy_port_is_said_with_the_cure(quiet_floor: Started) -> None:
    port = str(urlsplit(quiet_floor.url).port)
    command = [sys.executable, "-m", "cli.main", "floor", "start", "--port", port]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env=os.environ)

    assert second.returncode == 2
    assert f"Port {port} is busy" in second.stderr
    assert "--port" in second.stderr
