"""A node says hello, comes or goes, or raises an alarm."""

from __future__ import annotations

from typing import Final

from central.handlers.desired import refresh
from central.handlers.intake import ToNode
from central.handlers.site import Turn
from central.rules.journal import Greeting, TurnedAway, Welcomed, judge_hello
from central.store import desk
from central.store.nodes import NodeNow, grant_epoch, granted_to
from wire.deeds import AlarmCleared, AlarmRaised
from wire.downlink import Turned, Welcome
from wire.uplink import Hello, Presence

BEHIND_NS: Final = 30_000_000_000  # a late hello expires at the broker by then; a restored card speaks on


def hello(turn: Turn, said: Hello) -> None:
    """Welcome the node where its journal stands and tell it everything; or turn it away."""
    node = turn.site.nodes.get(said.node)
    if node is None or said.node not in turn.site.known_nodes:
        turn.outgoing.append(ToNode(said.node, Turned(why=f"no node {said.node} in the site file. Add it there")))
        return
    greeting = Greeting(said.store_id, said.epoch, said.first_seq, said.last_seq)
    verdict = judge_hello(node.name, node.cursor(), node.store_id, greeting, granted_to(turn.database, said.store_id))
    match verdict:
        case TurnedAway(why):
            turn_away(turn, node, why)
        case Welcomed(behind=True) if 0 < node.behind_utc_ns <= turn.now_utc_ns - BEHIND_NS:
            turn_away(turn, node, "the storage went back in time: a copied or restored card. Call a technician")
        case Welcomed():
            _welcome(turn, node, said, verdict)
            node.behind_utc_ns = (node.behind_utc_ns or turn.now_utc_ns) if verdict.behind else 0


def turn_away(turn: Turn, node: NodeNow, why: str) -> None:
    """Its lines are not taken until it says a hello that can be believed."""
    node.state, node.dirty = "turned_away", True
    desk.raise_alarm(turn.database, node.name, "turned_away", "", detail=why, now_utc_ns=turn.now_utc_ns)
    turn.outgoing.append(ToNode(node.name, Turned(why=why[:200])))


def presence(turn: Turn, said: Presence) -> None:
    """Birth, farewell or will; a will older than the birth is late."""
    node = turn.site.nodes.get(said.node)
    if node is None or said.connects < node.connects or node.state == "turned_away":
        return
    if (node.state, node.connects) != (said.state, said.connects):
        node.state, node.connects, node.dirty = said.state, said.connects, True
        node.seen_utc_ns = turn.now_utc_ns


def alarm_raised(turn: Turn, deed: AlarmRaised) -> None:
    """Something on the node needs a person."""
    desk.raise_alarm(turn.database, turn.node, deed.alarm, deed.subject, detail=deed.detail, now_utc_ns=turn.now_utc_ns)


def alarm_cleared(turn: Turn, deed: AlarmCleared) -> None:
    """It is over."""
    desk.clear_alarm(turn.database, turn.node, deed.alarm, deed.subject, now_utc_ns=turn.now_utc_ns)


def _welcome(turn: Turn, node: NodeNow, said: Hello, verdict: Welcomed) -> None:
    now = turn.now_utc_ns
    if verdict.new_store:
        grant_epoch(turn.database, said.store_id, node.name, verdict.cursor.epoch, now)
    if verdict.lost_lines:
        detail = f"{verdict.lost_lines} lines of its journal are on no disk of central"
        desk.raise_alarm(turn.database, node.name, "journal_gap", said.store_id, detail=detail, now_utc_ns=now)
    desk.clear_alarm(turn.database, node.name, "turned_away", "", now_utc_ns=now)
    node.move_to(verdict.cursor)
    document = refresh(turn.site, node.name, at_least=said.desired_version, always=True)
    node.store_id, node.state, node.connects = said.store_id, "ready", said.connects
    node.software, node.seen_utc_ns, node.rewind_after = said.software, now, -1
    welcome = Welcome(epoch=node.epoch, acked_through=node.acked_through, head=node.head, store_id=said.store_id)
    turn.outgoing.append(ToNode(node.name, welcome))
    if document is not None:
        turn.outgoing.append(document)
