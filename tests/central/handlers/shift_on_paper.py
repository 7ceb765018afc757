"""Whole shifts out of a few numbers: imports, presses, shorts, cancellations, parcels right and wrong, repeats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from tests.central.paper_floor import PaperFloor
from wire.answers import ItemAccepted, OrderLoaded, Verified
from wire.commands import CancelOrder, HandOver, ResolveTicket
from wire.deeds import OverrideAsked, ProblemDeclared, SetAside

SKUS: Final = ("mug", "lamp", "pen")
PLACES: Final = (("A-01-1", "mug", 12), ("B-01-1", "mug", 6), ("A-02-1", "lamp", 9), ("B-02-1", "pen", 9))
INITIAL: Final = {place: count for place, _, count in PLACES}
BENCHES: Final = ("bench-1", "bench-2")
STEPS: Final = (
    *("cancel", "repack", "repack", "repick", "return_stock", "repack", "return_stock", "write_off"),
    *("replace_label", "close", "repick", "repack"),
)
Move = tuple[str, int, int]

numbers = st.integers(0, 11)
MISCHIEF: Final = (
    *("pick", "tote", "parcel", "short", "cancel", "scan", "wrong", "aside", "problem", "override", "stale"),
    *("resolve", "gate", "tick", "repeat", "restart", "hand_over", "crossed", "restless"),
)
moves = st.tuples(st.sampled_from(("whole", "lit", *MISCHIEF)), numbers, numbers)
shifts = st.lists(moves, min_size=8, max_size=30).map(lambda noise: [("whole", 0, 1), ("lit", 3, 5), *noise])


class Shift:
    """Lives through moves; a move that makes no sense just now does nothing."""

    def __init__(self, floor: PaperFloor) -> None:
        self.floor = floor
        self.pressed: set[str] = set()
        self.parcels: dict[str, tuple[str, str]] = {}  # bench -> (verification, label)
        self.grants: list[tuple[str, Any]] = []
        self.seen: dict[str, tuple[str, Any, Any]] = {}
        self.orders = 0
        floor.stock(*PLACES)
        floor.badge("S1", "sue", "supervisor")

    def live(self, moves: list[Move]) -> None:
        for name, first, second in moves:
            move: Callable[[int, int], object] = getattr(self, f"_{name}")
            move(first, second)

    def _order(self, first: int, second: int) -> None:
        self.orders += 1
        pieces = {SKUS[first % 3]: first % 4 + 1, SKUS[second % 3]: second % 3 + 1}
        self.floor.order(str(self.orders), cut_off_utc_s=second, **pieces)

    def _whole(self, first: int, second: int) -> None:
        """An order comes in and is picked."""
        self._order(first, second)
        self._wave(first, second)
        self._tote(0, 0)
        self._tote(1, 0)

    def _lit(self, first: int, second: int) -> None:
        """An order comes in and lights up."""
        self._order(first, second)
        self._wave(first, second)

    def _wave(self, first: int, _: int) -> None:
        self.floor.wave(first + 1)

    def _tick(self, *_: int) -> None:
        self.floor.tick()

    def _open(self, zone: str) -> list[Any]:
        self.seen |= {pick.pick_id: (zone, tote, pick) for tote, pick in self.floor.lit(zone)}
        return [(tote, pick) for tote, pick in self.floor.lit(zone) if pick.pick_id not in self.pressed]

    def _pick(self, first: int, second: int) -> None:
        zone = "AB"[first % 2]
        if lit := self._open(zone):
            tote, pick = lit[second % len(lit)]
            self.pressed.add(pick.pick_id)
            self.floor.apply([self.floor.confirm(zone, tote, pick)])

    def _crossed(self, first: int, _: int) -> None:
        """A press of what is lit no longer: the cancellation was still on its way."""
        self._open("A")
        self._open("B")
        self._cancel(first, 0)
        gone = [name for name in self.seen if name not in self.pressed and self._status_of(name) == "cancelled"]
        for name in gone[:1]:
            zone, tote, pick = self.seen[name]
            self.pressed.add(name)
            self.floor.apply([self.floor.confirm(zone, tote, pick)])

    def _status_of(self, pick_id: str) -> str:
        return str(self.floor.rows("SELECT status FROM pick WHERE pick_id = :p", p=pick_id)[0][0])

    def _restless(self, first: int, second: int) -> None:
        """One label after the other, at one bench."""
        self._scan(first, second)
        self._scan(first + 1, second)

    def _tote(self, first: int, _: int) -> None:
        zone = "AB"[first % 2]
        lines = [self.floor.confirm(zone, tote, pick) for tote, pick in self._open(zone)]
        self.pressed |= {pick.pick_id for _, pick in self._open(zone)}
        self.floor.apply(lines)

    def _short(self, first: int, second: int) -> None:
        zone = "AB"[first % 2]
        if lit := self._open(zone):
            tote, pick = lit[second % len(lit)]
            self.pressed.add(pick.pick_id)
            self.floor.apply([self.floor.short(zone, tote, pick, found=first % pick.pieces)])

    def _cancel(self, first: int, _: int) -> None:
        self.floor.command(CancelOrder, order_no=str(first % max(self.orders, 1) + 1), reason="customer")

    def _scan(self, first: int, second: int) -> bool:
        bench = BENCHES[second % 2]
        label = f"L{first % max(self.orders, 1) + 1}"
        verification, answer = self.floor.label(label, bench)
        self.parcels[bench] = (verification, label)
        return isinstance(answer, OrderLoaded)

    def _parcel(self, first: int, second: int) -> None:
        """Everything right, and every second one is let out at once."""
        bench = BENCHES[second % 2]
        if not self._scan(first, second):
            return
        verification, label = self.parcels[bench]
        for sku, pieces in self.floor.rows(
            "SELECT sku, sum(pieces) FROM order_line WHERE order_no = :n GROUP BY sku", n=label[1:]
        ):
            for _ in range(pieces):
                answer = self.floor.item(verification, f"={sku}", bench)
                assert isinstance(answer, ItemAccepted | Verified), answer
        assert isinstance(answer, Verified)
        self._granted(bench, answer)
        if first % 2:
            self._gate(len(self.grants) - 1, 0)

    def _wrong(self, first: int, second: int) -> None:
        bench = BENCHES[second % 2]
        if bench in self.parcels:
            text = ("=pen", "=mug", "rubbish", "L1")[first % 4]
            answer = self.floor.item(self.parcels[bench][0], text, bench)
            if isinstance(answer, Verified):
                self._granted(bench, answer)

    def _granted(self, bench: str, answer: Verified) -> None:
        """Nothing may leave while a ticket of its order is open."""
        order_no = answer.grant.grant.order_no
        opened = self.floor.rows("SELECT ticket FROM ticket WHERE order_no = :n AND status = 'open'", n=order_no)
        assert opened == []
        self.grants.append((bench, answer.grant))

    def _stale(self, first: int, second: int) -> None:
        bench = BENCHES[second % 2]
        if bench in self.parcels:
            assert self.floor.item(self.parcels[bench][0], f"={SKUS[first % 3]}", bench, age_ms=9_000) is None

    def _aside(self, _: int, second: int) -> None:
        self._say(second, SetAside, why="aside")

    def _problem(self, _: int, second: int) -> None:
        self._say(second, ProblemDeclared, problem="damaged_item")

    def _override(self, _: int, second: int) -> None:
        self._say(second, OverrideAsked, badge="S1", reason="taken-out")

    def _say(self, second: int, kind: Any, **parts: str) -> None:
        bench = BENCHES[second % 2]
        if bench in self.parcels:
            self.floor.bench(kind, self.parcels[bench][0], bench, **parts)

    def _resolve(self, first: int, second: int) -> None:
        """A step of resolving, possible or not, with goods that are the order's or another's."""
        place, sku, _ = PLACES[second % len(PLACES)]
        parts: dict[str, Any] = {"sku": sku, "pieces": first % 3, "location_id": place} if first % 2 else {}
        self.floor.command(ResolveTicket, ticket=f"T{first % 3 + 1:07d}", action=STEPS[second], **parts)

    def _gate(self, first: int, _: int) -> None:
        if self.grants:
            bench, grant = self.grants[first % len(self.grants)]
            self.floor.gate(grant, bench)

    def _hand_over(self, *_: int) -> None:
        self.floor.command(HandOver, labels=tuple(f"L{number + 1}" for number in range(self.orders)))

    def _repeat(self, first: int, _: int) -> None:
        for node in self.floor.nodes.values():
            self.floor.apply(node.sent[-first:])

    def _restart(self, *_: int) -> None:
        self.floor.reopen()
