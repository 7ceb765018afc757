"""The broker in a node profile: where it is, and how the node proves who it is."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from wire.credentials import CredentialName, credential_file, credential_mistakes
from wire.toml_check import Mistake

Path_ = Annotated[str, Meta(min_length=1, max_length=4096, description="a path in quotes")]
Host = Annotated[str, Meta(min_length=1, max_length=253, description="a host name or address in quotes")]
TcpPort = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]


@dataclass(frozen=True)
class BrokerProfile:
    """Where the broker is. Without `ca_file` the connection is plain, which only a loopback host may be."""

    host: str
    port: int
    user: str
    password_file: Path | None
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None


class BrokerFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [broker] as it is written. Each secret is a file, or a credential that systemd hands over."""

    host: Host
    port: TcpPort = 8883
    user: Annotated[str, Meta(max_length=64)] = ""
    password_file: Path_ | None = None
    ca_file: Path_ | None = None
    cert_file: Path_ | None = None
    key_file: Path_ | None = None
    password_credential: CredentialName = ""
    ca_credential: CredentialName = ""
    cert_credential: CredentialName = ""
    key_credential: CredentialName = ""


def public_broker(broker: BrokerFile, base: Path, node: str) -> BrokerProfile:
    """The broker, its paths starting at `base`; `node` is the user where none is named."""

    def place(path: str | None, credential: str) -> Path | None:
        return base / path if path else credential_file(credential)

    return BrokerProfile(
        host=broker.host,
        port=broker.port,
        user=broker.user or node,
        password_file=place(broker.password_file, broker.password_credential),
        ca_file=place(broker.ca_file, broker.ca_credential),
        cert_file=place(broker.cert_file, broker.cert_credential),
        key_file=place(broker.key_file, broker.key_credential),
    )


def broker_mistakes(broker: Mapping[str, object]) -> Iterator[Mistake]:
    """What is wrong between the parts of a raw [broker] table, whatever else is wrong in it."""
    host = broker.get("host")
    given = {kind for kind in ("ca", "cert", "key") if broker.get(f"{kind}_file") or broker.get(f"{kind}_credential")}
    if isinstance(host, str) and "ca" not in given and not _is_loopback(host):
        cure = "Add ca_file so that nobody can listen in, or use a broker on this machine"
        yield Mistake("broker.ca_file", f"missing, and {host!r} is another machine", cure)
    if ("cert" in given) != ("key" in given):
        yield Mistake("broker.cert_file", "a certificate and its key come together", "Add cert_file and key_file")
    yield from credential_mistakes("broker", broker)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
