"""Run the simulated light modules of one zone: `python -m sim.modules --config FILE`, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tomllib
from pathlib import Path

from edge.profile import zone_mistakes
from sim.modules.control import Control
from sim.modules.rack import Rack, RackConfig
from wire.toml_check import Mistake, TomlWrong, read_toml


def read_config(file: Path) -> RackConfig:
    """The rack described by `file`. Raises TomlWrong."""

    def whole(_: RackConfig) -> list[Mistake]:
        return list(zone_mistakes(tomllib.loads(file.read_text(encoding="utf-8"))["zone"]))

    return read_toml(file, RackConfig, whole)


async def serve(config: RackConfig, base: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    control = Control(base / config.control_socket)
    rack = Rack(config, control.push)
    await rack.start()
    await control.start(rack)
    print(f"ready modules={len(config.zone.modules)} buses={len(config.zone.buses)}", file=sys.stderr, flush=True)
    await stop.wait()
    await control.stop()
    await rack.stop()


def main() -> int:
    """Entry point; 2 for a config that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m sim.modules", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    file: Path = parser.parse_args().config
    try:
        config = read_config(file)
        asyncio.run(serve(config, file.resolve().parent))
    except TomlWrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
