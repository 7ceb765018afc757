"""The pages' picture of the floor, and one answer to one question."""

from __future__ import annotations

import asyncio

import pytest

from central.link.asker import OPEN_MAX, Asker, OwnerSilent
from central.link.watch import NODES_MAX, Watch
from tests.wire.real_broker import until
from wire.commands import ImportBadges, NewBadge, PlanWave, Reply
from wire.uplink import Live, Presence


def a_live(node: str, number: int = 1) -> Live:
    """A picture of nothing."""
    return Live(node=node, number=number, outbox_rows=0, outbox_fill_percent=0)


async def test_who_waits_for_a_change_hears_of_each() -> None:
    watch = Watch()
    waiting = [asyncio.create_task(watch.changed(0)) for _ in range(3)]
    await asyncio.sleep(0)
    watch.heard_live(a_live("zone-a"))
    assert await asyncio.gather(*waiting) == [1, 1, 1]
    watch.heard_commit()
    assert (await watch.changed(1), watch.committed) == (2, 1)


def test_a_late_will_of_an_older_connection_is_ignored() -> None:
    watch = Watch()
    for state, connects in (("ready", 5), ("lost", 4)):
        watch.heard_presence(Presence(node="zone-a", state=state, connects=connects))  # type: ignore[arg-type]
    assert watch.nodes()["zone-a"].presence == "ready"
    watch.heard_presence(Presence(node="zone-a", state="lost", connects=5))
    assert watch.nodes()["zone-a"].presence == "lost"


def test_nodes_are_bounded() -> None:
    watch = Watch()
    for number in range(NODES_MAX + 10):
        watch.heard_live(a_live(f"n{number}"))
    assert len(watch.nodes()) == NODES_MAX


async def test_no_answer_is_said_with_what_to_do() -> None:
    asker = Asker("central-web", lambda _: True, answer_wait_s_max=0.05)
    with pytest.raises(OwnerSilent, match="Look whether picklight central runs"):
        await asker.ask(PlanWave(key="k", client="central-web", orders_max=1))
    asker.answered(Reply(key="k", ok=True))  # too late: dropped


async def test_too_many_open_questions_are_refused() -> None:
    asker = Asker("central-web", lambda _: True)
    questions = [PlanWave(key=f"k{number}", client="central-web", orders_max=1) for number in range(OPEN_MAX)]
    asking = [asyncio.create_task(asker.ask(question)) for question in questions]
    await asyncio.sleep(0)
    with pytest.raises(OwnerSilent, match="too many commands"):
        await asker.ask(PlanWave(key="one-more", client="central-web", orders_max=1))
    for question in questions:
        asker.answered(Reply(key=question.key, ok=True))
    await until(lambda: all(task.done() for task in asking))


async def test_a_command_beyond_the_wires_limit_is_refused_at_once() -> None:
    asker = Asker("central-web", lambda _: True)
    badges = tuple(NewBadge(badge=f"B{number}", person="x" * 64, role="picker") for number in range(110_000))
    reply = await asker.ask(ImportBadges(key="k", client="central-web", badges=badges))
    assert (reply.ok, "Too much at once" in reply.said) == (False, True)
