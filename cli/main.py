"""`picklight`: one command for everything a person starts, sends or asks."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from cli.imports import import_file
from cli.target import Failed, Misused, Target, add_target, find_target, printable, said_of

ELSEWHERE: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "central": ("run the central wave service of a site: --site FILE", ("central", "run")),
    "verify": ("check a site's journal chain and stock: --site FILE", ("central", "verify")),
    "edge": ("run one edge node: --profile FILE", ("edge",)),
    "guard": ("run the interlock of a pack station: --config FILE", ("edge.packstation.guard",)),
    "modules": ("profiles of light modules: list, check, simulate, schema", ("cli.modules",)),
    "install": ("put services in place: install edge NAME, install central", ("cli.install", "install")),
    "uninstall": ("take the services away; settings and data stay", ("cli.install", "uninstall")),
    "scanners": ("barcode scanners that are plugged in here, as a node profile names them", ("cli.scanners",)),
    "sheet": ("print command barcodes and the scanner self-test: sheet commands --pdf FILE", ("cli.sheet",)),
    "floor": ("a warehouse without hardware: floor start, floor run", ("cli.floor",)),
}
HOLDS: Final = ("on_hold", "frozen", "risk_control", "address_changed", "other_warehouse")
MORE: Final = {"orders": "; cancel or hold one", "locations": "; count one", "labels": "; void one"}
ORDERS_DEFAULT: Final = 20
PIECES_MAX: Final = 99_999
STEPS: Final = ("repick", "replace_label", "return_stock", "write_off", "ship_partial", "repack", "cancel", "close")
ACTIONS: Final = "one step, docs/exceptions.md says which when"


def main(argv: list[str] | None = None) -> int:
    """0: done; 1: refused or not reachable; 2: wrong arguments."""
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in ELSEWHERE:
        _become(ELSEWHERE[words[0]][1], words[1:])
    args = _parser().parse_args(words)
    try:
        code: int = args.do(args)
    except Misused as error:
        sys.stderr.write(f"picklight: {error}\n")
        return 2
    except Failed as error:
        sys.stderr.write(f"picklight: {error}\n")
        return 1
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    return code


def _become(module: tuple[str, ...], words: list[str]) -> None:
    """Turn this process into that program: same process id, so signals and supervisors find it."""
    os.execv(sys.executable, (sys.executable, "-m", *module, *words))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="picklight", description="Pick-to-light and pack verification.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, (text, _) in ELSEWHERE.items():
        verbs.add_parser(name, help=text, add_help=False)
    for name in ("orders", "catalogue", "locations", "lots", "badges", "labels"):
        inner = verbs.add_parser(name, help=f"bring {name} from a file{MORE.get(name, '')}")
        _add_import(inner, name)
    wave = verbs.add_parser("wave", help="release a wave").add_subparsers(dest="what", required=True, metavar="VERB")
    plan = wave.add_parser("plan", help="release the next orders, earliest cut-off first")
    plan.add_argument("--orders", type=_orders, default=ORDERS_DEFAULT, metavar="N", help="at most N (20)")
    _finish(plan, _plan_wave)
    _add_tickets(verbs.add_parser("tickets", help="open exceptions"))
    return parser


def _add_import(parser: argparse.ArgumentParser, name: str) -> None:
    verbs = parser.add_subparsers(dest="inner", required=True, metavar="VERB")
    bring = verbs.add_parser("import", help=f"bring {name} from a CSV or JSON file: all rows or none")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--skip-bad", action="store_true", help="import what is good, list the rest in a report file")
    bring.add_argument("--report-file", type=Path, metavar="F", help="default: FILE.troubles.csv")
    if name == "labels":
        bring.add_argument("--order", default="", metavar="NO", help="one more label of this order")
    bring.set_defaults(what=name)
    _finish(bring, import_file)
    if name == "orders":
        cancel = verbs.add_parser("cancel", help="stop an order wherever it is, unless it has left")
        cancel.add_argument("order_no", metavar="NO")
        cancel.add_argument("--reason", default="asked on the command line", help="kept with the order")
        _finish(cancel, _cancel_order)
        hold = verbs.add_parser("hold", help="stop an order for now: lights out, no bench lets it go")
        hold.add_argument("order_no", metavar="NO")
        hold.add_argument("--why", choices=HOLDS, default="on_hold", help="what the platform says")
        _finish(hold, _hold_order)
        lift = verbs.add_parser("unhold", help="let an order on hold go on")
        lift.add_argument("order_no", metavar="NO")
        lift.set_defaults(why="")
        _finish(lift, _hold_order)
    if name == "labels":
        void = verbs.add_parser("void", help="give a label's parcel a new number; the old one is refused from then on")
        void.add_argument("label", metavar="LABEL")
        void.add_argument("--new", required=True, metavar="LABEL", help="the label that stands in its place")
        void.add_argument("--reason", default="asked on the command line", help="kept with the label")
        _finish(void, _void_label)
    if name == "locations":
        count = verbs.add_parser("count", help="say how many pieces a person counted in a place")
        count.add_argument("location_id", metavar="LOCATION")
        count.add_argument("pieces", type=_pieces, metavar="PIECES")
        _finish(count, _count_place)


def _add_tickets(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="inner", required=True, metavar="VERB")
    _finish(verbs.add_parser("list", help="what waits for a decision, oldest first"), _list_tickets)
    resolve = verbs.add_parser("resolve", help="do one step of resolving one")
    resolve.add_argument("ticket", metavar="TICKET")
    resolve.add_argument("--action", choices=STEPS, required=True, help=ACTIONS)
    resolve.add_argument("--note", default="", help="kept with the ticket")
    resolve.add_argument("--sku", default="", help="for repick, return_stock and write_off: which goods")
    resolve.add_argument("--pieces", type=_pieces, default=0, help="how many; 1 where a SKU is named")
    resolve.add_argument("--location", default="", help="for return_stock: where they lie now")
    _finish(resolve, _resolve_ticket)


def _finish(parser: argparse.ArgumentParser, action: Any) -> None:
    add_target(parser)
    parser.set_defaults(do=action)


def _orders(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 5_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 1 and 5000")
    return int(text)


def _pieces(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > PIECES_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {PIECES_MAX}")
    return int(text)


def _plan_wave(args: argparse.Namespace) -> int:
    return _send(find_target(args), "/api/waves", {"orders_max": args.orders})


def _cancel_order(args: argparse.Namespace) -> int:
    return _send(find_target(args), f"/api/orders/{quote(args.order_no, safe='')}/cancel", {"reason": args.reason})


def _hold_order(args: argparse.Namespace) -> int:
    body = {"hold": args.why, "reason": "asked on the command line"}
    return _send(find_target(args), f"/api/orders/{quote(args.order_no, safe='')}/hold", body)


def _void_label(args: argparse.Namespace) -> int:
    body = {"new_label": args.new, "reason": args.reason}
    return _send(find_target(args), f"/api/labels/{quote(args.label, safe='')}/void", body)


def _count_place(args: argparse.Namespace) -> int:
    path = f"/api/locations/{quote(args.location_id, safe='')}/count"
    return _send(find_target(args), path, {"pieces": args.pieces})


def _resolve_ticket(args: argparse.Namespace) -> int:
    body = {"action": args.action, "note": args.note, "sku": args.sku, "pieces": args.pieces}
    body |= {"location_id": args.location}
    return _send(find_target(args), f"/api/tickets/{quote(args.ticket, safe='')}/resolve", body)


def _list_tickets(args: argparse.Namespace) -> int:
    tickets = find_target(args).get("/api/tickets?limit=500")
    if not isinstance(tickets, list):
        raise Failed("an answer that is not picklight's. Check the address")
    for ticket in tickets:
        opened = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(int(ticket.get("opened_utc_ns", 0)) / 1e9))
        parts = [str(ticket.get(name) or "-") for name in ("ticket", "kind", "stage", "order_no", "sku", "station")]
        print(printable("  ".join([opened, *parts])))
    if not tickets:
        print("no open tickets")
    return 0


def _send(target: Target, path: str, body: dict[str, object]) -> int:
    reply = target.post(path, msgspec.json.encode(body))
    said = said_of(reply)
    if not reply["ok"]:
        raise Failed(said or "refused")
    print(said or "done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
