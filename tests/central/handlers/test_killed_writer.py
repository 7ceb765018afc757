"""Central killed at any moment: what it acknowledged is there, what it did not is told again, nothing counts twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from central.handlers.intake import EventIn
from central.store.audit import audit
from central.store.chain import verify_chain
from tests.central.paper_floor import PaperFloor

ORDERS = 40
KILLS = 4
KILLS_MAX = 12


def a_floor_with_work(folder: Path) -> list[EventIn]:
    """Orders on the floor and every press of them, made but not yet told."""
    floor = PaperFloor(folder)
    floor.stock(("A-01-1", "mug", 500), ("A-02-1", "lamp", 500), ("A-03-1", "pen", 500))
    for number in range(ORDERS):
        floor.order(str(number), mug=1 + number % 3, lamp=2, pen=1)
    floor.wave(ORDERS)
    presses = [floor.confirm("A", tote, pick) for tote, pick in floor.lit("A")]
    floor.close()
    return presses


def live_until_killed(path: Path, presses: list[EventIn], from_seq: int, acks: int, grace_s: float) -> int:
    """Tell everything from `from_seq` on, kill `grace_s` after `acks` answers; the last number said to be safe."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.central.handlers.writer_on_paper", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    batches = [presses[at : at + 3] for at in range(from_seq, len(presses), 3)]
    writer.stdin.write(b"".join(msgspec.json.encode([line.event for line in batch]) + b"\n" for batch in batches))
    writer.stdin.flush()
    said = b"".join(writer.stdout.readline() for _ in range(min(acks, len(batches))))
    dies_at = time.monotonic() + grace_s
    while time.monotonic() < dies_at:
        os.sched_yield()
    os.kill(writer.pid, signal.SIGKILL)
    said += writer.stdout.read()
    writer.communicate()
    safe = [int(line.split()[1]) for line in said.decode().splitlines(keepends=True) if line.endswith("\n")]
    return max(safe, default=0)


def test_a_killed_writer_loses_nothing_it_acknowledged_and_counts_nothing_twice(tmp_path: Path) -> None:
    presses = a_floor_with_work(tmp_path)
    path = tmp_path / "site.db"
    rng = random.Random(5)
    safe = told_again = kills = 0
    while safe < len(presses):
        kills += 1
        enough = (kills > KILLS and told_again) or kills > KILLS_MAX
        acks = len(presses) if enough else rng.randrange(3)
        safe = max(safe, live_until_killed(path, presses, max(safe - 2, 0), acks, rng.uniform(0, 0.003)))
        kept = audit(path).counted_by_kind.get("pick_confirmed", 0)
        assert kept >= safe
        told_again += kept - safe
    found = audit(path)

    assert told_again > 0, "no kill hit between commit and acknowledgement"
    assert safe == len(presses) == ORDERS * 3
    assert found.counted_by_kind["pick_confirmed"] == len(presses)
    assert (found.stock_faults, found.doubled, found.dead_letters) == ([], [], [])
    assert found.orders_by_status == {"picked": ORDERS}
    assert verify_chain(path) == []
