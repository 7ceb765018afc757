"""`picklight install edge NAME|central` and `picklight uninstall`: services put in place or taken away."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path

from cli.installing.code import CHECKOUT, code_now, service_python, why_unreachable
from cli.installing.doer import do
from cli.installing.look import look, sources
from cli.installing.plan import (
    Found,
    Wanted,
    install_plan,
    kept_by_uninstall,
    next_steps,
    obstacles,
    uninstall_plan,
)
from cli.installing.steps import Step
from cli.target import Failed
from wire.ids import NAME_PATTERN


def main() -> int:
    """0: done, or nothing to do; 1: something stands in the way; 2: wrong arguments."""
    args = _parser().parse_args()
    try:
        return _uninstall(args) if args.verb == "uninstall" else _install(args)
    except Failed as error:
        sys.stderr.write(f"picklight: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="picklight", description="Put picklight's services in place, or take them away."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    install = verbs.add_parser("install", help="put services in place; safe to repeat")
    kinds = install.add_subparsers(dest="kind", required=True, metavar="KIND")
    edge = kinds.add_parser("edge", help="one edge node, with the guards of its benches")
    edge.add_argument("node", type=_name, metavar="NAME", help="the node's name, as in the site file")
    edge.add_argument("--guard", type=_name, action="append", default=[], metavar="STATION", help="a bench's interlock")
    for parser_of_kind in (edge, kinds.add_parser("central", help="the wave service of a site")):
        parser_of_kind.add_argument("--here", action="store_true", help="run from this checkout instead of a copy")
        parser_of_kind.add_argument("--python", default="", metavar="FILE", help="the Python the services run with")
        parser_of_kind.add_argument("--replace", action="store_true", help="also files that are not picklight's")
        parser_of_kind.add_argument("--older", action="store_true", help="go back to an older version")
        _common(parser_of_kind)
    uninstall = verbs.add_parser("uninstall", help="take all services away; settings and data stay")
    uninstall.add_argument("--purge", action="store_true", help="settings and data too: nothing brings them back")
    _common(uninstall)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="only list what would be done")
    parser.add_argument("--root", default="", type=_root, metavar="DIR", help="a file system other than this machine's")


def _install(args: argparse.Namespace) -> int:
    wanted, faults = _wanted(args)
    found = look(wanted.root, wanted, faults)
    told = obstacles(wanted, found)
    if told:
        for line in told:
            sys.stderr.write(f"picklight: {line}\n")
        if not args.dry_run:
            return 1
    _carry_out(install_plan(wanted, found), args)
    if not args.dry_run:
        print("next:")
        for line in next_steps(wanted, found):
            print(f"  {line}")
    return 1 if told else 0


def _wanted(args: argparse.Namespace) -> tuple[Wanted, tuple[str, ...]]:
    """What was asked for, and what of it cannot be had."""
    faults: list[str] = []
    here = sys.prefix if args.here else ""
    if here:
        python, fault = (
            f"{here}/bin/python",
            why_unreachable(Path(here) / "bin" / "python") or why_unreachable(CHECKOUT),
        )
        faults += [f"{fault}. Move the checkout, to /srv say, or leave --here out"] if fault else []
    else:
        python, fault = service_python(args.python)
        faults += [fault] if fault else []
    if args.kind == "central" and not shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin"):
        faults.append("Mosquitto is missing. Install it: sudo apt-get install mosquitto")
    try:
        code, files = code_now(), sources()
    except OSError as error:
        raise Failed(f"{error.filename} is missing. Install from a checkout of picklight, not from a copy") from error
    wanted = Wanted(
        kind=args.kind,
        node=getattr(args, "node", ""),
        guards=tuple(getattr(args, "guard", ())),
        sources=files,
        code=code,
        python=python,
        here=here,
        root=args.root,
        replace=args.replace,
        older=args.older,
    )
    return wanted, tuple(faults)


def _uninstall(args: argparse.Namespace) -> int:
    found: Found = look(args.root)
    if not args.root and not found.is_root and not args.dry_run:
        raise Failed("only root may remove services. Repeat with sudo")
    steps = uninstall_plan(found, root=args.root, purge=args.purge)
    _carry_out(steps, args)
    if steps:
        print("would keep:" if args.dry_run else "kept:")
        for line in kept_by_uninstall(found, purge=args.purge):
            print(f"  {line}")
    return 0


def _carry_out(steps: list[Step], args: argparse.Namespace) -> None:
    if not steps:
        print("nothing to do")
    for step in steps:
        print(step, flush=True)
        if not args.dry_run:
            do(step, args.root)


def _name(text: str) -> str:
    if not re.fullmatch(NAME_PATTERN.strip("^$"), text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name: a-z, 0-9 and -, at most 32 characters")
    return text


def _root(text: str) -> str:
    if text and not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return str(Path(text).resolve()).rstrip("/") if text else ""


if __name__ == "__main__":
    sys.exit(main())
