"""guard.toml: several interlocks, the single gate as it was written before, and every mistake with its cure."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from edge.packstation.guard.config import GuardConfig, Interlock, load_config
from wire.toml_check import TomlWrong

HEAD = 'station = "bench-1"\nsocket = "s"\ngrant_public_key_file = "grant.pub"\n'
GATE = '[[interlock]]\nkind = "gate"\nline = 17\nsense_line = 27\n'


def loaded(folder: Path, text: str) -> GuardConfig:
    file = folder / "guard.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load_config(file)


def test_a_single_gate_as_it_was_written_before_is_still_read_and_said_to_be_old(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        config = loaded(tmp_path, "gate_line = 17\nsense_line = 27\n")

    assert config.interlock == (Interlock(kind="gate", name="gate", line=17, sense_line=27),)
    assert "settings_old" in caplog.text
    assert "[[interlock]]" in caplog.text


def test_an_interlock_without_a_name_has_that_of_its_kind(tmp_path: Path) -> None:
    config = loaded(tmp_path, GATE + '[[interlock]]\nkind = "sealer"\nline = 25\n')

    assert [one.name for one in config.interlock] == ["gate", "sealer"]


def test_a_release_lasts_as_long_as_its_longest_lease(tmp_path: Path) -> None:
    printer = '[[interlock]]\nkind = "printer"\nline = 25\nlease_ms = 9000\n'

    assert loaded(tmp_path, "lease_ms = 2000\n" + GATE).release_ms == 2000
    assert loaded(tmp_path, "lease_ms = 2000\n" + GATE + printer).release_ms == 9000


MISTAKES = {
    "neither": ("", "interlock: missing"),
    "both": ("gate_line = 5\n" + GATE, "stands beside"),
    "only a sense line": ("sense_line = 5\n", "sense_line without it"),
    "a gate without a contact": (
        '[[interlock]]\nkind = "gate"\nline = 17\n',
        r"interlock\[0\].sense_line: missing: a gate cannot",
    ),
    "an old gate without a contact": ("gate_line = 17\n", r"sense_line: missing"),
    "released without holding": (
        '[[interlock]]\nkind = "printer"\nline = 1\nreleased_line = 2\n',
        "without sense_line",
    ),
    "a lease for a pulse": ('[[interlock]]\nkind = "sealer"\nline = 1\nlease_ms = 500\n', "gets a pulse and no lease"),
    "a line twice": (GATE + '[[interlock]]\nkind = "sealer"\nline = 27\n', "Give every line its own number"),
    "a line of the e-stop twice": ("estop_line = 27\n" + GATE, "Give every line its own number"),
    "a name twice": (GATE + '[[interlock]]\nkind = "sealer"\nline = 2\nname = "gate"\n', "'gate' is already used"),
    "a kind nobody knows": ('[[interlock]]\nkind = "drawbridge"\nline = 2\n', "one of 'gate', 'printer'"),
    "too many": (
        "".join(f'[[interlock]]\nkind = "sealer"\nname = "s{line}"\nline = {line}\n' for line in range(9)),
        "more than 8",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, name: str) -> None:
    text, said = MISTAKES[name]

    with pytest.raises(TomlWrong, match=said):
        loaded(tmp_path, text)
