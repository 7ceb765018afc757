"""What a client says about itself, and what can happen to its connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wire.backoff import EndKind

Will = tuple[str, bytes, bool]  # topic, payload, retained


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker is and how to prove who we are. `ca_file` turns TLS on; `cert_file` and `key_file` are ours."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None


@dataclass(frozen=True)
class Incoming:
    """A message. Call `ack` once what it says is safe (any thread); until then the broker will deliver it again."""

    topic: str
    payload: bytes
    ack: Callable[[], None]


@dataclass(frozen=True)
class Opened:
    """The broker accepted us and has our subscriptions; `resumed`: it still had our session."""

    resumed: bool


@dataclass(frozen=True)
class Refused:
    """The broker refused one publish."""

    tell: Callable[[str], None]
    why: str


@dataclass(frozen=True)
class Unheard:
    """The broker took one publish, but nobody is subscribed to its topic."""

    tell: Callable[[], None]


@dataclass(frozen=True)
class Measured:
    """The QoS 1 round trip of this connection, the best of a few quiet ones, in milliseconds."""

    round_trip_ms: float


@dataclass(frozen=True)
class Lost:
    """The connection is over."""

    why: str
    kind: EndKind


Happening = Opened | Incoming | Refused | Unheard | Measured | Lost


@dataclass(frozen=True)
class Profile:
    """How a client presents itself to the broker."""

    address: BrokerAddress
    client_id: str
    subscribe: Sequence[tuple[str, int]]
    will: Will | None
    session_expiry_s: int
    receive_max: int
    inflight_max: int


@dataclass(frozen=True)
class Publish:
    """One message to send. `expiry_s`: the broker forgets it after so long. `on_unheard`: nobody is subscribed."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    expiry_s: int | None = None
    on_refused: Callable[[str], None] | None = None
    on_unheard: Callable[[], None] | None = None
