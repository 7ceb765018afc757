"""What a node and its guard say to each other: one JSON object a line, at most 4 kB, over a socket of this machine."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from wire.errors import WireError
from wire.grant import Signature, SignedGrant
from wire.ids import MaybeText, Text
from wire.manifest import Manifest
from wire.uplink import GateState

LINE_BYTES_MAX: Final = 4096  # a signed grant is < 1 kB


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="ask"):
    """Base of everything the node asks."""


class AskBegin(Ask, frozen=True, kw_only=True, tag="begin"):
    """A verification begins: give me a challenge. The one before it is void."""


class AskRelease(Ask, frozen=True, kw_only=True, tag="release"):
    """Release for this grant; without central, for this manifest and the grant that the node made of it."""

    grant: SignedGrant
    manifest: Manifest | None = None
    signature: Signature = ""


class AskHold(Ask, frozen=True, kw_only=True, tag="hold"):
    """Hold now."""


class AskStatus(Ask, frozen=True, kw_only=True, tag="status"):
    """How are you, and what did you release last?"""


AnyAsk = AskBegin | AskRelease | AskHold | AskStatus


class Word(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="tell"):
    """Base of everything the guard says."""


class ChallengeTold(Word, frozen=True, kw_only=True, tag="challenge"):
    """Answer to begin: sign this, hex."""

    challenge: Text


class BeginRefused(Word, frozen=True, kw_only=True, tag="no_challenge"):
    """Answer to begin: not now."""

    why: Text
    ok: bool = False


class ReleaseDone(Word, frozen=True, kw_only=True, tag="release"):
    """Answer to release: the gate is released for that grant, for at most `lease_ms`."""

    grant_id: Text
    lease_ms: int
    ok: bool = True


class ReleaseRefused(Word, frozen=True, kw_only=True, tag="no_release"):
    """Answer to release: it holds."""

    why: Text
    ok: bool = False


class HoldDone(Word, frozen=True, kw_only=True, tag="hold"):
    """Answer to hold: the output holds."""

    ok: bool = True


class Released(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parcel the guard released last since it started."""

    grant_id: Text
    order_no: Text
    label: Text


class StatusTold(Word, frozen=True, kw_only=True, tag="status"):
    """Answer to status. `seen`: what the contact says, whatever the output does."""

    gate: GateState
    fault: MaybeText
    interlock: MaybeText
    last_release: Released | None
    seen: GateState


class GateTold(Word, frozen=True, kw_only=True, tag="gate"):
    """Said unasked whenever it changes. `interlock`: which one the fault is about."""

    gate: GateState
    fault: MaybeText = ""
    interlock: MaybeText = ""


class BadRequest(Word, frozen=True, kw_only=True, tag="bad_request"):
    """That was no request."""

    why: str
    ok: bool = False


AnyWord = ChallengeTold | BeginRefused | ReleaseDone | ReleaseRefused | HoldDone | StatusTold | GateTold | BadRequest

_T = TypeVar("_T")
_asks: Final[msgspec.json.Decoder[AnyAsk]] = msgspec.json.Decoder(AnyAsk)
_words: Final[msgspec.json.Decoder[AnyWord]] = msgspec.json.Decoder(AnyWord)


def line_of(message: AnyAsk | AnyWord) -> bytes:
    """`message` as it goes over the socket."""
    return msgspec.json.encode(message) + b"\n"


def read_ask(line: bytes) -> AnyAsk:
    """What the node asks in `line`. Raises WireError."""
    return _read(_asks, line)


def read_word(line: bytes) -> AnyWord:
    """What the guard says in `line`. Raises WireError."""
    return _read(_words, line)


def _read(decoder: msgspec.json.Decoder[_T], line: bytes) -> _T:
    try:
        return decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError("guard socket", str(error)[:120]) from error
