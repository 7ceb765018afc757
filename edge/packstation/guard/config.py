"""The guard's own configuration: which station it stands at, whose grants it believes, and its GPIO lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from edge.packstation.guard.kinds import KINDS, Kind
from wire.errors import WireError
from wire.grants import read_public_key
from wire.ids import MaybeText, Text
from wire.toml_check import Mistake, TomlWrong, read_toml, twice

SOCKET_PATH_BYTES_MAX: Final = 107  # sun_path of Linux less its final zero
Line = Annotated[int, Meta(ge=0, le=53, description="a GPIO line from 0 to 53")]
Level = Literal["high", "low"]
LeaseMs = Annotated[int, Meta(ge=100, le=30_000, description="100 to 30000 milliseconds")]
Path_ = Annotated[str, Meta(min_length=1, max_length=4096, description="a path in quotes")]
INTERLOCKS_MAX: Final = 8  # a Pi has 28 lines on its header
log = logging.getLogger("guard")


class MockProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The believable gates of a floor without hardware. `pass_after_ms` 0: no parcel ever passes the beam.

    `fault` befalls the interlock named `fault_at` ("": the first): it never moves (`stuck`), never comes back
    (`welded`); or, once, `fault_after_ms` after the start: it is forced open, its contacts contradict each other, or
    the emergency stop is pressed. A fault that comes once lasts `fault_lasts_ms` (0: for ever).
    """

    move_ms: Annotated[int, Meta(ge=0, le=5_000, description="0 to 5000 milliseconds")] = 30
    pass_after_ms: Annotated[int, Meta(ge=0, le=60_000, description="0 to 60000 milliseconds")] = 150
    fault: Literal["none", "stuck", "welded", "forced", "contradicting", "e_stop"] = "none"
    fault_at: MaybeText = ""
    fault_after_ms: Annotated[int, Meta(ge=0, le=60_000, description="0 to 60000 milliseconds")] = 1_000
    fault_lasts_ms: Annotated[int, Meta(ge=0, le=60_000, description="0 to 60000 milliseconds")] = 0


class Interlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that holds. `sense_line` proves holding, `released_line` proves released; `active` levels as named.

    `lease_ms`: shorter than the station's for this one alone. `pulse_ms`: of kinds that get a pulse.
    """

    kind: Kind
    line: Line
    name: MaybeText = ""
    active: Level = "high"
    sense_line: Line | None = None
    sense_active: Level = "high"
    released_line: Line | None = None
    released_active: Level = "high"
    lease_ms: LeaseMs | None = None
    pulse_ms: Annotated[int, Meta(ge=20, le=5_000, description="20 to 5000 milliseconds")] = 200

    @property
    def pulsed(self) -> bool:
        """A pulse, not on for the lease."""
        return KINDS[self.kind].pulsed


class GuardConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`lease_ms`: longest release. `sense_wait_ms`: how soon contacts must follow the output and agree.

    `offline_max`: parcels that may leave on a manifest, without central, between two grants.
    `gate_line` and `sense_line` are how a single gate was written before there were several interlocks.
    """

    station: Text
    socket: Path_
    grant_public_key_file: Path_
    interlock: tuple[Interlock, ...] = ()
    gate_line: Line | None = None
    sense_line: Line | None = None
    passed_line: Line | None = None
    estop_line: Line | None = None
    estop_active: Level = "high"
    green_line: Line | None = None
    red_line: Line | None = None
    lease_ms: LeaseMs = 3000
    offline_max: Annotated[int, Meta(ge=0, le=500, description="0 (never) to 500 parcels")] = 0
    sense_wait_ms: Annotated[int, Meta(ge=20, le=5_000, description="20 to 5000 milliseconds")] = 500
    challenge_life_s: Annotated[int, Meta(ge=10, le=86_400, description="10 to 86400 seconds")] = 3600
    pins: Literal["mock", "gpio"] = "gpio"
    mock: MockProfile = MockProfile()

    @property
    def release_ms(self) -> int:
        """How long a release lasts at most: the longest lease of any interlock."""
        leased = [one.lease_ms or self.lease_ms for one in self.interlock if not one.pulsed]
        return max(leased, default=self.lease_ms)


