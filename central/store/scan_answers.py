"""Every scan at a bench, with the verdict, the rule behind it, and what was answered."""

from __future__ import annotations

from typing import Final

import msgspec

from central.rules.rule_names import rule_of
from central.store.database import Database, Prepared
from central.store.packing import Scan
from wire.answers import AnyAnswer, AsideNoted, Blocked, LabelWanted, Refused

_KEEP: Final = Prepared(
    "INSERT INTO scan_answer (scan_id, verification, station, text, verdict, rule, body, answered_utc_ns)"
    " VALUES (:scan_id, :verification, :station, :text, :verdict, :rule, :body, :now)"
)
_KEPT: Final = Prepared("SELECT body FROM scan_answer WHERE scan_id = :scan_id AND station = :station")

_encode = msgspec.json.Encoder().encode
_answer: Final[msgspec.json.Decoder[AnyAnswer]] = msgspec.json.Decoder(AnyAnswer)


def keep_answer(
    database: Database, answer: AnyAnswer, scan: Scan, *, verification: str, station: str, now_utc_ns: int
) -> None:
    """Store a scan with what is about to be answered; the counts are the verification's and not stored twice."""
    slim = answer if isinstance(answer, Refused | Blocked | AsideNoted) else msgspec.structs.replace(answer, items=())
    if isinstance(slim, LabelWanted) and slim.job is not None:  # the bytes are the label's document
        slim = msgspec.structs.replace(slim, job=msgspec.structs.replace(slim.job, body=b""))
    database.run(
        _KEEP,
        scan_id=scan.scan_id,
        verification=verification,
        station=station,
        text=scan.text,
        verdict=scan.verdict,
        rule=rule_of(scan.verdict),
        body=_encode(slim),
        now=now_utc_ns,
    )


def kept_answer(database: Database, scan_id: str, station: str) -> AnyAnswer | None:
    """What was answered to a scan, without counts."""
    found = database.row(_KEPT, scan_id=scan_id, station=station)
    return _answer.decode(found[0]) if found else None
