"""Pieces of a parcel's life at a bench, for the tests to put together."""

from __future__ import annotations

from edge.packstation import events as ev
from edge.packstation.machine import Step, advance
from edge.packstation.rules import Station
from wire.answers import Blocked, ItemAccepted, OrderLoaded, Verified
from wire.grant import Grant, SignedGrant
from wire.phrases import Refusal
from wire.uplink import ItemCount

ITEMS = (ItemCount(sku="MUG-RED", title="Red mug", asked_pieces=2, packed_pieces=0),)


def grant(**changed: str) -> SignedGrant:
    fields = {"grant_id": "g1", "station": "bench-1", "order_no": "O-1", "label": "LP1", "challenge": "c1", **changed}
    return SignedGrant(grant=Grant(**fields), signature="checked by the guard, not here")


def loaded(scan_id: str) -> OrderLoaded:
    return OrderLoaded(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS)


def accepted(scan_id: str) -> ItemAccepted:
    return ItemAccepted(scan_id=scan_id, sku="MUG-RED", items=ITEMS)


LABEL: tuple[ev.Event, ...] = (ev.GateHolds(), ev.LabelShown("s1", "LP1"), ev.Challenged("c1"))
LOADED: tuple[ev.Event, ...] = (*LABEL, loaded("s1"))
VERIFIED: tuple[ev.Event, ...] = (
    *LOADED,
    ev.ItemShown("s2", "x"),
    Verified(scan_id="s2", items=ITEMS, grant=grant()),
)
BLOCKED: tuple[ev.Event, ...] = (
    *LOADED,
    ev.ItemShown("s2", "x"),
    Blocked(scan_id="s2", reason=Refusal.WRONG_ITEM, ticket="T-1"),
)
ASIDE = ev.AsideShown("s8")


def after(*events: ev.Event) -> Step:
    """The last step of a new bench that has lived through `events`."""
    step = Step(Station("bench-1"), ())
    for event in events:
        step = advance(step.station, event)
    return step


def recorded(step: Step) -> list[object]:
    """The deeds the step has written down."""
    return [effect.deed for effect in step.effects if isinstance(effect, ev.Record)]
