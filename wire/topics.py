"""The MQTT topics: one place that spells them, one that reads them back.

`ptl/v1/<site>/<node>/up/<channel>` from a node, `…/dn/<channel>` to it;
`ptl/v1/<site>/central/<channel>` for central's own state, commands and their answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from wire.errors import WireError
from wire.ids import NAME_PATTERN, NodeName, SiteName

ROOT: Final = "ptl/v1"
UpChannel = Literal["ev", "hello", "state", "live"]
DownChannel = Literal["ack", "welcome", "desired", "press"]

_NAME = NAME_PATTERN.strip("^$")
_UP = re.compile(rf"ptl/v1/({_NAME})/({_NAME})/up/(ev|hello|state|live)")


@dataclass(frozen=True)
class UpTopic:
    """Where an uplink message came from."""

    site: SiteName
    node: NodeName
    channel: UpChannel


def up(site: str, node: str, channel: UpChannel) -> str:
    """Topic a node publishes on."""
    return f"{ROOT}/{site}/{node}/up/{channel}"


def down(site: str, node: str, channel: DownChannel) -> str:
    """Topic a node listens on."""
    return f"{ROOT}/{site}/{node}/dn/{channel}"


def all_up(site: str, channel: UpChannel | Literal["#"] = "#") -> str:
    """Subscription of central to every node's `channel`."""
    return f"{ROOT}/{site}/+/up/{channel}"


def all_presses(site: str) -> str:
    """Where the pages pass on what is touched at benches."""
    return f"{ROOT}/{site}/+/dn/press"


def all_down(site: str, node: str) -> str:
    """Subscription of a node to everything meant for it."""
    return f"{ROOT}/{site}/{node}/dn/#"


def central_state(site: str) -> str:
    """Retained: is central there?"""
    return f"{ROOT}/{site}/central/state"


def central_changed(site: str) -> str:
    """Hint to pages that something was committed."""
    return f"{ROOT}/{site}/central/changed"


def central_command(site: str) -> str:
    """Commands from pages and the command line to the site's owner."""
    return f"{ROOT}/{site}/central/cmd"


def command_reply(site: str, client: str) -> str:
    """Where the owner answers `client`'s commands."""
    return f"{ROOT}/{site}/central/rsp/{client}"


def parse_up(topic: str) -> UpTopic:
    """Read a node's topic. Raises WireError for any other."""
    found = _UP.fullmatch(topic)
    if found is None:
        raise WireError("topic", f"{topic[:80]!r} is not a node's uplink topic")
    return UpTopic(SiteName(found[1]), NodeName(found[2]), found[3])  # type: ignore[arg-type]
