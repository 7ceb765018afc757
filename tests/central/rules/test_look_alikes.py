"""Which SKUs look alike, and which places are near enough for a hand to slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.rules.look_alikes import Shelved, alike, look_alikes, looks_of
from wire.downlink import LOOK_ALIKES_MAX

RED = ("MUG-RED", "Mug red 300 ml", "")
BLUE = ("MUG-BLUE", "Mug blue 300 ml", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RED, BLUE),
        (RED, ("MUG-RED-L", "Mug red 400 ml", "")),
        (("SOCK-M-GREY", "Socks grey size M", ""), ("SOCK-L-BLK", "Socks black size L", "")),
        (("TS_XL_Black", "", ""), ("TS_S_White", "", "")),
        (("1001", "红色马克杯 大号", ""), ("1002", "蓝色马克杯 中号", "")),
        (("1001", "纯棉T恤（黑，XL码）", ""), ("1002", "纯棉T恤（白，M码）", "")),
        (("1001", "玻璃杯 300ml", ""), ("1002", "玻璃杯 500ml", "")),
        (("1001", "the same words", ""), ("1002", "the same words", "")),
        (("1001", "one thing", "S1"), ("1002", "another thing", "s1")),
    ],
)
def test_the_same_in_another_colour_or_size_looks_alike_both_ways(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert alike(looks_of(*one), looks_of(*other))
    assert alike(looks_of(*other), looks_of(*one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RED, RED),
        (RED, ("BOWL-RED", "Bowl red 300 ml", "")),
        (("1001", "黑板", ""), ("1002", "白板", "")),
        (("CASE-14-BLK", "Phone case 14 black", ""), ("CASE-15-BLK", "Phone case 15 black", "")),
        (("RED", "", ""), ("BLUE", "", "")),
        ((*RED[:2], "S1"), (*BLUE[:2], "S2")),
        ((*RED[:2], "-"), BLUE),
        ((*RED[:2], "-"), (*BLUE[:2], "-")),
    ],
)
def test_other_goods_the_same_goods_and_other_styles_do_not(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert not alike(looks_of(*one), looks_of(*other))


def place(name: str, what: tuple[str, str, str]) -> Shelved:
    return Shelved(name, name[:-2], int(name[-1]), *what)


def test_neighbours_are_one_level_in_the_bay_or_one_bay_on_the_level() -> None:
    here = place("A-02-2", RED)
    near = [place(name, BLUE) for name in ("A-02-1", "A-02-3", "A-01-2", "A-03-2")]
    far = [place(name, BLUE) for name in ("A-02-4", "A-01-1", "A-03-3", "A-04-2")]

    found = look_alikes([here, *near, *far], LOOK_ALIKES_MAX)

    assert found["A-02-2"] == ("A-02-3", "A-02-1", "A-01-2", "A-03-2")
    assert found["A-01-2"] == ("A-02-2",)
    assert "A-04-2" not in found


def test_bays_stand_in_the_order_of_their_names_whatever_lies_between_the_numbers() -> None:
    assert look_alikes([place("A-01-1", RED), place("A-09-1", BLUE)], 8) == {
        "A-01-1": ("A-09-1",),
        "A-09-1": ("A-01-1",),
    }


def test_a_place_names_at_most_so_many() -> None:
    shelf = [Shelved(f"A-01-1{n}", "A-01", 1, f"MUG-{n}", "Mug", "") for n in range(20)]
    assert {len(names) for names in look_alikes(shelf, LOOK_ALIKES_MAX).values()} == {LOOK_ALIKES_MAX}


words = st.lists(
    st.sampled_from(["mug", "red", "blue", "xl", "杯", "红色", "-", "300", "ml", "  ", "大号"]), max_size=6
)
things = st.builds(looks_of, st.sampled_from(["A-S", "A-M", "B"]), words.map(" ".join), st.sampled_from(["", "-", "x"]))


@given(things, things)
def test_looking_alike_goes_both_ways(one: object, other: object) -> None:
    assert alike(one, other) == alike(other, one)  # type: ignore[arg-type]
