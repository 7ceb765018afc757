"""`python -m central run|writer|web|verify --site FILE`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from central.app import private_files, run, serve_pages, write
from central.fleet.broker import BrokerWrong
from central.fleet.secrets import SecretWrong
from central.handlers.verify import verify
from central.log import set_up
from central.settings import Settings, load_settings
from central.store.errors import StoreError
from wire.toml_check import TomlWrong

log = logging.getLogger("central")


def main(argv: list[str] | None = None) -> int:
    """0: ended as asked; 1: could not go on; 2: wrong arguments or site file."""
    args = _parser().parse_args(argv)
    file = Path(args.site).resolve()
    try:
        settings = load_settings(file)
    except TomlWrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    set_up()
    private_files()
    try:
        return _VERBS[args.verb](file, settings)
    except (BrokerWrong, SecretWrong, StoreError, OSError) as error:
        log.error("cannot go on: %s", error)  # noqa: TRY400 - the sentence says what to do; a trace would hide it
        return 1


def _run(file: Path, settings: Settings) -> int:
    asyncio.run(run(file, settings))
    return 0


def _writer(_file: Path, settings: Settings) -> int:
    asyncio.run(write(settings))
    return 0


def _web(_file: Path, settings: Settings) -> int:
    asyncio.run(serve_pages(settings))
    return 0


def _verify(_file: Path, settings: Settings) -> int:
    faults = verify(settings.database)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"{settings.database}: {len(faults) or 'no'} faults\n")
    return 1 if faults else 0


_VERBS: Final[dict[str, Callable[[Path, Settings], int]]] = {
    "run": _run,
    "writer": _writer,
    "web": _web,
    "verify": _verify,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m central", description="The central wave service of one site.")
    parser.add_argument("verb", choices=_VERBS, help="run: the whole site; writer, web: one of its processes")
    parser.add_argument("--site", required=True, metavar="FILE", help="the site file (TOML)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
