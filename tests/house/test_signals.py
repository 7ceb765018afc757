"""Every phrase of the bench has its lamp, sound, voice and shape, and the page says which."""

from __future__ import annotations

import pytest

from edge.packstation.sounds import sound_of
from tests.house.doc_pages import rows
from tools.signals import PAGE, RENEW, page
from wire.command_codes import COMMAND_CODES
from wire.phrases import GATE_FAULTS, PHRASE_MAX, PHRASES, Refusal

SIGNALS = rows("docs/signals.md")


def test_the_page_of_signals_is_drawn_from_the_code() -> None:
    assert PAGE.read_text("utf-8") == page(), f"stale: run {RENEW}"


@pytest.mark.parametrize("key", [*Refusal, *sorted(GATE_FAULTS)])
def test_every_refusal_has_an_instruction_a_red_lamp_a_bad_sound_and_a_shape(key: str) -> None:
    _, english, chinese, lamp, sound, shape = SIGNALS[key]
    assert 0 < len(english) <= PHRASE_MAX
    assert 0 < len(chinese) <= PHRASE_MAX
    assert (lamp, sound) == ("red", "bad")
    assert shape.strip("`") in ("wrong", "refused", "fault")


def test_a_scan_that_was_not_read_and_a_repeat_are_told_unlike_any_refusal() -> None:
    refused = {tuple(SIGNALS[key][3:]) for key in Refusal}
    assert tuple(SIGNALS["dirty_scan"][3:]) not in refused
    assert tuple(SIGNALS["repeat_ignored"][3:]) not in refused
    assert sound_of("repeat_ignored") is None


def test_nothing_the_bench_says_is_longer_than_a_glance() -> None:
    assert [key for key, said in PHRASES.items() if max(len(said.en), len(said.zh)) > PHRASE_MAX] == []


def test_every_command_of_the_bench_has_a_short_name_for_its_button() -> None:
    from central.web.told import command_word

    for code in COMMAND_CODES:
        if code.where != "zone":
            assert command_word("en", code.text), code.text
            assert command_word("zh", code.text), code.text
