"""A node that has nothing but its outbox and its link."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from edge.clock import Clock
from edge.link.outbox import Outbox
from edge.link.session import Link
from tests.edge.link.scripted_central import NODE, SITE
from tests.wire.real_broker import until
from wire.answers import AnyAnswer
from wire.deeds import AnyDeed, PickConfirmed
from wire.downlink import Desired, Pick, ToteWork, ZoneWork
from wire.mqtt import BrokerAddress


def pick(number: int) -> PickConfirmed:
    """The pick with that number."""
    return PickConfirmed(zone="A", pick_id=f"p{number}", tote_id="T1", location_id="A-01-1", sku="MUG", picked_pieces=1)


def picks(first: int, last: int) -> list[AnyDeed]:
    """The deeds of those picks, in order."""
    return [pick(number) for number in range(first, last + 1)]


def wanted(version: int, *pick_ids: str) -> Desired:
    """A desired state asking for these picks."""
    work = tuple(Pick(pick_id=name, location_id="A-01-1", sku="MUG", title="Mug", pieces=1) for name in pick_ids)
    tote = ToteWork(tote_id="T1", order_no="O1", wave="W1", colour="blue", picks=work)
    return Desired(version=version, zone=ZoneWork(zone="A", totes=(tote,)))


class Node:
    """Outbox and link, and what they were told."""

    def __init__(self, path: Path, address: BrokerAddress, clock: Clock | None = None, rows_max: int = 200_000) -> None:
        clock = clock or Clock()
        self.outbox = Outbox(path, production=False, clock=clock, rows_max=rows_max)
        self.answers: list[AnyAnswer] = []
        self.desired: list[Desired] = []
        self.contact: list[bool] = []
        self.turned: list[str] = []
        self.link = Link(
            self.outbox,
            address,
            SITE,
            NODE,
            clock,
            on_answer=self.answers.append,
            on_desired=self.desired.append,
            on_contact=self.contact.append,
            on_turned_away=self.turned.append,
        )

    async def confirm(self, first: int, last: int) -> None:
        """Confirm picks `first`..`last`, in order."""
        for number in range(first, last + 1):
            await self.outbox.record(pick(number), f"pick:p{number}", done_picks=[f"p{number}"])


@contextlib.asynccontextmanager
async def node(
    path: Path, address: BrokerAddress, clock: Clock | None = None, rows_max: int = 200_000
) -> AsyncIterator[Node]:
    """A running node."""
    one = Node(path, address, clock, rows_max)
    task = asyncio.create_task(one.link.run())
    try:
        yield one
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        one.outbox.close()


async def all_safe(one: Node) -> None:
    """Wait until central has everything."""
    await until(lambda: one.outbox.standing.last_seq > 0 and one.outbox.rows == 0, 20)
