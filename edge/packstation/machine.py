"""What a pack station remembers, and how one event changes it. The rules themselves are the table in `table.py`.

Theory of operation. One machine per bench. A verification begins with a label: the guard gives a challenge, the label
goes to central with it, then items one by one. Central's grant is the only thing that makes the bench ask the guard to
release, and only if it is for the order and label on the table. Everything else (no answer, a late answer, an odd one,
a full disk, a gate that fails) holds and asks for the label again. A blocked parcel leaves only by being set aside or
by an override that central accepts.

`advance` is total: every state answers every event. An answer is acted on only if it is for the open scan; this and the
other questions that depend on memory are asked in `classify`, which makes another event of it, so that the table alone
tells the story. Nothing here waits, reads a clock, makes an id or touches a device. The diagram in docs/diagrams is
drawn from the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.bench_parts import judged
from edge.packstation.rules import Go, State, Station, Stay
from edge.packstation.table import TABLE, Table
from wire.answers import (
    AnyAnswer,
    AsideNoted,
    Blocked,
    DetailWanted,
    ItemAccepted,
    LabelWanted,
    OrderLoaded,
    Overridden,
    Refused,
    SelfTestHeard,
    SignedIn,
    Verified,
    WeighWanted,
)
from wire.ids import TEXT_MAX
from wire.phrases import Refusal, gate_fault, print_trouble

OPENING: Final = frozenset({State.READY, State.UNANSWERED, State.GATE_FAULT})  # a scan may begin a parcel
OPENING_SAY: Final = {"order_first": "scan_label", "item_first": "scan_first_item", "wall": "scan_cubby"}
SIGN_IN_FIRST: Final = Stay("sign_in_first", lamp="amber")
OVERDUE_MAX: Final = 16  # given-up scans whose late answers are still told apart from repeated ones


@dataclass(frozen=True)
class Step:
    """The station after an event, and what to do about it."""

    station: Station
    effects: tuple[ev.Effect, ...]


def advance(station: Station, event: ev.Event, table: Table = TABLE) -> Step:
    """Return the station after `event` and the effects to perform, in order."""
    seen = classify(station, event)
    if seen is None:
        return Step(station, ())
    rule = table[station.state][type(seen)]
    if isinstance(rule, Go) and rule.to is State.BEGINNING and station.sign_in and not station.packer:
        rule = SIGN_IN_FIRST
    if not isinstance(rule, Go):
        after = _said(station, rule, seen)
        return Step(after, tuple(make(after, seen) for make in rule.do))
    after = replace(_remember(station, seen, rule.to), state=rule.to)
    after = replace(after, say=_worded(after, rule.say) or _reason(seen) or after.reason or after.say, lamp=rule.lamp)
    return Step(after, tuple(make(after, seen) for make in rule.do))


def _said(station: Station, rule: Stay, event: ev.Event) -> Station:
    """A new instruction takes the old one's detail with it, but not that of a block."""
    told = event if isinstance(event, ev.Told) and not rule.say else ev.Told("")
    say = station.reason if rule.again else rule.say or told.say
    detail = station.detail if station.reason or not say else told.detail
    return replace(station, say=_worded(station, say) or station.say, lamp=rule.lamp or station.lamp, detail=detail)


def _worded(station: Station, say: str) -> str:
    """In other words: what begins a parcel here, what an item lacks, if a count may be keyed, what follows it."""
    match say:
        case "scan_label":
            return OPENING_SAY[station.way]
        case "scan_lot" if station.wants == "serial":
            return "scan_serial"
        case "next_item" if station.count_allowed:
            return "next_item_or_count"
        case "send_it" if station.more:
            return "send_it_more"
    return say


def classify(station: Station, event: ev.Event) -> ev.Event | None:
    """What `event` is to this station; None: the end of a wait that is long over."""
    seen = _classify(station, event)
    return judged(station, seen) if station.state is State.SELF_TEST and seen is not None else seen


def _classify(station: Station, event: ev.Event) -> ev.Event | None:
    match event:
        case shift.SignOutShown() | shift.IdleOver():
            why: Literal["command", "idle"] = "idle" if isinstance(event, shift.IdleOver) else "command"
            return shift.PackerLeft(station.packer, station.signed_in, why) if station.packer else event
        case ev.Overdue(scan_id) | ev.StorageFull(scan_id):
            return event if scan_id == station.scan_id else None
        case ev.PhotoDone(scan_id):
            return event if scan_id == station.scan_id else None
        case ev.BoxWeighed(verification=verification) | ev.BoxNotWeighed(verification=verification):
            return event if verification == station.verification else None
        case ev.PrintDone() | ev.PrintFailed() if event.verification != station.verification:
            return ev.PrintOver(event)
        case ev.ItemShown(scan_id, text) if station.way != "order_first" and station.state in OPENING:
            return ev.PlainShown(scan_id, text)
        case (
            OrderLoaded()
            | ItemAccepted()
            | DetailWanted()
            | LabelWanted()
            | WeighWanted()
            | Verified()
            | Refused()
            | Blocked()
            | AsideNoted()
            | Overridden()
            | SignedIn()
            | SelfTestHeard()
        ):
            return _classify_answer(station, event)
    return event


