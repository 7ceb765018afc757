"""The kinds of rule the station's table is made of, and the state they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from edge.packstation.events import Effect, Event
from wire.deeds import Way
from wire.grant import SignedGrant
from wire.shift_deeds import BenchPart, PartResult
from wire.uplink import ItemCount, Lamp


class State(StrEnum):
    """Where the life of a parcel at this bench stands."""

    READY = "ready"  # no parcel; waits for a label
    SIGNING_IN = "signing_in"  # a badge was scanned; central is asked
    SELF_TEST = "self_test"  # the shift-start test goes on
    BEGINNING = "beginning"  # label scanned, the guard is asked for a challenge
    CHECKING_LABEL = "checking_label"  # central is asked
    PACKING = "packing"  # order loaded, waits for an item
    CHECKING_ITEM = "checking_item"  # central is asked
    WANTS_DETAIL = "wants_detail"  # the item belongs here; its serial number or lot must be scanned
    CHECKING_DETAIL = "checking_detail"  # central is asked
    WEIGHING = "weighing"  # the contents agree; the box must be weighed
    CHECKING_WEIGHT = "checking_weight"  # central is asked
    LABELLING = "labelling"  # the contents agree; the label on the box must be shown
    CHECKING_PROOF = "checking_proof"  # central is asked
    RELEASING = "releasing"  # verified; the guard is shown the grant
    RELEASED = "released"  # the gate lets one parcel through
    BLOCKED = "blocked"  # set aside or overridden, nothing else
    BADGED = "badged"  # blocked, and a badge waits for its reason
    PHOTOGRAPHING = "photographing"  # blocked; the camera is asked
    CHECKING_OVERRIDE = "checking_override"  # blocked; central is asked
    CHECKING_ASIDE = "checking_aside"  # the parcel goes aside; central is told
    UNANSWERED = "unanswered"  # the verification is void; its label must be scanned again
    GATE_FAULT = "gate_fault"  # the gate failed or its guard is away; a label tries again


@dataclass(frozen=True)
class Station:
    """Everything the station remembers between two events. It begins with the guard not yet heard of."""

    name: str
    state: State = State.GATE_FAULT
    say: str = "gate_fault"
    lamp: Lamp = "red"
    scan_id: str = ""  # the scan that is open, or was last
    verification: str = ""  # the scan id of its label
    asked: str = ""  # the label as scanned
    label: str = ""  # as shown; central's spelling once the order is loaded
    order_no: str = ""
    items: tuple[ItemCount, ...] = ()
    wants: Literal["", "serial", "lot"] = ""  # what the item at hand lacks
    count_allowed: bool = False  # the count of the item accepted last may be keyed
    grant: SignedGrant | None = None
    reason: str = ""  # why it is blocked or void
    ticket: str = ""
    detail: str = ""
    badge: str = ""
    why_override: str = ""  # the reason shown with it
    overdue: tuple[str, ...] = ()  # scans given up lately
    way: Way = "order_first"  # what a parcel begins with here
    present: frozenset[str] = frozenset()  # devices that are there now, by name
    printer: bool = False  # a label printer stands here
    more: bool = False  # the parcel that leaves is one of several
    sign_in: bool = False  # nobody packs here unnamed
    packer: str = ""  # the badge signed in
    person: str = ""  # whose it is
    signed_in: str = ""  # the scan id of that sign-in
    parts: tuple[BenchPart, ...] = ()  # what a self-test looks at here
    results: tuple[PartResult, ...] = ()  # of the self-test that goes on or was last; a parcel ends their showing

    def cleared(self) -> Station:
        """The same bench and person with nothing on the table."""
        return Station(
            name=self.name,
            way=self.way,
            overdue=self.overdue,
            sign_in=self.sign_in,
            packer=self.packer,
            person=self.person,
            signed_in=self.signed_in,
            parts=self.parts,
            present=self.present,
            printer=self.printer,
        )


Make = Callable[[Station, Event], Effect]


@dataclass(frozen=True)
class Go:
    """Take the event into memory, move to `to`, say `say` ("": the reason the event or memory gives), then `do`."""

    to: State
    say: str
    lamp: Lamp
    do: tuple[Make, ...] = ()


@dataclass(frozen=True)
class Stay:
    """Move nowhere. `say` is an instruction ("": what is said stays); `why` is for the reader and the diagram.

    `again`: say once more why the parcel is blocked, or the gate failed.
    """

    say: str = ""
    why: str = ""
    lamp: Lamp | None = None
    do: tuple[Make, ...] = ()
    again: bool = False


Rule = Go | Stay
Row = Mapping[type[Event], Rule]
