"""Keys and passwords: made once, private, and refused when they lie open."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from central.fleet.secrets import (
    SecretWrong,
    client_names,
    ensure_secrets,
    grant_key,
    keep_secret,
    password_file,
    read_secret,
)
from tests.central.small_site import small_site
from wire.grants import read_public_key


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_makes_private_folders_and_files(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    state = settings.state_dir
    assert mode_of(state) == 0o700
    secrets = [state / "grant.key", state / "access.key"]
    secrets += [password_file(state, client) for client in client_names(settings)]
    assert {mode_of(path) for path in secrets} == {0o600}
    assert len({path.read_bytes() for path in secrets}) == len(secrets)


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    before = {path: path.read_bytes() for path in settings.state_dir.rglob("*") if path.is_file()}
    ensure_secrets(settings)
    assert {path: path.read_bytes() for path in settings.state_dir.rglob("*") if path.is_file()} == before


def test_guards_pin_the_public_half(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    pinned = read_public_key((settings.state_dir / "grant.pub").read_text())
    assert pinned.public_bytes_raw() == grant_key(settings.state_dir).public_key().public_bytes_raw()


def test_a_secret_others_may_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    settings.access_key_file.chmod(0o644)
    with pytest.raises(SecretWrong, match="chmod 600"):
        ensure_secrets(settings)


def test_a_damaged_grant_key_is_never_replaced(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    (settings.state_dir / "grant.key").write_text("nonsense")
    with pytest.raises(SecretWrong, match="Restore it from a copy"):
        ensure_secrets(settings)


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "access.key"
    path.touch(mode=0o600)
    with pytest.raises(SecretWrong, match="empty"):
        read_secret(path)


def test_the_first_of_two_makers_wins(tmp_path: Path) -> None:
    path = tmp_path / "key"

    def slower() -> bytes:
        keep_secret(path, lambda: b"first")
        return b"second"

    assert keep_secret(path, slower) == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]
