"""The site's own Mosquitto: its configuration, who may say what, and where it listens."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from central.fleet.ports import free_port
from central.fleet.secrets import client_names, private_dir, read_password, write_whole
from central.settings import Settings, is_loopback
from wire import topics
from wire.mqtt import BrokerAddress

PAYLOAD_BYTES_MAX: Final = 16 * 1024 * 1024  # a command with a file of 100,000 order lines
QUEUED_MESSAGES_MAX: Final = 10_000  # per client; what falls out is sent again by the outbox
QUEUED_BYTES_MAX: Final = 64 * 1024 * 1024


class BrokerWrong(RuntimeError):
    """The private broker cannot be run; the text says what to do."""


class Address(msgspec.Struct, frozen=True):
    """broker.json: where this machine's clients find the broker."""

    host: str
    port: int


@dataclass(frozen=True)
class PrivateBroker:
    """A broker ready to be started."""

    address: Address
    argv: tuple[str, ...]


def address_for(settings: Settings, client: str) -> BrokerAddress:
    """Where and as whom one of central's clients logs in. Raises BrokerWrong, SecretWrong, OSError."""
    password = read_password(settings.state_dir, client)
    if not settings.broker.url:
        found = remembered(settings.state_dir)
        if found is None:
            raise BrokerWrong(f"{_memory(settings.state_dir)} is missing. Start picklight central first")
        return BrokerAddress(host=found.host, port=found.port, user=client, password=password)
    parts = urlsplit(settings.broker.url)
    port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    ca, cert, key = (Path(name) if name else None for name in _tls_files(settings))
    return BrokerAddress(
        host=parts.hostname or "", port=port, user=client, password=password, ca_file=ca, cert_file=cert, key_file=key
    )


def prepare(settings: Settings) -> PrivateBroker:
    """Write configuration, passwords and access list, and choose the port once. Raises BrokerWrong, OSError."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        raise BrokerWrong("Mosquitto is not installed. Run: sudo apt-get install mosquitto")
    folder = settings.state_dir / "broker"
    private_dir(folder)
    address = _local_address(settings)
    _write_passwords(settings, folder / "passwords")
    write_whole(folder / "access", access_text(settings).encode())
    write_whole(folder / "mosquitto.conf", config_text(settings, address, folder).encode())
    write_whole(_memory(settings.state_dir), msgspec.json.encode(address))
    return PrivateBroker(address, (program, "-c", str(folder / "mosquitto.conf")))


def remembered(state_dir: Path) -> Address | None:
    """Where the private broker listens; None before its first start. Raises BrokerWrong, OSError."""
    path = _memory(state_dir)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Address)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise BrokerWrong(f"{path}: {error}. Restore host and port as the nodes have them") from error


def config_text(settings: Settings, address: Address, folder: Path) -> str:
    """mosquitto.conf. Loopback is plain; a listener beyond it speaks TLS only."""
    return "\n".join(
        [
            "# Written by picklight central at every start; changes here are lost.",
            f"user {pwd.getpwuid(os.getuid()).pw_name}",
            "per_listener_settings false",
            "allow_anonymous false",
            f"password_file {folder / 'passwords'}",
            f"acl_file {folder / 'access'}",
            "set_tcp_nodelay true",
            f"max_packet_size {PAYLOAD_BYTES_MAX}",
            "max_inflight_messages 0",
            f"max_queued_messages {QUEUED_MESSAGES_MAX}",
            f"max_queued_bytes {QUEUED_BYTES_MAX}",
            "persistence false",
            "connection_messages false",
            "log_dest stderr",
            "log_type error",
            "log_type warning",
            f"listener {address.port} {address.host}",
            *_outer_listener(settings),
            "",
        ]
    )


def access_text(settings: Settings) -> str:
    """The access list: a node speaks and hears for itself only; the simulated floor only listens to nodes."""
    site = settings.site.name
    rules: dict[str, tuple[str, ...]] = {
        "central-writer": (
            f"topic read {topics.all_up(site)}",
            f"topic write {topics.ROOT}/{site}/+/dn/#",
            f"topic readwrite {topics.ROOT}/{site}/central/#",
        ),
        "central-web": (
            f"topic read {topics.all_up(site, 'live')}",
            f"topic read {topics.all_up(site, 'state')}",
            f"topic read {topics.central_state(site)}",
            f"topic read {topics.central_changed(site)}",
            f"topic read {topics.command_reply(site, 'central-web')}",
            f"topic write {topics.central_command(site)}",
            f"topic write {topics.all_presses(site)}",
        ),
        "floor": (f"topic read {topics.all_up(site)}",),
    }
    for node in settings.node:
        rules[node.name] = (
            f"topic write {topics.ROOT}/{site}/{node.name}/up/#",
            f"topic read {topics.all_down(site, node.name)}",
            f"topic read {topics.central_state(site)}",
        )
    return "\n".join(line for user, lines in rules.items() for line in (f"user {user}", *lines, "")) + "\n"


def _outer_listener(settings: Settings) -> list[str]:
    broker = settings.broker
    if is_loopback(broker.host):
        return []
    lines = [f"listener {broker.port or 8883} {broker.host}", "tls_version tlsv1.2"]
    lines += [f"certfile {broker.cert_file}", f"keyfile {broker.key_file}"]
    if not broker.ca_file:
        return lines
    # A certificate's name is the user, and the user is the client: nobody can speak as another, or push it out.
    names = ("require_certificate true", "use_identity_as_username true", "use_username_as_clientid true")
    return [*lines, f"cafile {broker.ca_file}", *names]


def _local_address(settings: Settings) -> Address:
    here = is_loopback(settings.broker.host)
    host = settings.broker.host if here else "127.0.0.1"
    if here and settings.broker.port:
        return Address(host=host, port=settings.broker.port)
    known = remembered(settings.state_dir)
    return known if known is not None and known.host == host else Address(host=host, port=free_port(host))


def _write_passwords(settings: Settings, path: Path) -> None:
    state_dir = settings.state_dir
    plain = "".join(f"{client}:{read_password(state_dir, client)}\n" for client in client_names(settings))
    fresh = path.with_name("passwords.new")
    fresh.unlink(missing_ok=True)
    write_whole(fresh, plain.encode())
    program = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"
    try:
        subprocess.run((program, "-U", str(fresh)), check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        fresh.unlink(missing_ok=True)
        raise BrokerWrong(f"mosquitto_passwd failed: {error}. Reinstall the package mosquitto") from error
    fresh.chmod(0o600)
    fresh.replace(path)


def _tls_files(settings: Settings) -> tuple[str, str, str]:
    return settings.broker.ca_file, settings.broker.cert_file, settings.broker.key_file


def _memory(state_dir: Path) -> Path:
    return state_dir / "broker.json"
