"""The installed units on a real kernel: killed when they hang, limited, shut in, with the devices they need."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.hil.guest.ports import read, wait_for
from tests.hil.guest.qmp import Qmp
from tests.hil.guest.usb_scanner import UsbScanner
from wire.grants import public_key_text

EDGE, GUARD = "picklight-edge@zone-a", "picklight-guard@b1"
SOCKET = "/run/picklight-guard/b1/guard.sock"
PROFILE = f"""
[node]
name = "zone-a"
site = "demo"
state_dir = "/var/lib/picklight-edge/zone-a"
production = false
[broker]
host = "127.0.0.1"
port = 1883
password_credential = "broker_password"
[station]
name = "b1"
guard_socket = "{SOCKET}"
[station.scanner]
kind = "serial"
port = "/dev/ttyS0"
"""
GUARD_FILE = f"""
station = "b1"
socket = "{SOCKET}"
grant_public_key_file = "grant.pub"
pins = "mock"
[[interlock]]
kind = "gate"
line = 17
sense_line = 27
"""
PROBE = """
import os, socket, sys
for path in sys.argv[1:]:
    try:
        if path == "network":
            socket.socket(socket.AF_INET).close()
        else:
            how = os.O_RDWR | os.O_NOCTTY if path.startswith("/dev") else os.O_WRONLY | os.O_CREAT
            os.close(os.open(path, how))
        print("probe", path, "ok", flush=True)
    except OSError as error:
        print("probe", path, error.strerror, flush=True)
"""


def systemctl(*words: str, check: bool = True) -> str:
    """What systemctl says."""
    return subprocess.run(["systemctl", *words], check=check, capture_output=True, text=True).stdout.strip()


def show(unit: str, name: str) -> str:
    """A property of a unit."""
    return systemctl("show", "-P", name, unit)


def journal(unit: str) -> str:
    """Everything a unit said, and systemd about it."""
    return subprocess.run(["journalctl", "-u", unit, "-o", "cat"], capture_output=True, text=True, check=True).stdout


def picklight(*words: str) -> str:
    """The command, run as root."""
    done = subprocess.run([sys.executable, "-m", "cli.main", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def change(unit: str, *lines: str) -> Path:
    """A drop-in of this boot, as `systemctl edit --runtime` makes it."""
    file = Path(f"/run/systemd/system/{unit}.service.d/test.conf")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")
    systemctl("daemon-reload")
    return file


@pytest.fixture(scope="module", autouse=True)
def installed() -> Iterator[str]:
    """Node and guard, installed, set up and started; all of it gone at the end."""
    said = picklight("install", "edge", "zone-a", "--guard", "b1", "--here")
    edge, guard = Path("/etc/picklight/edge/zone-a"), Path("/etc/picklight/guard/b1")
    (edge / "profile.toml").write_text(PROFILE)
    (edge / "secrets/password").write_text("open sesame\n")
    (edge / "secrets/password").chmod(0o600)
    (guard / "guard.toml").write_text(GUARD_FILE)
    (guard / "grant.pub").write_text(public_key_text(Ed25519PrivateKey.generate().public_key()))
    change(GUARD, "[Service]", "WatchdogSec=15")  # an emulated processor is slow
    started = subprocess.run(["systemctl", "start", GUARD, EDGE], capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr + journal(GUARD) + journal(EDGE)
    yield said
    picklight("uninstall", "--purge")
    assert systemctl("list-units", "picklight*", "--no-legend", "--all") == ""
    assert not Path("/etc/picklight").exists()


def runs_as(unit: str) -> str:
    """The user of its main process."""
    return pwd.getpwuid(Path(f"/proc/{show(unit, 'MainPID')}").stat().st_uid).pw_name


def test_node_and_guard_are_ready_each_as_a_user_of_its_own() -> None:
    assert (show(EDGE, "ActiveState"), show(GUARD, "ActiveState")) == ("active", "active")
    assert (runs_as(EDGE), runs_as(GUARD)) == ("picklight", "picklight-guard")


def test_a_second_installation_finds_nothing_to_do() -> None:
    assert picklight("install", "edge", "zone-a", "--guard", "b1", "--here").startswith("nothing to do")


def test_the_node_talks_to_the_guard_and_nobody_else_may() -> None:
    reach = f"import socket; socket.socket(socket.AF_UNIX).connect({SOCKET!r})"
    for user, code in (("picklight", 0), ("nobody", 1)):
        asked = ["setpriv", f"--reuid={user}", f"--regid={user if code == 0 else 'nogroup'}", "--clear-groups"]
        assert subprocess.run([*asked, sys.executable, "-c", reach], capture_output=True).returncode == code


def test_the_password_comes_as_a_credential_and_is_in_no_environment() -> None:
    pid, secret = show(EDGE, "MainPID"), Path("/etc/picklight/edge/zone-a/secrets/password")
    assert read(f"/run/credentials/{EDGE}.service/broker_password") == "open sesame"
    assert "sesame" not in read(f"/proc/{pid}/environ") + read(f"/proc/{pid}/cmdline") + journal(EDGE)
    assert secret.stat().st_uid == 0


@pytest.mark.parametrize("unit", [EDGE, GUARD])
def test_one_that_stands_still_is_killed_and_started_again(unit: str) -> None:
    before, restarts = show(unit, "MainPID"), int(show(unit, "NRestarts"))
    os.kill(int(before), signal.SIGSTOP)
    wait_for(lambda: int(show(unit, "NRestarts")) > restarts and show(unit, "SubState") == "running", "restart", 120)
    assert show(unit, "MainPID") != before
    assert "Watchdog timeout" in journal(unit)


def test_a_killed_node_comes_back() -> None:
    before = show(EDGE, "MainPID")
    os.kill(int(before), signal.SIGKILL)
    wait_for(lambda: show(EDGE, "SubState") == "running" and show(EDGE, "MainPID") != before, "restart", 60)


def test_a_wrong_profile_is_said_once_and_not_tried_again() -> None:
    folder = Path("/etc/picklight/edge/wrong")
    (folder / "secrets").mkdir(parents=True)
    (folder / "profile.toml").write_text("[node]\n")
    subprocess.run(["systemctl", "start", "picklight-edge@wrong"], capture_output=True, check=False)
    wait_for(lambda: show("picklight-edge@wrong", "ActiveState") == "failed", "failed")
    assert (show("picklight-edge@wrong", "ExecMainStatus"), show("picklight-edge@wrong", "NRestarts")) == ("2", "0")
    assert "node.name: missing" in journal("picklight-edge@wrong")
    systemctl("reset-failed")


def test_one_that_dies_again_and_again_is_left_lying() -> None:
    folder = Path("/etc/picklight/edge/mortal")
    (folder / "secrets").mkdir(parents=True)
    (folder / "profile.toml").write_text("[node]\n")
    unit = "picklight-edge@mortal"
    file = change(
        unit, "[Unit]", "StartLimitBurst=3", "[Service]", "ExecStart=", "ExecStart=/bin/false", "RestartSec=0"
    )
    subprocess.run(["systemctl", "start", unit], capture_output=True, check=False)
    wait_for(lambda: show(unit, "ActiveState") == "failed" and show(unit, "NRestarts") == "3", "start limit", 60)
    assert "Start request repeated too quickly" in journal(unit)
    file.unlink()
    systemctl("reset-failed")
    systemctl("daemon-reload")


def probed(unit: str, *paths: str) -> dict[str, str]:
    """What a process inside the unit's walls may do with each of `paths`."""
    Path("/usr/local/lib/probe.py").write_text(PROBE)
    run = f"ExecStart=/usr/bin/python3 /usr/local/lib/probe.py {' '.join(paths)}"
    file = change(unit, "[Service]", "Type=oneshot", "WatchdogSec=0", "Restart=no", "ExecStart=", run)
    systemctl("start", unit)
    lines = [line.split(" ", 2) for line in journal(unit).splitlines() if line.startswith("probe ")]
    file.unlink()
    systemctl("daemon-reload")
    return {path: said for _, path, said in lines}


