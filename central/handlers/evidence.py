"""Every answered scan is kept with its verdict; an answer that was lost on the way is given again."""

from __future__ import annotations

from typing import assert_never

import msgspec

from central.handlers.printing import refilled
from central.handlers.site import Site, Turn
from central.store import labels, packing
from wire import answers
from wire.deeds import (
    AnyDeed,
    BoxClosed,
    ItemScanned,
    LabelProved,
    LabelScanned,
    OverrideAsked,
    ParcelWeighed,
    ProblemDeclared,
    ReprintAsked,
    SetAside,
)

Question = (
    LabelScanned
    | ItemScanned
    | LabelProved
    | BoxClosed
    | ReprintAsked
    | ParcelWeighed
    | ProblemDeclared
    | OverrideAsked
    | SetAside
)


def keep(turn: Turn, deed: AnyDeed, answer: answers.AnyAnswer) -> None:
    """Store the scan with what will be answered."""
    if not isinstance(deed, Question):
        return
    packing.keep_answer(
        turn.database,
        answer,
        packing.Scan(deed.scan_id, _text_of(deed), verdict_of(answer)),
        verification=_verification_of(deed),
        station=deed.station,
        now_utc_ns=turn.now_utc_ns,
    )


def given_before(site: Site, deed: AnyDeed | None) -> list[answers.AnyAnswer]:
    """What was answered to the same scan; its counts are the verification's of now, as a bench asks one at a time."""
    if not isinstance(deed, Question):
        return []
    found = packing.kept_answer(site.database, deed.scan_id, deed.station)
    if found is None or isinstance(found, answers.Refused | answers.Blocked | answers.AsideNoted):
        return [found] if found is not None else []
    work = site.packing(_verification_of(deed))
    if work is None:
        return []
    again = msgspec.structs.replace(found, items=work.items)
    return [refilled(labels.document(site.database, work.label), again)]


def verdict_of(answer: answers.AnyAnswer) -> str:
    """The answer in one word."""
    match answer:
        case answers.OrderLoaded():
            return "loaded"
        case answers.ItemAccepted():
            return "accepted"
        case answers.LabelWanted() | answers.WeighWanted():
            return "complete"
        case answers.Verified():
            return "verified"
        case answers.Refused(reason=reason) | answers.Blocked(reason=reason):
            return str(reason)
        case answers.AsideNoted():
            return "set_aside"
        case answers.Overridden():
            return "overridden"
        case answers.SignedIn():
            return "signed_in"
        case answers.SelfTestHeard():
            return "heard"
        case _:
            assert_never(answer)


def _verification_of(deed: Question) -> str:
    return deed.scan_id if isinstance(deed, LabelScanned) else deed.verification


def _text_of(deed: Question) -> str:
    match deed:
        case LabelScanned() | LabelProved():
            return deed.label
        case ItemScanned():
            return deed.barcode
        case ParcelWeighed():
            return f"{deed.grams} g"
        case ProblemDeclared():
            return deed.problem
        case BoxClosed():
            return ""
        case ReprintAsked():
            return deed.reason
        case OverrideAsked():
            return deed.reason
        case SetAside():
            return deed.why
        case _:
            assert_never(deed)
