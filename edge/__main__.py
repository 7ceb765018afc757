"""Run a node: `python -m edge --profile FILE`, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import signal
import sys
from pathlib import Path

from edge.app import Node
from edge.drivers.module_model import MODELS_DIR, load_model
from edge.link.errors import OutboxError
from edge.log import set_up
from edge.profile import NodeProfile, load_node_profile
from wire.disk import plainly
from wire.toml_check import TomlWrong

EXIT_PROFILE, EXIT_DISK, EXIT_FILE = 2, 3, 4


async def run_until_stopped(node: Node) -> None:
    """Run `node` until SIGTERM or SIGINT, then let it end in good order."""
    running = asyncio.ensure_future(node.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def load(file: Path, models: Path) -> NodeProfile:
    """The profile, and a look at the module models it names. Raises TomlWrong."""
    profile = load_node_profile(file)
    for bus in profile.zone.buses if profile.zone is not None else ():
        load_model(bus.profile, models)
    return profile


def main() -> int:
    """Entry point. 2: the profile is wrong; 3: the disk cannot keep promises; 4: a file is not readable."""
    parser = argparse.ArgumentParser(prog="picklight edge", description="Run one edge node until SIGTERM.")
    parser.add_argument("--profile", type=Path, required=True, help="the node's profile, a TOML file")
    parser.add_argument("--profiles-dir", type=Path, default=MODELS_DIR, help="where module models are")
    options = parser.parse_args()
    set_up()
    faulthandler.enable()  # a watchdog's SIGABRT leaves in the journal where each thread stood
    try:
        node = Node(load(options.profile, options.profiles_dir), options.profiles_dir)
        asyncio.run(run_until_stopped(node))
    except TomlWrong as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
        return EXIT_PROFILE
    except OutboxError as error:
        print(f"{options.profile}: {error}", file=sys.stderr)  # noqa: T201
        return EXIT_DISK
    except OSError as error:
        print(f"{options.profile}: {plainly(error)}. Check the file and who may read it", file=sys.stderr)  # noqa: T201
        return EXIT_FILE
    return 0


if __name__ == "__main__":
    sys.exit(main())
