"""`picklight floor …`: the simulated warehouse's own command line, apart because it loads much."""

from __future__ import annotations

import argparse
import sys

from sim.floor.main import add_parsers


def main(argv: list[str] | None = None) -> int:
    """The exit code of what was asked; 2 for wrong arguments."""
    words = ["floor", *(sys.argv[1:] if argv is None else argv)]
    parser = argparse.ArgumentParser(prog="picklight")
    add_parsers(parser.add_subparsers(dest="verb", required=True))
    args = parser.parse_args(words)
    code: int = args.action(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
