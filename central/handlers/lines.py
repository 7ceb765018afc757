"""A node's journal line: in its place, counted once, decided, answered; or buried with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from central.handlers import (
    aside,
    bench,
    counted,
    evidence,
    greeting,
    labelling,
    offline,
    picking,
    printing,
    shifts,
    undoing,
    verifying,
    walling,
)
from central.handlers.intake import EventIn, Outgoing, ToNode
from central.handlers.site import Site, Turn
from central.rules.journal import Cursor, Step, is_chained, judge_line
from central.store import desk
from central.store.errors import Poison
from central.store.journal import Entry
from central.store.nodes import NodeNow
from wire import deeds, shift_deeds
from wire.answers import AnyAnswer
from wire.codec import chain, decode_record
from wire.downlink import Ack
from wire.errors import WireError
from wire.offline_deeds import OfflineParcel
from wire.uplink import Event, Record

REWIND_AGAIN_NS: Final = 2_000_000_000  # a rewind asked for once is not asked for again before
DEAD: Final = "dead_letter"

_HANDLERS: Final[Mapping[type, Callable[[Turn, Any], None]]] = {
    deeds.PickConfirmed: picking.pick_confirmed,
    deeds.ShortPicked: picking.short_picked,
    deeds.ToteInducted: picking.tote_inducted,
    deeds.PickUndone: undoing.pick_undone,
    deeds.ZeroChecked: undoing.zero_checked,
    deeds.PutConfirmed: walling.put_confirmed,
    deeds.CubbyEmptied: walling.cubby_emptied,
    deeds.PutsMissing: walling.puts_missing,
    deeds.LabelScanned: verifying.label_scanned,
    deeds.ItemScanned: verifying.item_scanned,
    deeds.DetailScanned: counted.detail_scanned,
    deeds.CountKeyed: counted.count_keyed,
    deeds.ParcelWeighed: verifying.parcel_weighed,
    deeds.LabelProved: labelling.label_proved,
    deeds.BoxClosed: labelling.box_closed,
    deeds.ReprintAsked: labelling.reprint_asked,
    deeds.LabelPrinted: printing.label_printed,
    deeds.ProblemDeclared: aside.problem_declared,
    deeds.OverrideAsked: aside.override_asked,
    deeds.SetAside: aside.set_aside,
    OfflineParcel: offline.offline_parcel,
    deeds.ParcelReleased: aside.parcel_released,
    deeds.InterlockFaulted: aside.interlock_faulted,
    shift_deeds.PackerSignedIn: shifts.packer_signed_in,
    shift_deeds.PackerSignedOut: shifts.packer_signed_out,
    shift_deeds.ScreenPressed: shifts.screen_pressed,
    shift_deeds.SelfTestBegun: shifts.self_test_begun,
    shift_deeds.ShiftTested: shifts.shift_tested,
    deeds.StaleAnswer: aside.answer_came_late,
    deeds.AlarmRaised: greeting.alarm_raised,
    deeds.AlarmCleared: greeting.alarm_cleared,
}


@dataclass
class Acks:
    """What each node will be told of its lines at the end of the batch."""

    answers: dict[str, list[AnyAnswer]] = field(default_factory=dict)
    rewind: set[str] = field(default_factory=set)
    turned: list[Outgoing] = field(default_factory=list)

    def messages(self, nodes: Mapping[str, NodeNow]) -> list[Outgoing]:
        """One acknowledgement a node."""
        acks: list[Outgoing] = [
            ToNode(name, _ack(nodes[name], name in self.rewind, tuple(answers)))
            for name, answers in self.answers.items()
        ]
        return acks + self.turned

    def of(self, node: str) -> list[AnyAnswer]:
        """The answers that ride in the node's acknowledgement."""
        return self.answers.setdefault(node, [])


def take_line(site: Site, acks: Acks, line: EventIn) -> None:
    """Commit the line if it is the next one of its node."""
    event = line.event
    node = site.nodes.get(event.node)
    if node is None or node.state == "turned_away":
        return
    match judge_line(node.cursor(), event.epoch, event.seq):
        case Step.OTHER_EPOCH:
            return
        case Step.GAP:
            _ask_rewind(node, acks, line.received_utc_ns)
        case Step.REPEAT:
            _repeated(site, acks, node, line)
        case Step.NEXT:
            _next(site, acks, node, line)
    node.seen_utc_ns = line.received_utc_ns
    node.dirty = True


