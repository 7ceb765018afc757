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
