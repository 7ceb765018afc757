"""`python -m edge.packstation.guard --config FILE`: the interlock's own process, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.packstation.guard.config import GuardConfig, load_config, load_key
from edge.packstation.guard.errors import GpioGone, LineTaken
from edge.packstation.guard.gpio import open_lines
from edge.packstation.guard.mock_gate import MockGate, make_factory
from edge.packstation.guard.service import GuardService
from edge.packstation.guard.watchdog import Notifier
from wire.toml_check import TomlWrong


class SecondGuard(Exception):
    """Another guard already owns this socket and with it the gate."""


def main() -> int:
    """Run. Returns 2 for a configuration that cannot be used, 1 if another guard is at work or a line cannot be had."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    parser = argparse.ArgumentParser(prog="picklight-guard", description="The interlock of one pack station.")
    parser.add_argument("--config", type=Path, required=True, help="guard.toml")
    file: Path = parser.parse_args().config
    try:
        config = load_config(file)
        key = load_key(config, file)
        with _alone(Path(config.socket + ".lock")):
            asyncio.run(_run(config, key))
    except TomlWrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    except (SecondGuard, LineTaken, GpioGone) as cannot:
        sys.stderr.write(f"{cannot}\n")
        return 1
    return 0


async def _run(config: GuardConfig, key: Ed25519PublicKey) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if config.pins == "mock":
        factory = make_factory()
        gate = MockGate(factory, config)
        service = GuardService(config, key, factory, Notifier(os.environ))
        gate.settle()
    else:
        service = GuardService(config, key, open_lines(_room(config)), Notifier(os.environ))
    await service.run(stop)


def _room(config: GuardConfig) -> Path:
    """A folder this process may write to: systemd's RuntimeDirectory, else the socket's."""
    return Path(os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0] or Path(config.socket).parent)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold the lock file of this socket. Raises SecondGuard."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SecondGuard(f"{lock}: another guard owns this gate. Stop it first.") from error
        yield


if __name__ == "__main__":
    sys.exit(main())
