"""The effects the table's lines ask for, made from what the station knows. Pure; deeds and intent keys begin here."""

from __future__ import annotations

from edge.packstation import events as ev
from edge.packstation.rules import Station
from wire.deeds import (
    BoxClosed,
    CountKeyed,
    DetailScanned,
    InterlockFaulted,
    ItemScanned,
    LabelProved,
    LabelScanned,
    OverrideAsked,
    ParcelReleased,
    ParcelWeighed,
    ProblemDeclared,
    ReprintAsked,
    SetAside,
    StaleAnswer,
)

Question = (
    LabelScanned
    | ItemScanned
    | LabelProved
    | DetailScanned
    | CountKeyed
    | BoxClosed
    | ReprintAsked
    | ParcelWeighed
    | SetAside
    | ProblemDeclared
    | OverrideAsked
)


class TableWrong(Exception):
    """A line of the table asks for an effect that its event cannot give: a mistake of ours."""


def challenge(_station: Station, _event: ev.Event) -> ev.Effect:
    """Ask the guard for one."""
    return ev.AskChallenge()


def hold(_station: Station, _event: ev.Event) -> ev.Effect:
    """Hold, and void the challenge."""
    return ev.AskHold()


def status(_station: Station, _event: ev.Event) -> ev.Effect:
    """Ask what was released last."""
    return ev.AskStatus()


def await_answer(station: Station, _event: ev.Event) -> ev.Effect:
    """Central has so long."""
    return ev.Await(station.scan_id, "answer")


def await_guard(station: Station, _event: ev.Event) -> ev.Effect:
    """The guard has so long."""
    return ev.Await(station.scan_id, "guard")


def await_gate(station: Station, _event: ev.Event) -> ev.Effect:
    """The gate must hold again after the lease."""
    return ev.Await(station.scan_id, "gate_return")


def label(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central of the label, with the guard's challenge."""
    if not isinstance(event, ev.Challenged):
        raise wrong("label", event)
    deed = LabelScanned(
        station=station.name,
        scan_id=station.scan_id,
        label=station.asked,
        challenge=event.challenge,
        way=station.way,
        scale="scale" in station.present,
        packer=station.packer,
        printer=station.printer,
    )
    return question(station, deed)


def item(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central of the item."""
    if not isinstance(event, ev.ItemShown | ev.PlainShown):
        raise wrong("item", event)
    deed = ItemScanned(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        barcode=event.text,
        packer=station.packer,
        detail=event.detail if isinstance(event, ev.ItemShown) else None,
    )
    return question(station, deed)


def detail(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central the serial number or lot of the item at hand."""
    if not isinstance(event, ev.LabelShown | ev.ItemShown | ev.PlainShown | ev.DetailShown):
        raise wrong("detail", event)
    deed = DetailScanned(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        text=event.text,
        packer=station.packer,
        detail=event.detail if isinstance(event, ev.ItemShown | ev.DetailShown) else None,
    )
    return question(station, deed)


def count(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central how many pieces of the item accepted last there are."""
    if not isinstance(event, ev.CountShown):
        raise wrong("count", event)
    deed = CountKeyed(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        pieces=event.pieces,
        packer=station.packer,
    )
    return question(station, deed)


def weigh(station: Station, _event: ev.Event) -> ev.Effect:
    """Ask the scale."""
    return ev.AskWeight(station.verification)


def weighed(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central what the box weighs."""
    if not isinstance(event, ev.BoxWeighed):
        raise wrong("weighed", event)
    deed = ParcelWeighed(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        grams=event.grams,
        packer=station.packer,
    )
    return question(station, deed)


def prove(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central which label is on the box."""
    if not isinstance(event, ev.LabelShown | ev.PlainShown):
        raise wrong("prove", event)
    deed = LabelProved(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        label=event.text,
        packer=station.packer,
    )
    return question(station, deed)


def set_aside(station: Station, _event: ev.Event) -> ev.Effect:
    """Tell central that the parcel goes aside."""
    why = station.reason or "packer"
    deed = SetAside(station=station.name, scan_id=station.scan_id, verification=station.verification, why=why)
    return question(station, deed)


def declare(station: Station, event: ev.Event) -> ev.Effect:
    """Tell central of the problem."""
    if not isinstance(event, ev.ProblemShown):
        raise wrong("declare", event)
    deed = ProblemDeclared(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        problem=event.problem,
        packer=station.packer,
    )
    return question(station, deed)


def photo(station: Station, _event: ev.Event) -> ev.Effect:
    """Ask the camera."""
    return ev.AskPhoto(station.scan_id)


def await_photo(station: Station, _event: ev.Event) -> ev.Effect:
    """The camera has so long."""
    return ev.Await(station.scan_id, "photo")


def override(station: Station, event: ev.Event) -> ev.Effect:
    """Ask central for an override."""
    if not isinstance(event, ev.PhotoDone):
        raise wrong("override", event)
    deed = OverrideAsked(
        station=station.name,
        scan_id=event.scan_id,
        verification=station.verification,
        badge=station.badge,
        reason=station.why_override,
        photo=event.photo,
        no_photo=event.no_photo,
    )
    return question(station, deed)


def release(station: Station, _event: ev.Event) -> ev.Effect:
    """Show the guard the grant."""
    if station.grant is None:
        raise TableWrong("release: no grant is in memory")
    return ev.AskRelease(station.grant)


def released(station: Station, event: ev.Event) -> ev.Effect:
    """Write down that the parcel may leave."""
    if station.grant is None or not isinstance(event, ev.ReleaseDone):
        raise wrong("released", event)
    grant = station.grant.grant
    return _released(station.name, grant.grant_id, grant.order_no, grant.label)


def note_release(station: Station, event: ev.Event) -> ev.Effect:
    """Write down what the guard remembers; if we had, it counts once."""
    if not isinstance(event, ev.ReleaseRemembered):
        raise wrong("note_release", event)
    return _released(station.name, event.grant_id, event.order_no, event.label)


def note_late(station: Station, event: ev.Event) -> ev.Effect:
    """Write down that an answer came late."""
    if not isinstance(event, ev.LateAnswer):
        raise wrong("note_late", event)
    return ev.Record(StaleAnswer(station=station.name, scan_id=event.scan_id), f"stale:{event.scan_id}")


def fault(station: Station, event: ev.Event) -> ev.Effect:
    """Write down that the gate failed."""
    if not isinstance(event, ev.GateFailed):
        raise wrong("fault", event)
    deed = InterlockFaulted(
        station=station.name, fault=event.fault, interlock=event.interlock, verification=station.verification
    )
    return ev.Record(deed, f"fault:{event.mark}")


def _released(name: str, grant_id: str, order_no: str, label: str) -> ev.Effect:
    deed = ParcelReleased(station=name, order_no=order_no, label=label, grant_id=grant_id)
    return ev.Record(deed, f"release:{grant_id}"[:64])


def question(station: Station, deed: Question) -> ev.Effect:
    """Write the open scan down; central answers it."""
    return ev.Record(deed, f"scan:{station.scan_id}", station.scan_id)


def wrong(effect: str, event: ev.Event) -> TableWrong:
    """What to raise for an event that does not give what `effect` needs."""
    return TableWrong(f"{effect}: {type(event).__name__} does not give what it needs")
