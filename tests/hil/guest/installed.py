"""Nodes and guards as services, put in place by `picklight install` and configured as a technician would."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ETC: Final = Path("/etc/picklight")
DROP_INS: Final = [Path(f"/run/systemd/system/picklight-{kind}@.service.d") for kind in ("edge", "guard")]
CREDENTIAL: Final = "broker_password"


# An emulated processor takes longer to start a program than any unit allows.
SLOW: Final = "[Service]\nTimeoutStartSec=240\nWatchdogSec=120\n"
# Services see a fresh /proc, without the board's face that the bed has put over cpuinfo.
FACE: Final = "BindReadOnlyPaths=/run/cpuinfo:/proc/cpuinfo\n"


class ServiceFailed(Exception):
    """A service did not do as told; with the end of its journal."""


def service(verb: str, *units: str) -> str:
    """What systemctl says. Raises ServiceFailed."""
    done = subprocess.run(["systemctl", verb, *units], capture_output=True, text=True, check=False)
    if done.returncode:
        tails = "\n".join(journal(unit)[-3000:] for unit in units)
        raise ServiceFailed(f"systemctl {verb} {' '.join(units)}: {done.stderr}\n{tails}")
    return done.stdout.strip()


def journal(unit: str) -> str:
    """What the service has said and what was said about it."""
    command = ["journalctl", "--no-pager", "-o", "cat", "-u", unit]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@contextmanager
def installed(*nodes: tuple[str, ...]) -> Iterator[None]:
    """Services of each node (its name, then the stations of its guards); stopped and taken away afterwards."""
    try:
        for name, *stations in nodes:
            guards = [word for station in stations for word in ("--guard", station)]
            _picklight("install", "edge", name, *guards, "--here")
        for folder in DROP_INS:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "bed.conf").write_text(SLOW + FACE)
        service("daemon-reload")
        yield
    finally:
        service("stop", "picklight-edge@*", "picklight-guard@*")
        _picklight("uninstall", "--purge")
        for folder in DROP_INS:
            shutil.rmtree(folder, ignore_errors=True)
        service("daemon-reload")


def write_profile(node: str, broker_port: int, password: Path, rest: str) -> None:
    """The profile of `node` and its secret; the broker is reached on this machine."""
    secrets = ETC / "edge" / node / "secrets"
    secrets.mkdir(parents=True, exist_ok=True)
    shutil.copy(password, secrets / "password")
    head = {"name": node, "site": "demo", "state_dir": f"/var/lib/picklight-edge/{node}"}
    broker: dict[str, str | int] = {"host": "127.0.0.1", "port": broker_port, "password_credential": CREDENTIAL}
    (ETC / "edge" / node / "profile.toml").write_text(f"{_table('node', head)}{_table('broker', broker)}{rest}")


def write_guard(station: str, public_key: Path, settings: str) -> Path:
    """The settings of the guard of `station`; where its socket will be."""
    folder, socket = ETC / "guard" / station, Path(f"/run/picklight-guard/{station}/guard.sock")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(public_key, folder / "grant.pub")
    (folder / "grant.pub").chmod(0o644)
    head = {"station": station, "socket": str(socket), "grant_public_key_file": "grant.pub"}
    (folder / "guard.toml").write_text(f"{_lines(head)}\n{settings}")
    return socket


def _picklight(*words: str) -> None:
    done = subprocess.run(["picklight", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"picklight {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")


def _table(name: str, values: Mapping[str, str | int]) -> str:
    return f"[{name}]\n{_lines(values)}\n"


def _lines(values: Mapping[str, str | int]) -> str:
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
