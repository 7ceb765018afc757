"""Any sequence of deeds, acknowledgements, welcomes and restarts agrees with a model that fits on a page."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edge.clock import ManualClock
from edge.link.errors import OutboxFull
from edge.link.outbox import Outbox
from edge.link.rules import AckMeans, judge_ack
from edge.link.store import Standing
from tests.edge.link.one_node import pick
from wire.codec import chain, decode_record
from wire.downlink import Ack, Desired, Pick, ToteWork, ZoneWork

ROWS_MAX = 12
MEMORY = Path("/dev/shm")  # thousands of commits: what a disk does to them is tested elsewhere


class OutboxModel(RuleBasedStateMachine):
    """`deeds` by seq; `acked` and `epoch` as central knows them."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.path = Path(self.folder.name) / "outbox.db"
        self.runner = asyncio.Runner()
        self.deeds: list[int] = []
        self.acked, self.epoch = 0, 0
        self.masked: dict[str, int] = {}
        self.version = 0
        self.outbox = self._open()

    def _open(self) -> Outbox:
        async def make() -> Outbox:
            return Outbox(self.path, production=False, clock=ManualClock(), rows_max=ROWS_MAX)

        return self.runner.run(make())

    def teardown(self) -> None:
        if hasattr(self, "outbox"):
            self.outbox.close()
            self.runner.close()
            self.folder.cleanup()

    @rule(numbers=st.lists(st.integers(0, 40), min_size=1, max_size=6))
    def record(self, numbers: list[int]) -> None:
        async def all_at_once() -> list[int | BaseException]:
            deeds = (self.outbox.record(pick(n), f"pick:p{n}", done_picks=[f"p{n}"]) for n in numbers)
            return await asyncio.gather(*deeds, return_exceptions=True)

        for number, got in zip(numbers, self.runner.run(all_at_once()), strict=True):
            if number not in self.deeds and len(self.deeds) - self.acked >= ROWS_MAX:
                assert isinstance(got, OutboxFull)
                continue
            if number not in self.deeds:
                self.deeds.append(number)
                self.masked[f"p{number}"] = len(self.deeds)
            assert got == self.deeds.index(number) + 1

    @rule(epoch=st.integers(1, 3), through=st.integers(0, 50))
    def acknowledge(self, epoch: int, through: int) -> None:
        ack = Ack(epoch=epoch, through=through, head="")
        if judge_ack(self.outbox.standing, ack) == AckMeans.PROGRESS:
            assert epoch == self.epoch
            assert self.acked < through <= len(self.deeds)
            self.outbox.acknowledge(through, "")
            self.acked = through

    @rule(newer=st.booleans(), part=st.floats(0, 1))
    def welcome(self, newer: bool, part: float) -> None:
        self.epoch += newer or self.epoch == 0
        self.acked = int(part * len(self.deeds))
        self.runner.run(self.outbox.welcome(self.epoch, self.acked, ""))

    @rule(asked=st.sets(st.integers(0, 40), max_size=5))
    def desire(self, asked: set[int]) -> None:
        self.version += 1
        names = [f"p{number}" for number in sorted(asked)]
        picks = tuple(Pick(pick_id=name, location_id="l", sku="s", title="", pieces=1) for name in names)
        tote = ToteWork(tote_id="t", order_no="o", wave="w", colour="blue", picks=picks)
        self.runner.run(self.outbox.keep_desired(Desired(version=self.version, zone=ZoneWork(zone="A", totes=(tote,)))))
        self.masked = {name: seq for name, seq in self.masked.items() if name in names or seq > self.acked}

    @rule()
    def restart(self) -> None:
        self.outbox.close()
        self.outbox = self._open()

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "outbox"):
            return
        at: Standing = self.outbox.standing
        assert (at.last_seq, at.acked_through, at.epoch) == (len(self.deeds), self.acked, self.epoch)
        assert self.outbox.done_picks() == set(self.masked)
        kept = self.outbox.stored_desired()
        assert (kept.version if kept else 0) == self.version
        self._lines_agree(at)

    def _lines_agree(self, at: Standing) -> None:
        rows = self.runner.run(self.outbox.read(0, -1))
        assert [decode_record(row.record).deed for row in rows] == [pick(number) for number in self.deeds]
        head = rows[self.acked].prev if self.acked < len(rows) else at.head
        for row in rows[self.acked :]:
            assert (row.epoch, row.prev) == (self.epoch, head)
            head = chain(head, row.epoch, row.seq, row.record)
            recent = self.outbox.recent(row.seq)
            assert recent in (None, row)
        assert at.head == head


OutboxModel.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
test_outbox_agrees_with_its_model = OutboxModel.TestCase
