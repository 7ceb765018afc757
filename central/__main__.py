"""`python -m central run|writer|web|verify --site FILE`: each verb is a program of its own, loading only its own."""

from __future__ import annotations

import runpy
import sys
from typing import Final

PROGRAMS: Final = {
    "run": "central.app",
    "writer": "central.writer",
    "web": "central.webserver",
    "verify": "central.checks",
}


def main() -> None:
    """Become the program that the first word names."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb not in PROGRAMS:
        sys.stderr.write(f"usage: python -m central {'|'.join(PROGRAMS)} --site FILE\n")
        sys.exit(2)
    del sys.argv[1]
    runpy.run_module(PROGRAMS[verb], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
