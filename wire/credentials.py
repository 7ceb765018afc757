"""Secrets that systemd hands to its services (`LoadCredential=`), named in a settings file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta

from wire.toml_check import Mistake

VARIABLE: Final = "CREDENTIALS_DIRECTORY"
KINDS: Final = ("password", "ca", "cert", "key")

CredentialName = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=r"^([A-Za-z0-9_-][A-Za-z0-9._-]*)?$",
        description="a credential's name, such as broker_password",
    ),
]


def credential_file(name: str) -> Path | None:
    """Where systemd put the credential `name`; None where there is none (or no `name`)."""
    folder = os.environ.get(VARIABLE, "")
    file = Path(folder) / name
    return file if folder and name and file.is_file() else None


def credential_mistakes(path: str, table: Mapping[str, object]) -> Iterator[Mistake]:
    """What is wrong with the `…_credential` keys of a raw table at `path`: both kinds given, or nothing there."""
    for kind in KINDS:
        key, name = f"{kind}_credential", table.get(f"{kind}_credential")
        if not isinstance(name, str) or not name:
            continue
        if table.get(f"{kind}_file"):
            yield Mistake(f"{path}.{key}", f"{kind}_file is given too", "Keep one of them")
        elif not os.environ.get(VARIABLE):
            cure = f"Start it as a service (picklight install), or use {kind}_file"
            yield Mistake(f"{path}.{key}", "only systemd hands over credentials, and it did not start this", cure)
        elif credential_file(name) is None:
            cure = "Put the file into the service's secrets folder under /etc/picklight, then restart it"
            yield Mistake(f"{path}.{key}", f"systemd handed over no credential {name!r}", cure)
