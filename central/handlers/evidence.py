"""Every answered scan is kept with its verdict; an answer that was lost on the way is given again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

import msgspec

from central.handlers.printing import refilled
from central.handlers.site import Site, Turn
from central.store import labels, packing, scan_answers
from wire import answers
from wire.deeds import (
    AnyDeed,
    BoxClosed,
    CountKeyed,
    DetailScanned,
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
    | DetailScanned
    | CountKeyed
    | LabelProved
    | BoxClosed
    | ReprintAsked
    | ParcelWeighed
    | ProblemDeclared
    | OverrideAsked
    | SetAside
)


WORD_OF: Final[Mapping[type[answers.AnyAnswer], str]] = {
    answers.OrderLoaded: "loaded",
    answers.ItemAccepted: "accepted",
    answers.WeighWanted: "complete",
    answers.LabelWanted: "complete",
    answers.Verified: "verified",
    answers.AsideNoted: "set_aside",
    answers.Overridden: "overridden",
    answers.SignedIn: "signed_in",
    answers.SelfTestHeard: "heard",
}


def keep(turn: Turn, deed: AnyDeed, answer: answers.AnyAnswer) -> None:
    """Store the scan with what will be answered."""
    if not isinstance(deed, Question):
        return
    scan_answers.keep_answer(
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
    found = scan_answers.kept_answer(site.database, deed.scan_id, deed.station)
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
        case answers.DetailWanted(what=what):
            return f"{what}_wanted"
        case answers.Refused(reason=reason) | answers.Blocked(reason=reason):
            return str(reason)
    return WORD_OF[type(answer)]


def _verification_of(deed: Question) -> str:
    return deed.scan_id if isinstance(deed, LabelScanned) else deed.verification


def _text_of(deed: Question) -> str:
    """What was scanned or keyed, as it was read."""
    match deed:
        case LabelScanned() | LabelProved():
            return deed.label
        case ItemScanned(detail=detail):
            return detail.raw if detail is not None and detail.raw else deed.barcode
        case DetailScanned():
            return deed.text
        case CountKeyed():
            return f"= {deed.pieces}"
        case ParcelWeighed():
            return f"{deed.grams} g"
        case declared:
            return _said_in(declared)


def _said_in(deed: ProblemDeclared | BoxClosed | ReprintAsked | OverrideAsked | SetAside) -> str:
    match deed:
        case ProblemDeclared():
            return deed.problem
        case BoxClosed():
            return ""
        case ReprintAsked() | OverrideAsked():
            return deed.reason
        case SetAside():
            return deed.why
        case _:
            assert_never(deed)
