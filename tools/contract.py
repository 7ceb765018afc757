"""Write the exported contract from the code: `python -m tools.contract` renews the files, `--check` compares them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec

from wire.codec import COMMAND_PAYLOAD_MAX, DOWN_PAYLOAD_MAX, NODE_PAYLOAD_MAX
from wire.commands import AnyCommand
from wire.contract import ASYNCAPI, SCHEMA, WHOLE_MESSAGES

COMMAND = "python -m tools.contract"
ROOT = "ptl/v1/{site}"


@dataclass(frozen=True)
class Channel:
    """A topic: what travels on it, from whom to whom, in words for people."""

    name: str
    address: str
    kinds: tuple[str, ...]
    sender: str
    receiver: str
    words: str


_UP, _DOWN, _CENTRAL = f"{ROOT}/{{node}}/up", f"{ROOT}/{{node}}/dn", f"{ROOT}/central"
_COMMANDS = tuple(kind.__name__ for kind in get_args(AnyCommand))
CHANNELS = (
    Channel("hello", f"{_UP}/hello", ("Hello",), "node", "central", "First word of every connection."),
    Channel("events", f"{_UP}/ev", ("Event",), "node", "central", "The node's journal, in order. QoS 1."),
    Channel("presence", f"{_UP}/state", ("Presence",), "node", "central", "Birth, farewell, will. Retained."),
    Channel("live", f"{_UP}/live", ("Live",), "node", "central", "What the node shows now. QoS 0."),
    Channel("welcome", f"{_DOWN}/welcome", ("Welcome", "Turned"), "central", "node", "Answer to hello."),
    Channel("acks", f"{_DOWN}/ack", ("Ack",), "central", "node", "Committed through; verdicts ride along."),
    Channel("desired", f"{_DOWN}/desired", ("Desired",), "central", "node", "What should be true. Never retained."),
    Channel("touches", f"{_DOWN}/press", ("BenchPressed",), "central", "node", "A button of a bench's page. Expires."),
    Channel("state", f"{_CENTRAL}/state", ("Presence",), "central", "node", "Is central there? Retained."),
    Channel("replies", f"{_CENTRAL}/rsp/{{client}}", ("Reply",), "central", "client", "Answer to a command."),
    Channel("commands", f"{_CENTRAL}/cmd", _COMMANDS, "client", "central", "Everything else that changes a site."),
)
LIMITS = {"up": NODE_PAYLOAD_MAX, "dn": DOWN_PAYLOAD_MAX, "central": COMMAND_PAYLOAD_MAX}


def schema() -> dict[str, Any]:
    """JSON Schema of every message."""
    whole, parts = msgspec.json.schema_components(WHOLE_MESSAGES, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "picklight wire contract, version 1",
        "anyOf": list(whole),
        "$defs": {name: _tidy(part) for name, part in sorted(parts.items())},
    }


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI document of the broker's topics."""
    _whole, parts = msgspec.json.schema_components(WHOLE_MESSAGES, ref_template="#/components/schemas/{name}")
    kinds = sorted({kind for channel in CHANNELS for kind in channel.kinds})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "picklight",
            "version": "1",
            "description": "MQTT 5, JSON. Delivery is made safe by the journal's own numbers and acknowledgements; "
            "a broker's acknowledgement means no more than that it heard.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {f"{channel.sender}_sends_{channel.name}": _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {kind: {"payload": {"$ref": f"#/components/schemas/{kind}"}} for kind in kinds},
            "schemas": {name: _tidy(part) for name, part in sorted(parts.items())},
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    spoken = [part.strip("{}") for part in channel.address.split("/") if part.startswith("{")]
    limit = next(limit for part, limit in LIMITS.items() if f"/{part}/" in channel.address)
    return {
        "address": channel.address,
        "title": channel.name,
        "description": f"{channel.words} From {channel.sender} to {channel.receiver}. At most {limit} bytes.",
        "parameters": {part: {"description": f"name of the {part}"} for part in spoken},
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in channel.kinds},
    }


def _operation(channel: Channel) -> dict[str, Any]:
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel.name}"}, "summary": channel.words}


def _tidy(part: Any) -> Any:
    """Docstrings without their indentation."""
    if isinstance(part, dict):
        tidy = {key: _tidy(value) for key, value in part.items()}
        if isinstance(tidy.get("description"), str):
            tidy["description"] = " ".join(tidy["description"].split())
        return tidy
    return [_tidy(one) for one in part] if isinstance(part, list) else part


def exported() -> dict[Path, str]:
    """Every generated file and what it must hold."""
    files = {SCHEMA: schema(), ASYNCAPI: asyncapi()}
    return {path: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for path, content in files.items()}


def main(arguments: list[str]) -> int:
    """Renew or compare. Returns the exit code."""
    stale = [path for path, text in exported().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is older than the code. Renew it: {COMMAND}")
        return 1 if stale else 0
    for path, text in exported().items():
        path.write_text(text, "utf-8")
    print(f"renewed: {', '.join(path.name for path in stale) or 'nothing, all were up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
