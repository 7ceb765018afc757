"""Who packs at a bench, its shift-start self-test, and touches of its page."""

from __future__ import annotations

from typing import Final

from central.handlers import bench
from central.handlers.site import Turn
from central.store import desk
from wire.answers import Refused, SelfTestHeard, SignedIn
from wire.phrases import Refusal
from wire.shift_deeds import PackerSignedIn, PackerSignedOut, ScreenPressed, SelfTestBegun, ShiftTested

FAILED: Final = "self_test_failed"


def packer_signed_in(turn: Turn, deed: PackerSignedIn) -> None:
    """Any badge the site knows may pack."""
    turn.must_serve_station(deed.station)
    if turn.age_ms > bench.STALE_MS:
        return
    holder = desk.badge_holder(turn.database, deed.badge)
    if holder is None:
        turn.answers.append(Refused(scan_id=deed.scan_id, reason=Refusal.BAD_BADGE))
        return
    turn.answers.append(SignedIn(scan_id=deed.scan_id, person=holder.person, badge=holder.badge))


def packer_signed_out(turn: Turn, deed: PackerSignedOut) -> None:
    """A fact of the journal."""
    turn.must_serve_station(deed.station)


def screen_pressed(turn: Turn, deed: ScreenPressed) -> None:
    """A fact of the journal; what it led to is a line of its own."""
    turn.must_serve_station(deed.station)


def self_test_begun(turn: Turn, deed: SelfTestBegun) -> None:
    """Say at once that it was heard, and when."""
    turn.must_serve_station(deed.station)
    if turn.age_ms <= bench.STALE_MS:
        turn.answers.append(SelfTestHeard(scan_id=deed.scan_id, utc_ns=turn.now_utc_ns))


def shift_tested(turn: Turn, deed: ShiftTested) -> None:
    """A bench that is not well is an alarm until a self-test finds all its parts well."""
    turn.must_serve_station(deed.station)
    bad = [f"{result.part}: {result.why}" for result in deed.results if not result.ok]
    if bad:
        detail = ", ".join(bad)
        desk.raise_alarm(turn.database, turn.node, FAILED, deed.station, detail=detail, now_utc_ns=turn.now_utc_ns)
    else:
        desk.clear_alarm(turn.database, turn.node, FAILED, deed.station, now_utc_ns=turn.now_utc_ns)
