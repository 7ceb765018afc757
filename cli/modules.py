"""`picklight modules …`: the profiles of light modules and I/O boards: list, check, try, and their schema."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge.drivers.model_schema import profile_schema
from edge.drivers.module_model import MODELS_DIR, ModuleModel, load_model, read_file, shipped
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from sim.modules.bank import Showing
from sim.modules.rack import Rack, RackConfig
from sim.modules.tcp_line import TcpLine
from wire.toml_check import TomlWrong

UNITS_MAX: Final = 32
HANDS: Final = "press UNIT.MODULE, hold UNIT.MODULE, unplug UNIT.MODULE, plug UNIT.MODULE; modules count from 0"


def main(argv: list[str] | None = None) -> int:
    """0: done; 1: a profile is wrong; 2: wrong arguments."""
    args = _parser().parse_args(argv)
    action: Callable[[argparse.Namespace], int] = args.do
    try:
        return action(args)
    except TomlWrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="picklight modules", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("list", help="every model with its evidence and source")
    show.add_argument("--dir", type=Path, default=MODELS_DIR, metavar="DIR", help="where the profiles are")
    show.set_defaults(do=_list)
    check = verbs.add_parser("check", help="every mistake of a profile, with path and cure")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(do=_check)
    verbs.add_parser("schema", help="the JSON schema of a profile").set_defaults(do=_schema)
    play = verbs.add_parser("simulate", help="be such a device on a pty or a TCP port", epilog=f"Hands: {HANDS}.")
    play.add_argument("file", type=Path, metavar="FILE")
    play.add_argument("--link", type=Path, metavar="PATH", help="RTU: name for the pty (default: a new one)")
    play.add_argument("--tcp-port", type=int, metavar="PORT", help="TCP instead of RTU, on loopback; 0: a free port")
    play.add_argument("--baud", type=int, default=0, help="RTU: speed (default: the profile's)")
    play.add_argument(
        "--units", type=int, default=1, metavar="N", help=f"so many units, from address 1 (1 to {UNITS_MAX})"
    )
    play.set_defaults(do=_simulate)
    return parser


def _list(args: argparse.Namespace) -> int:
    for name in shipped(args.dir):
        file = read_file(args.dir / f"{name}.toml")
        evidence = f"{file.proven:<10} {file.confidence:<12} {file.date}"
        print(f"{name:<22} {evidence}  {file.title}  [{file.source}]")
        for unknown in file.unknown:
            print(f"{'':<22}   unknown: {unknown}")
    return 0


def _check(args: argparse.Namespace) -> int:
    file = read_file(args.file)
    print(f"{args.file}: good: {file.title} ({file.proven}, {file.confidence})")
    return 0


def _schema(_: argparse.Namespace) -> int:
    print(json.dumps(profile_schema(), indent=1, ensure_ascii=False))
    return 0


def _simulate(args: argparse.Namespace) -> int:
    read_file(args.file)
    model = load_model(args.file.stem, args.file.resolve().parent)
    if not 1 <= args.units <= UNITS_MAX:
        print(f"picklight modules: --units {args.units} is not between 1 and {UNITS_MAX}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="ptl") as folder:
        rack = Rack(_config(args, model, Path(folder)), _tell)
        asyncio.run(_serve(rack))
    return 0


def _config(args: argparse.Namespace, model: ModuleModel, folder: Path) -> RackConfig:
    """One bus with `args.units` whole units on it; a location is called UNIT.MODULE."""
    bus = BusProfile(
        name="a",
        kind="rtu" if args.tcp_port is None else "tcp",
        profile=model.name,
        port=str(args.link or folder / "line"),
        baud=args.baud,
        host="127.0.0.1",
        tcp_port=args.tcp_port or 0,
    )
    places = tuple(
        ModulePlace(location=f"{unit}.{index}", bus="a", unit=unit, index=index)
        for unit in range(1, args.units + 1)
        for index in range(model.file.modules.per_unit)
    )
    zone = ZoneProfile(id="A", buses=(bus,), modules=places)
    return RackConfig(control_socket=str(folder / "c"), zone=zone, models_dir=str(args.file.resolve().parent))


async def _serve(rack: Rack) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await rack.start()
    line = rack.lines["a"]
    where = f"127.0.0.1:{line.port}" if isinstance(line, TcpLine) else line.path
    print(f"ready at {where}", file=sys.stderr, flush=True)
    if sys.stdin is not None and not sys.stdin.closed:
        loop.add_reader(sys.stdin.fileno(), _hand, rack, loop)
    await stop.wait()
    await rack.stop()


def _hand(rack: Rack, loop: asyncio.AbstractEventLoop) -> None:
    """One line of standard input is one movement of a hand."""
    line = sys.stdin.readline()
    if not line:
        loop.remove_reader(sys.stdin.fileno())
        return
    verb, _, place = line.strip().partition(" ")
    hands: dict[str, Callable[[], object]] = {
        "press": lambda: rack.press(place),
        "hold": lambda: rack.press(place, held=True),
        "unplug": lambda: rack.plug(place, on=False),
        "plug": lambda: rack.plug(place, on=True),
    }
    try:
        hands[verb]()
    except KeyError as error:
        print(f"not known: {error}. Say {HANDS}", file=sys.stderr, flush=True)


def _tell(showing: Showing) -> None:
    blink = " blinking" if showing.blink else ""
    pieces = f" {showing.pieces}" if showing.pieces else ""
    print(f"{showing.location} {showing.colour}{pieces}{blink}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
