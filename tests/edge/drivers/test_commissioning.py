"""A factory-new unit is set up by the writes of its profile, in their order."""

from __future__ import annotations

import pytest

from edge.drivers.commissioning import NotOffered, Wanted, commissioning
from edge.drivers.modbus_pdu import pdu_of
from edge.drivers.module_model import load_file, load_model, shipped
from sim.modules.bank import Bank
from sim.modules.slave import reply_to
from tests.contracts.profile_rig import DRIVABLE

SETTABLE = [name for name in DRIVABLE if any(step.what == "unit" for step in load_file(name).commission)]


def steps(name: str, wanted: Wanted) -> list[tuple[str, int, str]]:
    taken = commissioning(load_file(name), load_file(name).link.unit, wanted)
    return [(step.what, step.request.unit, pdu_of(step.request).hex()) for step in taken]


def test_a_waveshare_board_is_told_its_speed_first_and_its_unit_by_broadcast() -> None:
    assert steps("waveshare-relay-8", Wanted(unit=7, baud=57600)) == [
        ("baud", 1, "0620000004"),
        ("unit", 0, "0640000007"),
    ]


def test_a_banner_light_is_set_though_it_cannot_be_driven_yet() -> None:
    assert steps("banner-ptl110", Wanted(unit=12, baud=38400, parity="even")) == [
        ("baud", 1, "0617d50180"),
        ("parity", 1, "0617d60002"),
        ("unit", 1, "0617d4000c"),
    ]


def test_lc_tech_boards_take_their_settings_by_function_16() -> None:
    assert steps("lctech-8r", Wanted(baud=19200)) == [("baud", 255, "1003e90001020004")]


def test_what_a_model_does_not_offer_is_refused_with_what_it_does() -> None:
    with pytest.raises(NotOffered, match="unit is not set over the line"):
        steps("r421a08", Wanted(unit=3))
    with pytest.raises(NotOffered, match=r"no baud 115200. It takes 4800, 9600, 19200"):
        steps("lctech-8r", Wanted(baud=115200))


@pytest.mark.parametrize("name", SETTABLE)
def test_a_unit_that_was_given_an_address_listens_to_it(name: str) -> None:
    bank = Bank(load_model(name), {0: "A-01-1"}, lambda _: None)
    for step in commissioning(load_file(name), 1, Wanted(unit=42)):
        assert reply_to(bank, pdu_of(step.request))[0] == step.request.function

    assert bank.unit == 42


@pytest.mark.parametrize("name", shipped())
def test_nothing_asked_is_nothing_written(name: str) -> None:
    assert commissioning(load_file(name), 1, Wanted()) == ()
