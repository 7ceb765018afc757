"""The contract is a set of files: every kind ever sent can still be read, and the exported files are the code's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from tools.contract import CHANNELS, COMMAND, asyncapi, exported, main
from wire.codec import decode_record, encode
from wire.contract import FAMILIES, SAMPLES, SCHEMA, Family, kind_of
from wire.deeds import AnyDeed
from wire.downlink import Ack
from wire.uplink import Event

KINDS = [(family, kind) for family in FAMILIES for kind in family.kinds]
STORED = [(family, path) for family in FAMILIES for path in sorted((SAMPLES / family.name).glob("*.json"))]


def name_of(value: object) -> str:
    """A readable test id."""
    if isinstance(value, Family):
        return value.name
    return value.stem if isinstance(value, Path) else kind_of(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(("family", "path"), STORED, ids=name_of)
def test_every_message_ever_sent_can_still_be_read(family: Family, path: Path) -> None:
    message = family.read(path.read_bytes())
    assert family.read(encode(message)) == message
    assert kind_of(type(inner(message, family))) == path.name.split(".")[0]


def inner(message: Any, family: Family) -> Any:
    """The deed in a record, the answer in an acknowledgement."""
    match family.name:
        case "record":
            return message.deed
        case "answer":
            return message.answers[0]
        case _:
            return message


@pytest.mark.parametrize(("family", "kind"), KINDS, ids=name_of)
def test_every_kind_has_a_stored_sample(family: Family, kind: type[msgspec.Struct]) -> None:
    path = SAMPLES / family.name / f"{kind_of(kind)}.v1.json"
    assert path.exists(), f"store one real message as {path}; never change it afterwards"


def test_no_sample_lies_outside_the_families() -> None:
    assert set(SAMPLES.rglob("*.json")) == {path for _family, path in STORED}
    assert len(STORED) >= len(KINDS)


@pytest.mark.parametrize("path", [path for _family, path in STORED], ids=name_of)
def test_the_exported_schema_agrees_with_the_samples(path: Path) -> None:
    whole = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator(whole).validate(json.loads(path.read_text("utf-8")))


def test_the_schema_refuses_what_the_code_refuses() -> None:
    whole = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    good = json.loads((SAMPLES / "up" / "hello.v1.json").read_text("utf-8"))
    for change in ({"v": 2}, {"node": "Zone A"}, {"more": 1}, {"epoch": -1}, {"type": "goodbye"}):
        assert not whole.is_valid(good | change), change


@pytest.mark.parametrize("path", exported(), ids=lambda path: path.name)
def test_the_exported_files_are_those_of_the_code(path: Path) -> None:
    assert path.read_text("utf-8") == exported()[path], f"the contract changed. Renew its files: {COMMAND}"


def test_the_check_names_the_command_that_renews(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_every_message_that_travels_has_a_channel() -> None:
    on_channels = {kind for channel in CHANNELS for kind in channel.kinds}
    travelling = {
        kind.__name__ for family in FAMILIES if family.name not in ("record", "answer") for kind in family.kinds
    }
    assert on_channels == travelling


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [one for value in part.values() for one in references(value)]
        return [one for value in part for one in references(value)] if isinstance(part, list) else []

    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_an_event_carries_the_very_bytes_that_were_hashed() -> None:
    record = (SAMPLES / "record" / "pick_confirmed.v1.json").read_bytes()
    event = Event(node="zone-a", epoch=1, seq=1, age_ms=0, prev="", record=msgspec.Raw(record))
    family = FAMILIES[0]
    again = family.read(encode(event))
    assert bytes(again.record) == record.strip()
    assert isinstance(decode_record(again.record).deed, AnyDeed)


def test_answers_ride_in_acknowledgements_only() -> None:
    assert {family.name for family in FAMILIES if Ack in family.kinds} == {"down"}
