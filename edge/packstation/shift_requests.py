"""The effects of who packs at a bench and of its self-test, made from what the station knows. Pure."""

from __future__ import annotations

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.requests import wrong
from edge.packstation.rules import Station
from wire.shift_deeds import PackerSignedIn, PackerSignedOut, SelfTestBegun, ShiftTested


def sign_in(station: Station, event: ev.Event) -> ev.Effect:
    """Ask central whose badge it is."""
    if not isinstance(event, ev.BadgeShown):
        raise wrong("sign_in", event)
    deed = PackerSignedIn(station=station.name, scan_id=event.scan_id, badge=event.badge)
    return ev.Record(deed, f"scan:{event.scan_id}", event.scan_id)


def sign_out(station: Station, event: ev.Event) -> ev.Effect:
    """Write down that nobody packs here now."""
    if not isinstance(event, shift.PackerLeft):
        raise wrong("sign_out", event)
    deed = PackerSignedOut(station=station.name, packer=event.packer, why=event.why)
    return ev.Record(deed, f"out:{event.signed_in}")


def await_self_test(station: Station, _event: ev.Event) -> ev.Effect:
    """The packer has so long."""
    return ev.Await(station.scan_id, "self_test")


def begin_self_test(station: Station, _event: ev.Event) -> ev.Effect:
    """Tell central, which answers: that is its part of the test."""
    deed = SelfTestBegun(station=station.name, scan_id=station.scan_id, packer=station.packer)
    return ev.Record(deed, f"scan:{station.scan_id}", station.scan_id)


def run_self_test(station: Station, _event: ev.Event) -> ev.Effect:
    """Look at the parts."""
    return shift.RunSelfTest(station.parts)


def print_slip(station: Station, _event: ev.Event) -> ev.Effect:
    """Print what was found."""
    return shift.PrintSlip(station.results, station.packer)


def shift_tested(station: Station, _event: ev.Event) -> ev.Effect:
    """Write down what was found."""
    deed = ShiftTested(station=station.name, scan_id=station.scan_id, results=station.results, packer=station.packer)
    return ev.Record(deed, f"tested:{station.scan_id}")