def load_config(file: Path) -> GuardConfig:
    """The configuration in `file`; relative paths in it start at its folder. Raises TomlWrong with all mistakes."""
    config = read_toml(file, GuardConfig, lambda found: _whole(modern(found)))
    if config.gate_line is not None:
        log.warning("settings_old file=%s keys=gate_line,sense_line now=[[interlock]] see=docs/settings.md", file)
    here = file.resolve().parent
    config = msgspec.structs.replace(
        modern(config),
        socket=str(here / config.socket),
        grant_public_key_file=str(here / config.grant_public_key_file),
    )
    if len(config.socket.encode()) > SOCKET_PATH_BYTES_MAX:
        cure = f"Choose one of at most {SOCKET_PATH_BYTES_MAX} bytes"
        raise TomlWrong(file, [Mistake("socket", f"{config.socket!r} is too long for a socket", cure)])
    return config


def modern(config: GuardConfig) -> GuardConfig:
    """Every interlock in its list and with a name, however it was written. What cannot be read so stays as it is."""
    interlocks = config.interlock
    if config.gate_line is not None and not interlocks:
        interlocks = (Interlock(kind="gate", line=config.gate_line, sense_line=config.sense_line),)
        config = msgspec.structs.replace(config, gate_line=None, sense_line=None)
    named = tuple(msgspec.structs.replace(one, name=one.name or one.kind) for one in interlocks)
    return msgspec.structs.replace(config, interlock=named)


def load_key(config: GuardConfig, file: Path) -> Ed25519PublicKey:
    """Central's public key. Raises TomlWrong."""
    path = "grant_public_key_file"
    try:
        return read_public_key(Path(config.grant_public_key_file).read_text("ascii"))
    except OSError as error:
        cure = "Copy grant.pub from the site's state directory"
        raise TomlWrong(file, [Mistake(path, f"cannot be read: {error.strerror}", cure)]) from error
    except (UnicodeDecodeError, WireError) as error:
        cure = "Copy grant.pub from the site's state directory anew"
        raise TomlWrong(file, [Mistake(path, "is not the base64 of a 32-byte key", cure)]) from error


def _whole(config: GuardConfig) -> Iterator[Mistake]:
    if config.gate_line is not None or config.sense_line is not None:
        cure = "Move both into it as `line` and `sense_line`"
        yield Mistake("gate_line", "stands beside [[interlock]], or sense_line without it", cure)
    if not config.interlock:
        yield Mistake("interlock", "missing", "Add [[interlock]] with `kind` and `line`")
    if len(config.interlock) > INTERLOCKS_MAX:
        yield Mistake("interlock", f"more than {INTERLOCKS_MAX}", "One guard cannot own so many lines")
    yield from twice("interlock", (one.name for one in config.interlock), "name")
    for number, one in enumerate(config.interlock):
        yield from _interlock_mistakes(f"interlock[{number}]", one)
    for mistake in twice("lines", map(str, _lines(config)), "line"):
        yield Mistake("lines", mistake.what, "Give every line its own number")
        return


def _interlock_mistakes(path: str, one: Interlock) -> Iterator[Mistake]:
    if one.sense_line is None and KINDS[one.kind].sense_needed:
        cure = "Wire a contact that proves holding, and give its line"
        yield Mistake(f"{path}.sense_line", f"missing: a {one.kind} cannot be trusted without it", cure)
    if one.released_line is not None and one.sense_line is None:
        yield Mistake(f"{path}.released_line", "without sense_line", "Holding must be proven before released is")
    if one.pulsed and one.lease_ms is not None:
        yield Mistake(f"{path}.lease_ms", f"a {one.kind} gets a pulse and no lease", "Write `pulse_ms`")


def _lines(config: GuardConfig) -> Iterator[int]:
    """Every line that is used, as often as it is used."""
    single = [config.passed_line, config.estop_line, config.green_line, config.red_line]
    for one in config.interlock:
        single += [one.line, one.sense_line, one.released_line]
    yield from (line for line in single if line is not None)
