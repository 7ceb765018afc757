"""A line whose devices accept 3.5 real characters of silence, at a speed where the specification asks for more."""

from __future__ import annotations

from edge.drivers.ports import Face
from edge.drivers.rtu_link import gap_s
from tests.contracts.light_rig import FIRST, SECOND, light_rig


def test_above_19200_baud_the_specification_wants_a_fixed_silence() -> None:
    assert gap_s(115_200) == 0.00175
    assert gap_s(19_200) == 3.5 * 10 / 19_200


async def test_a_bus_set_to_real_characters_keeps_that_silence_and_no_longer() -> None:
    async with light_rig("rtu", gap="characters") as rig:
        await rig.show(FIRST, Face("blue", 3))
        await rig.show(SECOND, Face("orange", 12))
        rig.rack.press(FIRST)
        await rig.until(rig.presses)

        assert rig.line_counts()["gap_broken"] == 0  # the simulated line judges by the same setting