def _classify_answer(station: Station, answer: AnyAnswer) -> ev.Event:
    if answer.scan_id in station.overdue:
        return ev.LateAnswer(answer.scan_id)
    if answer.scan_id != station.scan_id:
        return ev.RepeatedAnswer()
    match answer:
        case Verified(grant=signed):
            granted = (signed.grant.station, signed.grant.order_no, signed.grant.label)
            return answer if granted == (station.name, station.order_no, station.label) else ev.OddGrant()
        case Refused(reason=Refusal.NOT_THIS_PARCEL):
            return ev.VerificationLost(answer.reason)
        case LabelWanted(job=job) if job is not None:
            return ev.LabelToPrint(answer)
        case Refused(reason=Refusal.BAD_REASON) if station.state is State.CHECKING_OVERRIDE:
            return ev.ReasonRefused(answer.reason)
    return answer


def _reason(event: ev.Event) -> str:
    match event:
        case Refused(reason=reason) | Blocked(reason=reason) | ev.VerificationLost(reason) | ev.ReasonRefused(reason):
            return str(reason)
        case ev.GateFailed(fault) | ev.BeginFailed(fault):
            return gate_fault(fault)
        case ev.BoxNotWeighed(why):
            return f"scale_{why}"
        case ev.PrintFailed(why=why):
            return print_trouble(why)
    return ""


def _remember(station: Station, event: ev.Event, to: State) -> Station:
    """What the station knows after an event that moved it."""
    match event:
        case ev.LabelShown(scan_id, text) | ev.PlainShown(scan_id, text) if to is State.BEGINNING:
            return replace(station.cleared(), scan_id=scan_id, verification=scan_id, asked=text, label=text[:TEXT_MAX])
        case (
            ev.LabelShown(scan_id)
            | ev.ItemShown(scan_id)
            | ev.PlainShown(scan_id)
            | ev.DetailShown(scan_id)
            | ev.CountShown(scan_id)
            | ev.BoxWeighed(scan_id)
        ):
            return replace(station, scan_id=scan_id, detail="")
        case (
            ev.AsideShown(scan_id)
            | ev.ProblemShown(scan_id)
            | ev.ReasonShown(scan_id)
            | ev.BoxFullShown(scan_id)
            | ev.ReprintShown(scan_id)
        ):
            why = event.reason if isinstance(event, ev.ReasonShown) else ""
            return replace(station, scan_id=scan_id, why_override=why)
        case ev.BadgeShown(scan_id, badge):
            return replace(station, badge=badge, scan_id=scan_id if to is State.SIGNING_IN else station.scan_id)
        case ev.Overdue(scan_id):
            given_up = (*station.overdue, scan_id)[-OVERDUE_MAX:]
            return replace(_fail(station, to, "no_answer"), overdue=given_up)
        case ev.OddGrant() | ev.ReleaseFailed():
            return replace(station, reason="gate_refused")
        case ev.StorageFull():
            return _fail(station, to, "storage_full")
        case AsideNoted(ticket=ticket):
            return replace(station.cleared(), detail=ticket)
        case ev.GateFailed(interlock=interlock):
            return replace(station, reason=_reason(event), detail=interlock)
    answered = isinstance(event, AnyAnswer | ev.LabelToPrint)
    return _remember_answer(station, event, to) if answered else _remember_shift(station, event)


def _remember_shift(station: Station, event: ev.Event) -> Station:
    match event:
        case ev.GateHolds():
            return station.cleared()
        case shift.PackerLeft():
            return replace(station.cleared(), packer="", person="", signed_in="")
        case shift.SelfTestShown(scan_id):
            return replace(station.cleared(), scan_id=scan_id)
        case (
            shift.TestFound(results)
            | shift.SlipDue(results)
            | shift.TestPassed(results)
            | shift.TestFailed(results)
            | shift.GateTestFailed(results)
        ):
            return replace(station, results=results)
    return station


def _remember_answer(station: Station, event: ev.Event, to: State) -> Station:
    match event:
        case ev.LabelToPrint(wanted):
            return _remember_answer(station, wanted, to)
        case OrderLoaded() | LabelWanted() | WeighWanted() | DetailWanted():
            return _with_order(station, event)
        case ItemAccepted():
            return replace(station, items=event.items, wants="", count_allowed=event.count_allowed)
        case Verified():
            return replace(station, items=event.items, grant=event.grant, more=event.more)
        case Blocked():
            return replace(station, reason=str(event.reason), ticket=event.ticket, detail=event.detail)
        case Refused() if to is State.READY:
            return replace(station.cleared(), detail=event.detail or station.label)
        case Refused():
            return replace(station, detail=event.detail)
        case SignedIn(person=person, badge=badge):
            return replace(station.cleared(), packer=badge, person=person, signed_in=event.scan_id)
        case Overridden():
            return replace(station, items=event.items, reason="", ticket="", badge="", detail="")
    return station


def _with_order(station: Station, event: OrderLoaded | LabelWanted | WeighWanted | DetailWanted) -> Station:
    free = replace(station, reason="", ticket="", badge="", detail="")  # an override may have led here
    loaded = replace(free, order_no=event.order_no, label=event.label, items=event.items)
    return replace(loaded, wants=event.what, detail=event.sku) if isinstance(event, DetailWanted) else loaded


def _fail(station: Station, to: State, why: str) -> Station:
    """A block keeps its own reason."""
    if to is State.READY:
        return station.cleared()
    return station if station.reason and to is State.BLOCKED else replace(station, reason=why)
