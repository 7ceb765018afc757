"""Module models are data, and a wrong one is told whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.drivers.module_model import MODELS_DIR, load_file, load_model
from edge.drivers.ports import Face
from wire.toml_check import TomlWrong

SHIPPED = sorted(path.stem for path in MODELS_DIR.glob("*.toml"))
DISPLAY = (MODELS_DIR / "picklight-display.toml").read_text(encoding="utf-8")


def mistakes_in(folder: Path, text: str) -> str:
    (folder / "picklight-display.toml").write_text(text)
    with pytest.raises(TomlWrong, match="picklight-display") as told:
        load_model("picklight-display", folder)
    return str(told.value)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_profile_is_good_and_says_where_it_comes_from(name: str) -> None:
    file = load_file(name)

    assert file.source
    assert file.proven in {"sketched", "simulated"}, "bench and floor need a device; who has one writes the date"
    assert bool(file.unknown) or file.confidence in {"reference", "documented", "third-party", "template"}


def test_a_quantity_beyond_the_display_shows_its_largest() -> None:
    assert load_model("picklight-display").words_of(Face("blue", 99_999, blink=True)) == (1, 65535, 1)


def test_counters_and_face_of_a_single_module_are_one_read() -> None:
    assert load_model("picklight-display").wide_span(0, 0) == (0, 5)
    assert load_model("picklight-bay16").wide_span(0, 15) is None


def test_a_model_with_three_mistakes_tells_all_three(tmp_path: Path) -> None:
    text = DISPLAY.replace("reply_ms_max = 50", "reply_ms_max = 1").replace("per_unit", "per_unti")
    told = mistakes_in(tmp_path, text.replace('write = "fc23"', 'write = "fc99"'))

    assert "link.reply_ms_max: expected `int` >= 5, not 1. Write 5 to 2000 milliseconds" in told
    assert "modules.per_unti: no such key. Did you mean 'per_unit'?" in told
    assert "face.write: invalid enum value 'fc99', not 'fc99'. Write one of 'fc16', 'fc23'" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("violet = 3\n", "", "face.colours.violet: missing. Add the number this module takes for it"),
        ("violet = 3", "violet = 3\nmauve = 9", "face.colours.mauve: no such colour. Known here"),
        ("blink = 2\n", "blink = 5\n", "face.stride: an offset of 5 is outside of 3. Raise the stride"),
        ("address = 2", "address = 1", "buttons.address: counters and faces share registers"),
        ("per_unit = 1", "per_unit = 64", "face.stride: 192 registers do not fit in one write"),
        ('name = "picklight-display"', 'name = "other"', "name: 'other', but the file is picklight-display.toml"),
    ],
)
def test_what_cannot_be_driven_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in mistakes_in(tmp_path, DISPLAY.replace(old, new))


def test_a_model_nobody_knows_comes_with_a_suggestion() -> None:
    with pytest.raises(TomlWrong, match=r"no module model 'picklight-dispaly'. Did you mean 'picklight-display'\?"):
        load_model("picklight-dispaly")


@pytest.mark.parametrize(
    ("model", "old", "new", "told"),
    [
        ("generic-coils", "off = 0, any = 1", "any = 1", "lamp.values.off: missing"),
        ("generic-coils", "off = 0, any = 1", "off = 0", "lamp.values.any: missing. Add the value"),
        ("generic-coils", "any = 1", "mauve = 1, any = 1", "lamp.values.mauve: no such colour"),
        ("generic-coils", "any = 1", "red = 1", "lamp.values.blue: missing. Add its value, or `any`"),
        ("generic-coils", "any = 1", "any = 7", "lamp.values: a coil takes 0 or 1"),
        ("generic-coils", 'how = "us"', 'how = "value"', "blink.values: missing, and it blinks by a value"),
        ("generic-coils", 'kind = "level"', 'kind = "latched"', "buttons.clear: a latch must be cleared"),
        ("generic-coils", 'kind = "level"', 'kind = "counter"', "buttons.read: a counter is a register"),
        ("generic-coils", 'proven = "simulated"', 'proven = "sketched"', "unknown: missing"),
        ("generic-registers", "address_base = 1", "address_base = 1\nfunctions = [3, 4]", "lamp.write: function 16"),
        ("generic-registers", "address = 1\n", "address = 65530\n", "lamp.address: the block is not within registers"),
        ("generic-rgb", "blue = [0, 0, 255]", "blue = [0, 255]", "lamp.values: the values differ in length"),
        ("generic-rgb", 'write = "fc16"', 'write = "fc06"', "lamp.write: fc06 writes one value at a time"),
        ("generic-display-key", "digits = 4", "digits = 6", "display.write: the number takes several registers"),
        ("r421a08", 'write = "fc06"', 'write = "fc16"', "lamp.alone: needs several lamps written by fc06"),
        ("r421a08", 'functions = [3, 6]', 'functions = [3]', "function 6 is not in link.functions. Use one of 3"),
        ("beckhoff-ek9000", "every_ms = 400", "every_ms = 900", "keep_alive.every_ms: no time left before 1000 ms"),
        ("lctech-8r", 'what = "unit"', 'what = "unit"\nto = "broadcast"', "commission[1].to: this model hears no"),
    ],
)  # fmt: skip
def test_what_no_device_can_be_is_refused(tmp_path: Path, model: str, old: str, new: str, told: str) -> None:
    text = (MODELS_DIR / f"{model}.toml").read_text("utf-8")
    assert old in text
    (tmp_path / f"{model}.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(TomlWrong, match=model) as wrong:
        load_file(model, tmp_path)

    assert told in str(wrong.value)
