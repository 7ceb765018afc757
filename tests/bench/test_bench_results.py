"""The wire's limit is plain arithmetic, and results are kept by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.results import in_words, keep, middle, result
from bench.wire_limit import Line, press_to_dark_ms, press_to_known_ms

FAST = Line(baud=115_200, turnaround_ms=0.5, counters=1)


def test_a_poll_cycle_of_one_register_takes_what_the_specification_says() -> None:
    """8 + 7 bytes of 86.8 µs, two silences of 1.75 ms, 0.5 ms in the device."""
    assert FAST.cycle_ms == pytest.approx(5.302, abs=0.001)


def test_below_19200_baud_the_silence_is_three_and_a_half_characters() -> None:
    assert Line(baud=9_600, turnaround_ms=0).silence_ms == pytest.approx(3.5 * 10 / 9.6)


def test_a_press_is_known_after_half_a_cycle_and_a_reply_and_dark_one_write_later() -> None:
    known, dark = press_to_known_ms(FAST), press_to_dark_ms(FAST)

    assert known == pytest.approx(FAST.cycle_ms / 2 + 7 * 10 / 115.2)
    assert dark == pytest.approx(known + 2 * 1.75 + 19 * 10 / 115.2)


def test_a_new_result_replaces_the_one_of_its_name_and_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    keep([result("a", 2, 1, "one", unit="ms", samples=5), result("b", 1, 4, "four", unit="ms", samples=5)], file)
    keep([result("b", 3, 4, "four", unit="ms", samples=9)], file)

    kept = {entry["name"]: entry for entry in json.loads(file.read_text(encoding="utf-8"))}
    assert kept["a"]["ratio"] == 2
    assert kept["b"] == {
        "name": "b",
        "ours": 3,
        "reference": 4,
        "reference_name": "four",
        "ratio": 0.75,
        "unit": "ms",
        "samples": 9,
    }


def test_the_middle_of_an_even_number_lies_between() -> None:
    assert middle([1, 2, 3, 10]) == 2.5


def test_a_line_for_people_names_both_sides() -> None:
    assert "2.00 x" in in_words(result("press_to_dark", 10, 5, "the wire", unit="ms", samples=1))
