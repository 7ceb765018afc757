"""What readings of a button mean, at times that are only numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.drivers.bus_facts import MS, Module, Unit
from edge.drivers.bus_presses import STUCK_NS, Touch, presses
from edge.drivers.modbus_pdu import Words
from edge.drivers.module_model import MODELS_DIR, ModuleModel, load_model
from edge.drivers.ports import ButtonFreed, ButtonStuck, Pressed
from wire.ids import LocationId

HERE = LocationId("A1")
SHORT, LONG = Pressed(HERE, 1, held=False), Pressed(HERE, 1, held=True)


def feel(model: ModuleModel, *readings: tuple[int, int], count: bool = True) -> list[Touch]:
    """What is told of these readings of module 0: (time in ms, word)."""
    module, touches = Module("A1", 0), list[Touch]()
    unit = Unit(1, {0: module}, model)
    address = model.button.address if model.button is not None else 0
    for at_ms, word in readings:
        touches += presses(unit, module, Words(address, (word,)), at_ms * MS, count=count)
    return touches


LEVEL = load_model("generic-coils")
LATCH = load_model("generic-registers")
CLEARED = load_model("generic-rgb")
COUNTER = load_model("generic-display-key")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> ModuleModel:
    """A level whose long presses are not told apart."""
    folder: Path = tmp_path_factory.mktemp("plain")
    text = (MODELS_DIR / "generic-coils.toml").read_text("utf-8").replace("hold_ms = 800", "hold_ms = 0")
    (folder / "generic-coils.toml").write_text(text)
    return load_model("generic-coils", folder)


@pytest.mark.parametrize(
    ("model", "readings", "told"),
    [
        (LEVEL, [(0, 0), (100, 1), (150, 1), (300, 0)], [SHORT]),
        (LEVEL, [(0, 0), (100, 1), (899, 1), (901, 1), (2000, 0)], [LONG]),
        (LEVEL, [(0, 0), (100, 1), (200, 0), (300, 1), (400, 0)], [SHORT, SHORT]),
        (LEVEL, [(0, 1), (100, 1), (300, 0)], []),  # it was down before anybody looked
        (LATCH, [(0, 0), (100, 1), (200, 1), (300, 0), (400, 1)], [SHORT, SHORT]),
        (LATCH, [(0, 1), (100, 1)], []),
        (CLEARED, [(0, 0), (100, 1), (200, 1), (300, 0)], [SHORT, SHORT]),
        (CLEARED, [(0, 1), (100, 1)], [SHORT]),  # the first reading cleared an old one
        (COUNTER, [(0, 7), (100, 7), (200, 9)], [Pressed(HERE, 2, held=False)]),
        (COUNTER, [(0, 65535), (100, 1)], [Pressed(HERE, 2, held=False)]),
        (COUNTER, [(0, 50), (100, 0)], []),  # it restarted
    ],
)
def test_what_a_finger_did(model: ModuleModel, readings: list[tuple[int, int]], told: list[Touch]) -> None:
    assert feel(model, *readings) == told


def test_a_level_without_long_presses_counts_as_soon_as_it_is_down(plain: ModuleModel) -> None:
    assert feel(plain, (0, 0), (100, 1)) == [SHORT]


@pytest.fixture(scope="module")
def reach(tmp_path_factory: pytest.TempPathFactory) -> ModuleModel:
    """A reach sensor on a board's input: no long presses, debounced for 300 ms."""
    folder: Path = tmp_path_factory.mktemp("reach")
    text = (MODELS_DIR / "generic-coils.toml").read_text("utf-8")
    (folder / "generic-coils.toml").write_text(text.replace("hold_ms = 800", "hold_ms = 0\ndebounce_ms = 300"))
    return load_model("generic-coils", folder)


def test_a_hand_that_flickers_through_a_reach_sensor_confirms_once_and_the_next_hand_again(reach: ModuleModel) -> None:
    in_and_out = [(100, 1), (150, 0), (200, 1), (210, 0), (220, 1), (600, 1), (620, 0), (700, 1), (800, 0)]
    assert feel(reach, (0, 0), *in_and_out) == [SHORT]
    assert feel(reach, (0, 0), *in_and_out, (1101, 0), (1200, 1)) == [SHORT, SHORT]


def test_something_left_in_a_reach_sensor_is_named_and_confirms_nothing_more(reach: ModuleModel) -> None:
    late = 100 + STUCK_NS // MS
    assert feel(reach, (0, 0), (100, 1), (5000, 0), (5100, 1), (late, 1), (late + 50, 0), (late + 351, 0)) == [
        SHORT,
        ButtonStuck(HERE),
        ButtonFreed(HERE),
    ]


def test_nothing_counts_while_what_it_shows_is_unknown() -> None:
    assert feel(LEVEL, (0, 0), (100, 1), (200, 0), count=False) == []


def test_a_button_that_stays_down_is_named_once_and_so_is_its_coming_up() -> None:
    late = STUCK_NS // MS
    told = feel(LEVEL, (0, 0), (10, 1), (late, 1), (late + 20, 1), (late + 5000, 1), (late + 6000, 0), (late + 6100, 0))

    assert told == [LONG, ButtonStuck(HERE), ButtonFreed(HERE)]


def test_a_button_that_was_down_before_anybody_looked_is_named_too() -> None:
    assert feel(LEVEL, (1, 1), (STUCK_NS // MS + 1, 1)) == [ButtonStuck(HERE)]
