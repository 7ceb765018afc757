"""Everything the bench may say fits at a glance, in both languages."""

from __future__ import annotations

import pytest

from wire.phrases import PHRASE_MAX, PHRASES, Phrase, Refusal, phrase


@pytest.mark.parametrize("key", PHRASES)
def test_it_fits_the_screen_in_both_languages(key: str) -> None:
    said = PHRASES[key]
    assert 0 < len(said.en) <= PHRASE_MAX
    assert 0 < len(said.zh) <= PHRASE_MAX // 2  # a Chinese character is twice as wide
    assert said.en.isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in said.zh)


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_is_said(refusal: Refusal) -> None:
    assert refusal in PHRASES


def test_an_unknown_key_reads_as_itself() -> None:
    assert phrase("x" * 50) == Phrase("x" * PHRASE_MAX, "x" * PHRASE_MAX)
