"""`python -m bench [--only NAME]`: run the benches, print ratios, keep them in bench/results.json."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from bench.bus_cycle import bus_cycle_fast, bus_cycle_slow, cpu_per_transaction
from bench.bus_faults import dead_module_cost, noisy_line
from bench.bus_latency import buttons_64_on_8_boards, command_to_lit, press_to_seen
from bench.edge_node import edge_node
from bench.gaps import GAPS
from bench.intake import journal_intake
from bench.match_cost import match_cost
from bench.press import press_benches
from bench.press_to_mqtt import press_to_mqtt
from bench.results import Result, in_words, keep
from bench.saturation import scan_saturation
from bench.scan import scan_to_verdict_20, scan_to_verdict_200
from bench.scan_question import scan_decode, scan_to_question
from bench.scan_release import scan_to_release
from bench.zone_machine import zone_pick_cpu

Bench = Callable[[Path], Awaitable[list[Result]]]
BENCHES: Final[dict[str, Bench]] = {
    "press_to_dark": press_benches,
    "press_to_central": press_benches,
    "press_to_mqtt": press_to_mqtt,
    "scan_decode": scan_decode,
    "scan_to_question": scan_to_question,
    "scan_to_question_p99": scan_to_question,
    "scan_to_verdict_20": scan_to_verdict_20,
    "scan_to_verdict_200": scan_to_verdict_200,
    "scan_saturation": scan_saturation,
    "scan_to_release": scan_to_release,
    "scan_to_release_p99": scan_to_release,
    "match_cost": match_cost,
    "match_cost_allowed": match_cost,
    "journal_intake": journal_intake,
    "bus_cycle_8_of_64_19200": bus_cycle_slow,
    "bus_cycle_8_of_64_115200": bus_cycle_fast,
    "press_to_seen": press_to_seen,
    "press_to_seen_p99": press_to_seen,
    "buttons_64_on_8_boards": buttons_64_on_8_boards,
    "command_to_lit": command_to_lit,
    "dead_module_cost": dead_module_cost,
    "noisy_line": noisy_line,
    "cpu_per_transaction": cpu_per_transaction,
    "zone_pick_cpu": zone_pick_cpu,
    "edge_memory": edge_node,
    "edge_import_memory": edge_node,
    "edge_idle_cpu": edge_node,
    "edge_start": edge_node,
}
BUILD: Final = Path(__file__).resolve().parents[1] / "build"  # a real disk, which /tmp need not be


async def run(names: list[str]) -> list[Result]:
    """Run the benches behind `names`, each in its own folder."""
    results: list[Result] = []
    for bench in dict.fromkeys(BENCHES[name] for name in names):
        BUILD.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="b-", dir=BUILD))
        try:
            results += await bench(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return results


def main() -> int:
    """Run what is asked for; all without --only."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=BENCHES, default=os.environ.get("ONLY") or None)
    only: str | None = parser.parse_args().only
    names = [only] if only else list(BENCHES)
    results = asyncio.run(run(names))  # a bench that gives two results gives both, whichever was asked for
    results += GAPS.results()
    keep(results)
    print("\n".join(in_words(one) for one in results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
