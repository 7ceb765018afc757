"""What is written from the module profiles is as new as they are."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from edge.drivers.model_schema import SCHEMA_FILE
from edge.drivers.module_model import MODELS_DIR, load_file, shipped
from tools.devices import COMMAND, PAGE, exported

NAMED = {
    "waveshare-relay-8", "waveshare-relay-16", "waveshare-relay-32", "waveshare-io-8", "eletechsup-n4d8b08", "r421a08",
    "lctech-8r", "armfly-led-485", "patlite-la6-poe", "moxa-e1211", "moxa-e1214", "wago-750", "beckhoff-ek9000",
    "watchgas-rgb", "banner-k50", "banner-ptl110", "generic-coils", "generic-registers", "generic-rgb",
    "generic-display-key", "picklight-display", "picklight-bay16",
}  # fmt: skip


@pytest.mark.parametrize("path", exported(), ids=lambda path: path.name)
def test_a_generated_file_is_as_new_as_the_profiles(path: Path) -> None:
    assert path.read_text("utf-8") == exported()[path], f"{path} is older than the profiles. Renew it: {COMMAND}"


def test_every_model_that_was_promised_is_shipped() -> None:
    assert set(shipped()) >= NAMED


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_profile_keeps_the_exported_schema(name: str) -> None:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    profile = tomllib.loads((MODELS_DIR / f"{name}.toml").read_text("utf-8"))

    assert [error.message for error in Draft202012Validator(schema).iter_errors(profile)] == []


@pytest.mark.parametrize("name", shipped())
def test_the_page_says_of_each_model_what_is_unknown(name: str) -> None:
    text = PAGE.read_text("utf-8")

    assert f"## {name}\n" in text
    assert all(f"Unknown: {unknown}." in text for unknown in load_file(name).unknown)
