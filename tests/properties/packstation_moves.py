"""What a shift at a bench is made of: whole parcels and noise, right and wrong."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from edge.packstation import events as ev
from edge.packstation import shift_events
from edge.packstation.rules import Station
from tests.edge.packstation.parcels import ITEMS, grant
from wire.answers import (
    AnyAnswer,
    AsideNoted,
    Blocked,
    DetailWanted,
    ItemAccepted,
    LabelJob,
    LabelWanted,
    OrderLoaded,
    Overridden,
    Refused,
    SelfTestHeard,
    SignedIn,
    Verified,
    WeighWanted,
)
from wire.deeds import ScanDetail
from wire.phrases import Refusal
from wire.shift_deeds import BenchPart, PartResult

# ---- moves: what a shift is made of; scan ids are filled in while it is lived through ----


@dataclass(frozen=True)
class Scan:
    """Somebody scans; the shell makes the next id."""

    make: type[ev.Event]
    more: tuple[object, ...] = ()


@dataclass(frozen=True)
class Says:
    """Central answers the scan `back` scans ago (0: the newest)."""

    answer: type[AnyAnswer]
    back: int = 0
    odd: str = ""


@dataclass(frozen=True)
class Late:
    """The wait for the newest scan ends (or its line cannot be written, or its photo is done)."""

    make: type[ev.Overdue | ev.StorageFull | ev.PhotoDone]


@dataclass(frozen=True)
class Weighs:
    """The scale gives a weight for the parcel on the table; `why`: none, and why not."""

    why: str = ""


def well(part: BenchPart) -> ev.Event:
    """The self-test finds nothing wrong with this part."""
    return shift_events.PartTested(PartResult(part=part, ok=True))


@dataclass(frozen=True)
class Prints:
    """The printer is done with the label of the parcel on the table; `why`: or not, and why not."""

    why: str = ""
    verification: str = ""


Move = Scan | Says | Late | Weighs | Prints | ev.Event

LABEL, ITEM, PLAIN = Scan(ev.LabelShown, ("LP1",)), Scan(ev.ItemShown, ("x",)), Scan(ev.PlainShown, ("x",))
ASIDE, BADGE, REASON = Scan(ev.AsideShown), Scan(ev.BadgeShown, ("SUP-1",)), Scan(ev.ReasonShown, ("recount",))
PHOTO = Late(ev.PhotoDone)
SELF_TEST = Scan(shift_events.SelfTestShown)
DETAIL = Scan(ev.DetailShown, ("10B77", ScanDetail(lot="B77")))
COUNT = Scan(ev.CountShown, (12,))
PROBLEM = Scan(ev.ProblemShown, ("missing_item",))
BOX_FULL, REPRINT = Scan(ev.BoxFullShown), Scan(ev.ReprintShown, ("damaged",))
PRINT = Says(LabelWanted, odd="print")
BEGUN: list[Move] = [ev.GateHolds(), LABEL, ev.Challenged("c1")]
LOADED: list[Move] = [*BEGUN, Says(OrderLoaded)]
FINISHED: list[Move] = [*LOADED, ITEM, Says(ItemAccepted), ITEM, Says(Verified)]
LEFT: list[Move] = [*FINISHED, ev.ReleaseDone("g1"), ev.GateHolds()]
STOPPED: list[Move] = [*LOADED, ITEM, Says(Blocked)]
OVERRIDDEN: list[Move] = [*STOPPED, BADGE, REASON, PHOTO, Says(Overridden), ITEM, Says(Verified), ev.ReleaseDone("g1")]
SET_ASIDE: list[Move] = [*STOPPED, ASIDE, Says(AsideNoted)]
ASKED: list[Move] = [*STOPPED, BADGE, REASON, PHOTO]
TURNED_DOWN: list[Move] = [*ASKED, Says(Refused)]
STUCK: list[Move] = [*FINISHED, ev.ReleaseFailed("stuck"), Says(Verified)]
UNHEARD: list[Move] = [*ASKED, Late(ev.Overdue)]
FAULT_WHILE_BLOCKED: list[Move] = [*STOPPED, ev.GateFailed("forced", "m1"), ITEM]
SILENT_GUARD: list[Move] = [*FINISHED, Late(ev.Overdue)]
ODD: list[Move] = [*LOADED, ITEM, Says(Verified, odd="order_no")]
DECLARED: list[Move] = [*LOADED, PROBLEM, Says(AsideNoted)]
WEIGHING: list[Move] = [*LOADED, ITEM, Says(WeighWanted)]
BY_WEIGHT: list[Move] = [*STOPPED, BADGE, REASON, PHOTO, Says(WeighWanted), Weighs(), Says(Verified)]
WEIGHED: list[Move] = [*WEIGHING, Weighs(), Says(Verified)]
UNSTEADY: list[Move] = [*WEIGHING, Weighs("moving"), Weighs(), Says(Blocked)]
LABELLING: list[Move] = [*LOADED, ITEM, Says(LabelWanted)]
PRINTED: list[Move] = [*LOADED, ITEM, PRINT, Prints(), LABEL, Says(Verified)]
REPRINTED: list[Move] = [*LOADED, ITEM, PRINT, Prints("paper_out"), REPRINT, PRINT, Prints("lost"), LABEL]
NOT_REPRINTED: list[Move] = [*LOADED, ITEM, PRINT, REPRINT, Says(Refused), Prints()]
ONE_OF_SEVERAL: list[Move] = [*LOADED, ITEM, Says(ItemAccepted), BOX_FULL, Says(Verified), ev.ReleaseDone("g1")]
PROVED: list[Move] = [*LABELLING, LABEL, Says(Verified)]
OTHER_LABEL: list[Move] = [*LABELLING, LABEL, Says(Blocked)]
SIGNED_IN: list[Move] = [ev.GateHolds(), BADGE, Says(SignedIn)]
SIGNED_OUT: list[Move] = [*SIGNED_IN, shift_events.IdleOver()]
TESTING: list[Move] = [ev.GateHolds(), SELF_TEST, Says(SelfTestHeard), ev.Told("scanner_good")]
TESTED: list[Move] = [*TESTING, well("gate"), well("clock")]
LACKING: list[Move] = [*LOADED, ITEM, Says(DetailWanted)]
CAPTURED: list[Move] = [*LACKING, DETAIL, Says(Verified)]
KNOWN_SERIAL: list[Move] = [*LACKING, PLAIN, Says(Blocked)]
NO_SERIAL: list[Move] = [*LACKING, ITEM, Says(Refused), DETAIL, Says(ItemAccepted)]
KEYED: list[Move] = [*LOADED, ITEM, Says(ItemAccepted), COUNT, Says(Verified)]
SILENCE: list[Move] = [*LOADED, ITEM, Late(ev.Overdue), Says(Verified)]

parcels = st.sampled_from(
    [
        *(BEGUN, LOADED, FINISHED, LEFT, STOPPED, OVERRIDDEN, SET_ASIDE, ASKED),
        *(TURNED_DOWN, STUCK, UNHEARD, FAULT_WHILE_BLOCKED, SILENT_GUARD, ODD, DECLARED, WEIGHING),
        *(WEIGHED, BY_WEIGHT, UNSTEADY, LABELLING, PROVED, OTHER_LABEL, SIGNED_IN, SIGNED_OUT, TESTING),
        *(TESTED, SILENCE, PRINTED, REPRINTED, NOT_REPRINTED, ONE_OF_SEVERAL),
        *(LACKING, CAPTURED, KNOWN_SERIAL, NO_SERIAL, KEYED),
    ]
)
kinds: list[type[AnyAnswer]] = [*ev.ANSWERS]
noise = st.one_of(
    st.sampled_from([LABEL, ITEM, PLAIN, ASIDE, BADGE, REASON, PHOTO, PROBLEM, SELF_TEST, BOX_FULL, REPRINT]),
    st.sampled_from([DETAIL, COUNT]),
    st.sampled_from(
        [
            ev.DirtyShown(),
            ev.UnknownShown(),
            ev.RepeatShown(),
            shift_events.SignOutShown(),
            shift_events.OldTouchShown(),
        ]
    ),
    st.builds(Says, st.sampled_from(kinds), st.integers(0, 2), st.sampled_from(["", "print", "order_no", "station"])),
    st.builds(Prints, st.sampled_from(["", "paper_out", "lost"]), st.sampled_from(["", "s0"])),
    st.builds(Weighs, st.sampled_from(["", "moving", "empty"])),
    st.builds(Late, st.sampled_from([ev.Overdue, ev.StorageFull])),
    st.sampled_from(
        [
            ev.Challenged("c2"),
            ev.BeginFailed("away"),
            ev.ReleaseDone("g1"),
            ev.ReleaseFailed("stuck"),
            ev.GateHolds(),
            ev.GateFailed("forced", "m1"),
            ev.ReleaseRemembered("g0", "O-0", "LP0"),
        ]
    ),
).map(lambda move: [move])
shifts = st.lists(st.one_of(parcels, noise), max_size=6).map(lambda parts: [move for part in parts for move in part])


def event_of(move: Move, scans: int, station: Station) -> ev.Event:
    match move:
        case Prints("", other):
            return ev.PrintDone(f"s{scans}", other or station.verification or "s0", "LP1")
        case Prints(why, other):
            return ev.PrintFailed(f"s{scans}", other or station.verification or "s0", "LP1", why)
        case Weighs(""):
            return ev.BoxWeighed(f"s{scans}", 400, station.verification)
        case Weighs(why):
            return ev.BoxNotWeighed(why, station.verification)
        case Scan(make, more):
            return make(f"s{scans}", *more)  # type: ignore[call-arg,arg-type]
        case Late(make):
            return make(f"s{scans}")
        case Says():
            return _answer(move, f"s{scans - move.back}")
    return move


def _answer(says: Says, scan_id: str) -> AnyAnswer:
    odd = {says.odd: "another"} if says.odd in ("order_no", "station") else {}
    job = LabelJob(print_kind="zpl", body=b"^XA^XZ") if says.odd == "print" else None
    answers: dict[type[AnyAnswer], AnyAnswer] = {
        OrderLoaded: OrderLoaded(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS),
        ItemAccepted: ItemAccepted(scan_id=scan_id, sku="MUG-RED", items=ITEMS),
        DetailWanted: DetailWanted(
            scan_id=scan_id, order_no="O-1", label="LP1", sku="MUG-RED", what="lot", items=ITEMS
        ),
        WeighWanted: WeighWanted(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS),
        LabelWanted: LabelWanted(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS, job=job),
        Verified: Verified(scan_id=scan_id, items=ITEMS, grant=grant(**odd)),
        Refused: Refused(scan_id=scan_id, reason=Refusal.NOT_THIS_PARCEL if odd else Refusal.TOO_MANY),
        Blocked: Blocked(scan_id=scan_id, reason=Refusal.WRONG_ITEM, ticket="T-1"),
        AsideNoted: AsideNoted(scan_id=scan_id, ticket="T-1"),
        SignedIn: SignedIn(scan_id=scan_id, person="Li Na", badge="P-1"),
        SelfTestHeard: SelfTestHeard(scan_id=scan_id, utc_ns=1),
        Overridden: Overridden(scan_id=scan_id, order_no="O-1", items=ITEMS),
    }
    return answers[says.answer]
