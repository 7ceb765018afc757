"""`picklight floor run --wall` in real processes: every order is parted at the wall, packed and released."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.invent import DATA

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]

PICKLIGHT = Path(sys.executable).with_name("picklight")
ORDERS = 10


def test_every_order_of_a_floor_with_a_wall_is_sorted_there_packed_and_sent_right(tmp_path: Path) -> None:
    wish = ["--wall", "--orders", str(DATA / "orders.csv"), "--limit-orders", str(ORDERS), "--people", "4"]
    more = ["--mistakes", "0", "--report", str(tmp_path / "out.json")]
    ran = subprocess.run([PICKLIGHT, "floor", "run", *wish, *more], capture_output=True, check=False, text=True)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (report["orders_sorted"], report["orders_handed_over"], report["orders_in_exception"]) == (ORDERS, ORDERS, 0)
    assert (report["wrong_released"], report["orders_unfinished"], report["dead_letters"]) == (0, 0, 0)
    assert (report["lost_events"], report["doubled_events"], report["faults"]) == (0, 0, [])