def _ask_rewind(node: NodeNow, acks: Acks, now_utc_ns: int) -> None:
    asked = node.rewind_after == node.acked_through and now_utc_ns - node.rewind_utc_ns < REWIND_AGAIN_NS
    if asked:
        return
    node.rewind_after, node.rewind_utc_ns = node.acked_through, now_utc_ns
    acks.of(node.name)
    acks.rewind.add(node.name)


def _repeated(site: Site, acks: Acks, node: NodeNow, line: EventIn) -> None:
    """Acknowledge again, a fresh question with its answer. Other content under a used number: a copied card."""
    event = line.event
    head = chain(event.prev, event.epoch, event.seq, bytes(event.record))
    ours = site.journal.head_at(node.name, event.epoch, event.seq)
    if ours is not None and ours != head:
        reason = f"copied_card: line {event.seq} was committed with other content"
        site.journal.keep_letter(_entry(line, "", DEAD, head, counted=False), line.payload, reason)
        turn = Turn(site, line.received_utc_ns, node.name)
        greeting.turn_away(turn, node, "two cards speak for this node. Take the copy out. Call a technician")
        acks.turned += turn.outgoing
        return
    answers = acks.of(node.name)
    if event.age_ms <= bench.STALE_MS:
        answers += evidence.given_before(site, _deed_of(event))


def _next(site: Site, acks: Acks, node: NodeNow, line: EventIn) -> None:
    event = line.event
    raw = bytes(event.record)
    chained = is_chained(node.cursor(), event.prev)
    # An envelope that names no true predecessor says nothing of the chain: the next line's word is taken.
    head = chain(event.prev, event.epoch, event.seq, raw) if chained or not line.unreadable else ""
    turn = Turn(site, line.received_utc_ns, node.name, event.age_ms)
    try:
        with site.database.savepoint():
            if line.unreadable:
                raise Poison("unreadable", line.unreadable)
            if not chained:
                raise Poison("chain_broken", f"line names {event.prev[:12]}, the chain ends in {node.head[:12]}")
            _commit(turn, line, decode_record(raw), head)
    except site.database.item_errors as error:
        turn.answers.clear()
        _bury(site, node, line, head, error)
    acks.of(node.name).extend(turn.answers)
    node.move_to(Cursor(event.epoch, event.seq, head))
    node.behind_utc_ns = 0


def _commit(turn: Turn, line: EventIn, record: Record, head: str) -> None:
    counts = not turn.site.journal.has_counted(record.intent)
    kind = str(record.deed.__struct_config__.tag)
    turn.site.journal.add(_entry(line, record.intent, kind, head, counted=counts))
    if not counts:
        turn.answers += evidence.given_before(turn.site, record.deed) if turn.age_ms <= bench.STALE_MS else ()
        return
    _HANDLERS[type(record.deed)](turn, record.deed)
    for answer in turn.answers:
        evidence.keep(turn, record.deed, answer)


def _bury(site: Site, node: NodeNow, line: EventIn, head: str, error: BaseException) -> None:
    site.forget_item()
    code = error.code if isinstance(error, Poison) else "unreadable" if isinstance(error, WireError) else "not_applied"
    reason = f"{code}: {error}" if not isinstance(error, Poison) else str(error)
    site.journal.bury(_entry(line, "", DEAD, head, counted=False), line.payload, reason)
    alarm = code if code == "chain_broken" else DEAD
    subject = "" if alarm == code else code
    now = line.received_utc_ns
    desk.raise_alarm(site.database, node.name, alarm, subject, detail=reason, now_utc_ns=now)


def _entry(line: EventIn, intent: str, kind: str, head: str, *, counted: bool) -> Entry:
    event = line.event
    raw = bytes(event.record)
    return Entry(event.node, event.epoch, event.seq, intent, counted, kind, raw, head, line.received_utc_ns)


def _deed_of(event: Event) -> deeds.AnyDeed | None:
    try:
        return decode_record(event.record).deed
    except WireError:
        return None


def _ack(node: NodeNow, rewind: bool, answers: tuple[AnyAnswer, ...]) -> Ack:
    return Ack(epoch=node.epoch, through=node.acked_through, head=node.head, rewind=rewind, answers=answers)
