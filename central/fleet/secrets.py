"""Keys and passwords of a site: made once, whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from central.settings import Settings
from wire.grants import public_key_text

CENTRAL_CLIENTS: Final = ("central-writer", "central-web", "floor")  # broker users that are no nodes
SECRET_BYTES: Final = 24
SECRET_BYTES_MAX: Final = 16 * 1024


class SecretWrong(RuntimeError):
    """A secret file that must not be used as it is; the text says what to do."""


def client_names(settings: Settings) -> tuple[str, ...]:
    """Everyone who may log in at the broker."""
    return (*CENTRAL_CLIENTS, *(node.name for node in settings.node))


def password_file(state_dir: Path, client: str) -> Path:
    """Where a client's broker password lies."""
    return state_dir / "nodes" / client / "broker.password"


def ensure_secrets(settings: Settings) -> None:
    """First start: the state folder (0700), the grant key, the access key and a broker password for every client.

    What is there stays as it is. Raises SecretWrong, OSError.
    """
    state_dir = settings.state_dir
    private_dir(state_dir)
    key = grant_key(state_dir)
    write_whole(state_dir / "grant.pub", f"{public_key_text(key.public_key())}\n".encode(), mode=0o644)
    keep_secret(settings.access_key_file, _random)
    private_dir(state_dir / "nodes")
    for client in client_names(settings):
        private_dir(state_dir / "nodes" / client)
        keep_secret(password_file(state_dir, client), _random)


def grant_key(state_dir: Path) -> Ed25519PrivateKey:
    """Central's key for grants, made at the first call. Raises SecretWrong, OSError."""
    path = state_dir / "grant.key"
    try:
        key = load_pem_private_key(keep_secret(path, _new_key), password=None)
    except ValueError as error:
        raise SecretWrong(f"{path}: no private key. Restore it from a copy: every guard trusts that one") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SecretWrong(f"{path}: not an Ed25519 key. Restore it from a copy")
    return key


def read_password(state_dir: Path, client: str) -> str:
    """A client's broker password. Raises SecretWrong, OSError."""
    return read_secret(password_file(state_dir, client)).decode("ascii").strip()


def read_secret(path: Path) -> bytes:
    """The bytes of a secret file, if nobody else may read it. Raises SecretWrong, OSError."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        content = file.read(SECRET_BYTES_MAX)
    if mode & 0o077:
        raise SecretWrong(f"{path}: others may read it. Run: chmod 600 {path}")
    if not content.strip():
        raise SecretWrong(f"{path}: empty. Remove it and start again")
    return content


def keep_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """What is in `path`; made now if missing (two that make it at once agree). Raises SecretWrong, OSError."""
    with suppress(FileNotFoundError):
        return read_secret(path)
    fresh = _fresh_beside(path, make(), 0o600)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    _sync_folder(path.parent)
    return read_secret(path)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace `path` in one step: a reader, or a power cut, sees the old bytes or the new ones."""
    if path.exists() and path.read_bytes() == content:
        return
    _fresh_beside(path, content, mode).replace(path)
    _sync_folder(path.parent)


def private_dir(path: Path) -> None:
    """Make the folder with 0700. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _fresh_beside(path: Path, content: bytes, mode: int) -> Path:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _random() -> bytes:
    return f"{secrets.token_urlsafe(SECRET_BYTES)}\n".encode("ascii")


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
