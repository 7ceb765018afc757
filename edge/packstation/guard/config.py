"""The guard's own configuration: which station it stands at, whose grants it believes, and its GPIO lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from wire.errors import WireError
from wire.grants import read_public_key
from wire.ids import Text
from wire.toml_check import Mistake, TomlWrong, read_toml, twice

SOCKET_PATH_BYTES_MAX: Final = 107  # sun_path of Linux less its final zero
Line = Annotated[int, Meta(ge=0, le=53, description="a GPIO line from 0 to 53")]
Path_ = Annotated[str, Meta(min_length=1, max_length=4096, description="a path in quotes")]


class MockProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The believable gate of a floor without hardware. `pass_after_ms` 0: no parcel ever passes the beam.

    `stuck`: the gate never moves, whatever the output says.
    """

    move_ms: Annotated[int, Meta(ge=0, le=5_000, description="0 to 5000 milliseconds")] = 30
    pass_after_ms: Annotated[int, Meta(ge=0, le=60_000, description="0 to 60000 milliseconds")] = 150
    stuck: bool = False


class GuardConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`lease_ms`: longest release. `sense_wait_ms`: how soon the contact must follow the output."""

    station: Text
    socket: Path_
    grant_public_key_file: Path_
    gate_line: Line
    sense_line: Line
    passed_line: Line | None = None
    green_line: Line | None = None
    red_line: Line | None = None
    lease_ms: Annotated[int, Meta(ge=100, le=30_000, description="100 to 30000 milliseconds")] = 3000
    sense_wait_ms: Annotated[int, Meta(ge=20, le=5_000, description="20 to 5000 milliseconds")] = 500
    challenge_life_s: Annotated[int, Meta(ge=10, le=86_400, description="10 to 86400 seconds")] = 3600
    pins: Literal["mock", "gpio"] = "gpio"
    mock: MockProfile = MockProfile()


def load_config(file: Path) -> GuardConfig:
    """The configuration in `file`; relative paths in it start at its folder. Raises TomlWrong with all mistakes."""
    config = read_toml(file, GuardConfig, _whole)
    here = file.resolve().parent
    config = msgspec.structs.replace(
        config,
        socket=str(here / config.socket),
        grant_public_key_file=str(here / config.grant_public_key_file),
    )
    if len(config.socket.encode()) > SOCKET_PATH_BYTES_MAX:
        cure = f"Choose one of at most {SOCKET_PATH_BYTES_MAX} bytes"
        raise TomlWrong(file, [Mistake("socket", f"{config.socket!r} is too long for a socket", cure)])
    return config


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
    lines = {
        "gate_line": config.gate_line,
        "sense_line": config.sense_line,
        "passed_line": config.passed_line,
        "green_line": config.green_line,
        "red_line": config.red_line,
    }
    used = {name: str(line) for name, line in lines.items() if line is not None}
    for mistake in twice("lines", used.values(), "line"):
        yield Mistake("lines", mistake.what, "Give every line its own number")
        return
