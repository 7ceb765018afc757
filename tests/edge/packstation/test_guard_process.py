"""The guard as a process: what its socket accepts, and how every release ends."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.edge.packstation.guard_process import Client, GuardProcess, running


@pytest.fixture(scope="module")
def guard() -> Iterator[GuardProcess]:
    with running() as process:
        yield process


@pytest.fixture(scope="module")
def slow_guard() -> Iterator[GuardProcess]:
    """No parcel ever passes and the lease is long: only something else can end a release."""
    with running(changed={"lease_ms": 20_000}, mock={"pass_after_ms": 0}) as process:
        yield process


@pytest.fixture
def client(guard: GuardProcess) -> Iterator[Client]:
    one = Client(guard.socket)
    yield one
    one.close()


def holding_after(guard: GuardProcess) -> dict[str, Any]:
    """Status as a new client sees it, once the gate has had its 5 ms to move."""
    client = Client(guard.socket)
    try:
        status = client.ask("status")
        if status["gate"] != "holding":
            client.until_gate("holding")
            status = client.ask("status")
        return status
    finally:
        client.close()


def released(guard: GuardProcess, client: Client, grant_id: str = "g1") -> dict[str, Any]:
    return client.ask("release", grant=guard.grant(client.begin(), grant_id))


def test_a_fresh_grant_releases_one_parcel_and_the_gate_holds_behind_it(guard: GuardProcess, client: Client) -> None:
    answer = released(guard, client, "g-one")

    assert answer == {"tell": "release", "grant_id": "g-one", "lease_ms": 3000, "ok": True}
    client.until_gate("holding")
    status = client.ask("status")
    assert status["last_release"] == {"grant_id": "g-one", "order_no": "O-1", "label": "LP00000000000001"}
    assert (status["gate"], status["seen"], status["fault"]) == ("holding", "holding", "")


def test_a_grant_is_good_once(guard: GuardProcess, client: Client) -> None:
    grant = guard.grant(client.begin())
    assert client.ask("release", grant=grant)["ok"]
    client.until_gate("holding")

    assert client.ask("release", grant=grant) == {"tell": "no_release", "why": "no_challenge", "ok": False}
    client.begin()
    assert client.ask("release", grant=grant)["why"] == "other_challenge"


def test_a_grant_for_anything_else_is_refused_and_costs_the_challenge(guard: GuardProcess, client: Client) -> None:
    cases: dict[str, Callable[[str], Any]] = {
        "not_genuine": lambda c: guard.grant(c, key=Ed25519PrivateKey.generate()),
        "other_station": lambda c: guard.grant(c, station="bench-2"),
        "other_challenge": lambda _c: guard.grant("ab" * 16),
    }
    for why, make in cases.items():
        challenge = client.begin()
        assert client.ask("release", grant=make(challenge)) == {"tell": "no_release", "why": why, "ok": False}
        assert client.ask("release", grant=guard.grant(challenge))["why"] == "no_challenge"


@pytest.mark.parametrize("field", ["order_no", "label", "challenge", "station", "grant_id"])
def test_a_grant_changed_after_signing_is_refused(guard: GuardProcess, client: Client, field: str) -> None:
    grant = guard.grant(client.begin())
    grant["grant"][field] += "x"

    assert client.ask("release", grant=grant)["why"] == "not_genuine"


def test_a_signature_that_is_no_base64_is_refused(guard: GuardProcess, client: Client) -> None:
    grant = guard.grant(client.begin())

    assert client.ask("release", grant={**grant, "signature": "签名"})["why"] == "not_genuine"


def test_a_newer_challenge_voids_the_older(guard: GuardProcess, client: Client) -> None:
    older = client.begin()
    client.begin()

    assert client.ask("release", grant=guard.grant(older))["why"] == "other_challenge"


def test_a_challenge_dies_with_its_connection(guard: GuardProcess) -> None:
    first = Client(guard.socket)
    challenge = first.begin()
    first.close()
    second = Client(guard.socket)

    assert second.ask("release", grant=guard.grant(challenge))["why"] == "no_challenge"
    second.close()


def test_hold_ends_a_release(slow_guard: GuardProcess) -> None:
    client = Client(slow_guard.socket)
    assert released(slow_guard, client)["ok"]

    client.ask("hold")
    client.until_gate("holding")
    client.close()


def test_a_killed_node_holds(slow_guard: GuardProcess) -> None:
    node = subprocess.Popen(
        [sys.executable, "-c", NODE, str(slow_guard.socket)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with node:
        assert node.stdin is not None
        assert node.stdout is not None
        challenge = node.stdout.readline().strip()
        node.stdin.write(json.dumps({"ask": "release", "grant": slow_guard.grant(challenge, "g-killed")}) + "\n")
        node.stdin.flush()
        assert '"grant_id":"g-killed"' in node.stdout.readline()
        node.send_signal(signal.SIGKILL)

    assert holding_after(slow_guard)["last_release"]["grant_id"] == "g-killed"
    assert "because=ClientGone" in slow_guard.log() or "because=SenseHolding" in slow_guard.log()


def test_the_newest_client_wins_and_the_older_ones_release_ends(slow_guard: GuardProcess) -> None:
    older = Client(slow_guard.socket)
    assert released(slow_guard, older)["ok"]

    assert holding_after(slow_guard)["gate"] == "holding"
    with pytest.raises(OSError, match=r"hung up|reset|Broken pipe"):
        older.ask("status")
    older.close()


NODE = """
import json, socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); lines = s.makefile("r")
s.sendall(b'{"ask":"begin"}\\n'); print(json.loads(lines.readline())["challenge"], flush=True)
s.sendall(sys.stdin.readline().encode())
for line in lines: '"grant_id"' in line and print(line, end="", flush=True)
"""


def test_a_release_ends_by_itself() -> None:
    with running(changed={"lease_ms": 150}, mock={"pass_after_ms": 0}) as guard:
        client = Client(guard.socket)
        begun = time.monotonic()
        assert released(guard, client)["ok"]
        client.until_gate("holding")

        assert 0.1 < time.monotonic() - begun < 2
        client.close()


def test_a_gate_that_does_not_move_is_a_fault_and_the_parcel_is_not_called_released() -> None:
    with running(changed={"sense_wait_ms": 50}, mock={"fault": "stuck"}) as guard:
        client = Client(guard.socket)

        assert released(guard, client) == {"tell": "no_release", "why": "stuck", "ok": False}
        assert client.until_gate("fault")["fault"] == "stuck"
        assert client.ask("status")["last_release"] is None
        client.close()


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b"\n",
        b"nonsense\n",
        b'{"ask":"open sesame"}\n',
        b'{"ask":"release","grant":{}}\n',
        b'{"ask":"begin","more":1}\n',
        b"\xff\xfe\x00\n",
        b"[" * 3000 + b"\n",
    ],
)
def test_a_line_that_is_no_request_is_refused_and_the_next_one_answered(client: Client, line: bytes) -> None:
    client.send(line)

    assert client.until(lambda word: word["tell"] == "bad_request")["ok"] is False
    assert client.ask("status")["gate"] == "holding"


def test_a_line_that_is_too_long_ends_the_connection_and_nothing_else(guard: GuardProcess) -> None:
    client = Client(guard.socket)
    client.send(b'{"ask":"' + b"x" * 8000 + b'"}\n')

    assert "longer than 4096" in client.until(lambda word: word["tell"] == "bad_request")["why"]
    client.close()
    assert holding_after(guard)["gate"] == "holding"


def test_only_its_user_and_its_group_may_speak_to_the_guard(guard: GuardProcess) -> None:
    assert stat.S_IMODE(guard.socket.stat().st_mode) == 0o660


def test_two_guards_never_share_a_gate(guard: GuardProcess) -> None:
    second = subprocess.run(guard.command(), capture_output=True, text=True, timeout=20)

    assert second.returncode == 1
    assert "another guard owns this gate" in second.stderr
    assert holding_after(guard)["gate"] == "holding"


def test_every_mistake_of_a_configuration_is_told_at_once(tmp_path: Path) -> None:
    guard = GuardProcess(tmp_path, changed={"lease_ms": 5, "gate_lime": 3, "pins": "maybe"})

    refused = subprocess.run(guard.command(), capture_output=True, text=True, timeout=20)

    assert refused.returncode == 2
    told = refused.stderr.splitlines()
    assert len(told) == 3
    assert all(any(word in line for line in told) for word in ("lease_ms", "gate_line", "pins"))


def test_a_line_used_twice_is_a_mistake(tmp_path: Path) -> None:
    refused = subprocess.run(
        GuardProcess(tmp_path, changed={"red_line": 17}).command(), capture_output=True, text=True, timeout=20
    )

    assert refused.returncode == 2
    assert "Give every line its own number" in refused.stderr


def test_a_stopped_guard_leaves_no_socket() -> None:
    with running() as guard:
        client = Client(guard.socket)
        assert released(guard, client)["ok"]
        assert guard.stop() == 0
        client.close()

        assert not guard.socket.exists()
        assert "Traceback" not in guard.log()


def hear_out(systemd: socket.socket) -> None:
    """Take what was sent before the guard stopped, until there is silence."""
    while systemd.recv(100):
        pass


def test_systemd_hears_of_a_guard_only_while_it_runs(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        address = tmp_path / "notify"
        systemd.bind(str(address))
        systemd.settimeout(10)
        with running(
            environment={"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "300000"},
            changed={"lease_ms": 200},
            mock={"pass_after_ms": 0},
        ) as guard:
            assert systemd.recv(100) == b"READY=1"
            assert systemd.recv(100) == b"WATCHDOG=1"
            client = Client(guard.socket)
            assert released(guard, client)["ok"]
            guard.signal(signal.SIGSTOP)
            systemd.settimeout(0.6)
            with pytest.raises(TimeoutError, match="timed out"):
                hear_out(systemd)
            guard.signal(signal.SIGCONT)

            client.until(lambda word: word.get("gate") in {"holding", "fault"})  # the lease ran out meanwhile
            client.close()
