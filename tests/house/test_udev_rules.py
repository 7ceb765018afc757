"""The udev rules: every line is keys, operators and values that udev knows, and does what the guide promises."""

from __future__ import annotations

import re

import pytest

from tests.house.doc_pages import ROOT

RULES = sorted((ROOT / "systemd").glob("*.rules"))
PAIR = re.compile(r'([A-Z]+)(?:\{([^}]+)\})?(==|!=|\+=|:=|=)"([^"]*)"')
MATCHES = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "DRIVER", "DRIVERS", "ATTR", "ENV"}
ASSIGNS = {"SYMLINK", "GROUP", "MODE", "ATTR", "IMPORT", "ENV"}


def rules() -> list[str]:
    lines = [line for file in RULES for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("rule", rules())
def test_each_rule_is_pairs_of_a_known_key_an_operator_and_a_value(rule: str) -> None:
    parts = [part.strip() for part in rule.split(", ")]
    found = [PAIR.fullmatch(part) for part in parts]

    for part, pair in zip(parts, found, strict=True):
        assert pair, part
        key, operator = pair[1], pair[3]
        assert key in (MATCHES if operator in ("==", "!=") else ASSIGNS), part


def test_ftdi_adapters_hand_bytes_over_after_one_millisecond() -> None:
    assert any('DRIVER=="ftdi_sio"' in rule and 'ATTR{latency_timer}="1"' in rule for rule in rules())


def test_usb_adapters_get_a_name_by_where_they_are_plugged_in() -> None:
    assert any('SYMLINK+="picklight/by-path/$env{ID_PATH}"' in rule for rule in rules())


def test_scanners_get_a_name_by_where_they_are_plugged_in_and_a_group_that_may_read_them() -> None:
    for subsystem, folder in (("input", "picklight/input"), ("hidraw", "picklight/hidraw")):
        own = [rule for rule in rules() if f'SUBSYSTEM=="{subsystem}"' in rule]
        assert any(f'SYMLINK+="{folder}/$env{{ID_PATH}}"' in rule for rule in own)
        assert any('GROUP="input", MODE="0660"' in rule for rule in own)
