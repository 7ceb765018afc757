"""The command line of the simulated floor: `picklight floor start` and `picklight floor run`."""

from __future__ import annotations

import argparse
import asyncio
import math
import shutil
import signal
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sim.floor import parcel_report
from sim.floor.crew import Temper
from sim.floor.launch import CannotStart
from sim.floor.parcels import ParcelWish, run_parcels
from sim.floor.report import Report, in_words, write
from sim.floor.run import Wish, run_floor
from sim.floor.site_api import ApiRefused
from sim.floor.start import Demo, start_floor
from sim.invent import DATA
from sim.orders import BOTH, OrdersUnreadable, read_book

SPEED_HELP: Final = "times a practised person's pace (1, 2.5 …), or max: no pauses (default max)"
ORDERS_HELP: Final = (
    f".csv or .csv.gz with the columns {BOTH}; goods, places and stock are made to fit (default: our own 60)"
)
TOTES_HELP: Final = (
    "a tote a zone at the same time, or one an order that is passed from zone to zone (default parallel)"
)
WALL_HELP: Final = "small orders are picked together and parted at a put-to-light wall"
PARCELS_HELP: Final = (
    "only pack: so many parcels that are picked already, one bench for each of --people; --mistakes then is the share"
    " of parcels that go wrong, in fifteen ways"
)
PEOPLE_MAX: Final = 52  # half of them pick, one to a zone, and zones are letters
ORDERS_MAX: Final = 10**6
SPEED_MIN, SPEED_MAX = 1e-3, 1e6


def add_parsers(subparsers: Any) -> None:
    """Add `floor start` and `floor run`; `action` of the parsed arguments takes them and returns the exit code."""
    floor = subparsers.add_parser("floor", help="a warehouse without hardware, on the real protocols")
    verbs = floor.add_subparsers(dest="floor_verb", required=True)
    begin = verbs.add_parser("start", help="a small floor to watch and to touch, until Ctrl-C")
    begin.add_argument("--port", type=int, default=8080, help="of the page (default 8080; 0: any free one)")
    begin.add_argument("--people", choices=("on", "off"), default="on", help="simulated pickers and packers")
    begin.add_argument("--seed", type=int, default=1, help="same seed, same orders and same slips")
    begin.add_argument("--dir", type=Path, help="keep the floor's files here (default: a temporary folder)")
    _add_ways(begin)
    begin.set_defaults(action=start)
    work = verbs.add_parser("run", help="work off a file of orders and report")
    work.add_argument("--orders", type=Path, default=DATA / "orders.csv", help=ORDERS_HELP)
    work.add_argument("--limit-orders", type=_count, default=0, help="only the first N orders")
    work.add_argument("--people", type=_people, default=4, help="half of them pick, half pack (2 to 52)")
    work.add_argument("--mistakes", type=_rate, default=0.0063, help="slips per picked line, 0 to 1 (default 0.0063)")
    work.add_argument("--speed", type=_speed, default=0.0, help=SPEED_HELP)
    work.add_argument("--seed", type=int, default=1, help="same seed, same slips")
    work.add_argument("--report", type=Path, help="write the numbers here as JSON")
    work.add_argument("--dir", type=Path, help="keep the floor's files here (default: a temporary folder)")
    work.add_argument("--parcels", type=_count, default=0, help=PARCELS_HELP)
    _add_ways(work)
    work.set_defaults(action=run)


def _add_ways(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wall", action="store_true", help=WALL_HELP)
    parser.add_argument("--totes", choices=("parallel", "pass"), default="parallel", help=TOTES_HELP)


def start(args: argparse.Namespace) -> int:
    """`picklight floor start`."""
    demo = Demo(port=args.port, people_on=args.people == "on", seed=args.seed, totes=args.totes, wall=args.wall)
    return _guarded(_start(demo, args.dir))


def run(args: argparse.Namespace) -> int:
    """`picklight floor run`. Exit code 0 only if every promise was kept."""
    if args.parcels:
        packing = ParcelWish(args.parcels, args.people, args.mistakes, args.seed)
        return _guarded(_pack(packing, args.dir, args.report))
    try:
        book = read_book(args.orders, orders_max=args.limit_orders)
    except OrdersUnreadable as error:
        print(error, file=sys.stderr)
        return 2
    wish = Wish(book, args.people, Temper(args.speed, args.seed, args.mistakes), totes=args.totes, wall=args.wall)
    return _guarded(_run(wish, args.dir, args.report))


async def _start(demo: Demo, folder: Path | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with _folder(folder) as place:
        await start_floor(demo, place, say=lambda text: print(text, flush=True), stop=stop)
    print("Stopped. Nothing is left running.")
    return 0


async def _run(wish: Wish, folder: Path | None, report_file: Path | None) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with _folder(folder) as place:
        report: Report = await run_floor(wish, place, say=lambda text: print(text, file=sys.stderr, flush=True))
    if report_file is not None:
        write(report, report_file)
    print(in_words(report))
    return 0 if report.good else 1


async def _pack(wish: ParcelWish, folder: Path | None, report_file: Path | None) -> int:
    with _folder(folder) as place:
        report = await run_parcels(wish, place, say=lambda text: print(text, file=sys.stderr, flush=True))
    if report_file is not None:
        parcel_report.write(report, report_file)
    print(parcel_report.in_words(report))
    return 0 if report.good else 1


def _guarded(work: Coroutine[Any, Any, int]) -> int:
    try:
        return asyncio.run(work)
    except (CannotStart, ApiRefused) as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped. Nothing is left running.", file=sys.stderr)
        return 130


@contextmanager
def _folder(wished: Path | None) -> Iterator[Path]:
    """The floor's folder; a temporary one (short, for socket paths) is removed at the end."""
    if wished is not None:
        wished.mkdir(parents=True, exist_ok=True)
        yield wished.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="picklight-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _number(text: str, low: float, high: float, wanted: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r}: give {wanted}")
    return value


def _whole(text: str, low: int, high: int, wanted: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r}: give {wanted}")
    return int(_number(text, low, high, wanted))


def _count(text: str) -> int:
    return _whole(text, 0, ORDERS_MAX, "a whole number, 0 or more")


def _people(text: str) -> int:
    return _whole(text, 2, PEOPLE_MAX, f"a whole number, 2 to {PEOPLE_MAX}")


def _rate(text: str) -> float:
    return _number(text, 0, 1, "a number from 0 to 1")


def _speed(text: str) -> float:
    if text == "max":
        return 0.0
    return _number(text, SPEED_MIN, SPEED_MAX, "a number above 0 (1: a practised person's pace), or max")
