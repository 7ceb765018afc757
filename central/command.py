"""What the programs of central have in common: a site file in, an exit code out."""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from central.log import set_up
from central.settings import Settings, load_settings
from wire.disk import plainly
from wire.toml_check import TomlWrong

ABOUT: Final = {
    "run": "Run a site's wave service, page and broker until SIGTERM. docs/settings.md explains the site file.",
    "verify": "Walk a site's whole record: does the journal's chain hold, does the stock follow from it?",
}

log = logging.getLogger("central")


def run_with_site(verb: str, work: Callable[[Path, Settings], int], *faults: type[Exception]) -> int:
    """Read `--site FILE` and do `work`. 0: ended as asked; 1: one of `faults`; 2: wrong arguments or site file."""
    name = "picklight central" if verb == "run" else f"picklight {verb}" if verb == "verify" else f"central {verb}"
    parser = argparse.ArgumentParser(prog=name, description=ABOUT.get(verb, ""))
    parser.add_argument("--site", required=True, metavar="FILE", type=Path, help="the site file (TOML)")
    file = parser.parse_args().site.resolve()
    try:
        settings = load_settings(file)
    except TomlWrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    set_up()
    faulthandler.enable()  # whoever kills us because we hang learns where
    os.umask(0o077)  # whatever we make is our own
    known: tuple[type[Exception], ...] = (*faults, OSError)
    try:
        return work(file, settings)
    except known as error:
        log.error("cannot go on: %s", plainly(error))  # noqa: TRY400 - the sentence says what to do; a trace would hide it
        return 1