@contextmanager
def open_to_all(device: str) -> Iterator[None]:
    """Let file modes keep nobody out: what is refused then is refused by the unit's walls."""
    mode = Path(device).stat().st_mode & 0o777
    Path(device).chmod(0o666)
    yield
    Path(device).chmod(mode)


def test_a_node_reaches_its_scanners_and_lines_and_neither_gpio_nor_the_system() -> None:
    folder = Path("/etc/picklight/edge/probe")
    (folder / "secrets").mkdir(parents=True)
    (folder / "profile.toml").write_text("")
    with Qmp() as qmp, open_to_all("/dev/gpiochip0"):
        scanner = UsbScanner(qmp)
        scanner.plug()
        event = str(wait_for(scanner.event_path, "scanner"))
        wait_for(lambda: Path(event).stat().st_mode & 0o060 == 0o060, "group may use it")
        mine = "/var/lib/picklight-edge/probe/x"
        found = probed(
            "picklight-edge@probe", event, "/dev/ttyS0", "network", mine, "/dev/gpiochip0", "/dev/vda", "/etc/x"
        )
        scanner.unplug()
    assert {path for path, said in found.items() if said == "ok"} == {event, "/dev/ttyS0", "network", mine}
    assert (found["/etc/x"], found["/dev/gpiochip0"]) == ("Read-only file system", "Operation not permitted")


def test_a_guard_reaches_gpio_and_no_network_and_no_other_device() -> None:
    folder = Path("/etc/picklight/guard/probe")
    folder.mkdir(parents=True)
    (folder / "guard.toml").write_text("")
    with open_to_all("/dev/ttyS0"):
        found = probed("picklight-guard@probe", "/dev/gpiochip0", "network", "/dev/ttyS0", "/etc/x")
    assert {path for path, said in found.items() if said == "ok"} == {"/dev/gpiochip0"}
    assert found["network"] == "Address family not supported by protocol"
    assert found["/dev/ttyS0"] == "Operation not permitted"


def test_udev_names_scanners_and_adapters_by_where_they_are_plugged_in() -> None:
    by_port = Path("/dev/picklight")
    with Qmp() as qmp:
        scanner = UsbScanner(qmp)
        scanner.plug()
        event = wait_for(scanner.event_path, "scanner")

        def named() -> list[Path]:
            return [link for link in (by_port / "input").glob("*") if link.resolve() == event]

        link = wait_for(named, "name by port")[0]
        scanner.unplug()
        wait_for(lambda: not link.is_symlink(), "name gone")
    adapters = {link.resolve().name for link in wait_for(lambda: list((by_port / "by-path").glob("*")), "adapters")}
    assert adapters == {"ttyUSB0", "ttyUSB1"}
    assert read("/sys/bus/usb-serial/devices/ttyUSB0/latency_timer") == "1"
