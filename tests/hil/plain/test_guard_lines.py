"""The real guard program on the kernel's GPIO lines: what they carry when it works, fails, hangs and dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.edge.packstation.guard_process import Client, GuardProcess, running
from tests.hil.guest.gpio import GpioSim
from tests.hil.guest.ports import wait_for

GATE, GATE_SENSE, GATE_RELEASED = 17, 27, 26
LOCK, LOCK_SENSE, SEALER, ESTOP = 23, 24, 25, 16
ONE_GATE: dict[str, object] = {"kind": "gate", "line": GATE, "sense_line": GATE_SENSE}
TWO_CONTACTS: dict[str, object] = {**ONE_GATE, "released_line": GATE_RELEASED}
LOW_GATE: dict[str, object] = {**ONE_GATE, "active": "low"}
TOTE_LOCK: dict[str, object] = {"kind": "tote_lock", "line": LOCK, "sense_line": LOCK_SENSE}
START_SEALER: dict[str, object] = {"kind": "sealer", "line": SEALER, "pulse_ms": 200}
LEASE_S = 20.0


@pytest.fixture
def chip() -> GpioSim:
    return GpioSim()


class Bench:
    """A guard on real lines, the client that asks it, and the hands on its contacts."""

    def __init__(self, chip: GpioSim, guard: GuardProcess, senses: tuple[int, ...]) -> None:
        self.chip, self.guard, self._senses = chip, guard, senses
        self.client = Client(guard.socket)
        wait_for(self._settled, "every contact proves holding")

    def _settled(self) -> bool:
        for line in self._senses:
            self.chip.pull(line, 1)  # a line that is claimed anew is pulled as its owner asks
        return bool(self.client.ask("status")["seen"] == "holding")

    def release(self, *outputs: int) -> dict[str, Any]:
        """Ask with a good grant, and move every contact once its output is on."""
        grant = self.guard.grant(self.client.begin())
        self.client.send(b'{"ask":"release","grant":' + _json(grant) + b"}\n")
        for line in outputs or (GATE,):
            self.carries(line, 1)
        for line in self._senses:
            self.chip.pull(line, 0)
        return self.client.until(lambda word: word["tell"] in {"release", "no_release"})

    def carries(self, line: int, level: int) -> None:
        wait_for(lambda: self.chip.value(line) == level, f"line {line} carries {level}")

    def fault(self) -> tuple[str, str]:
        word = self.client.until(lambda word: word.get("gate") == "fault")
        return word["fault"], word["interlock"]


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)


@contextmanager
def bench(chip: GpioSim, *interlocks: dict[str, object], senses: tuple[int, ...], **changed: object) -> Iterator[Bench]:
    settings: dict[str, object] = {
        "pins": "gpio",
        "passed_line": None,
        "green_line": None,
        "red_line": None,
        "sense_wait_ms": 5_000,
        "lease_ms": int(LEASE_S * 1000),
        **changed,
    }
    with running(changed=settings, interlocks=interlocks) as guard:
        one = Bench(chip, guard, senses)
        yield one
        one.client.close()


def test_a_grant_releases_the_line_and_hold_takes_it_back(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,)) as one:
        assert chip.value(GATE) == 0
        assert one.release()["ok"]
        assert chip.value(GATE) == 1

        one.client.ask("hold")
        assert chip.value(GATE) == 0
        chip.pull(GATE_SENSE, 1)
        one.client.until_gate("holding")


def test_a_gate_that_is_forced_is_a_fault_and_no_verification_begins(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,)) as one:
        chip.pull(GATE_SENSE, 0)

        assert one.fault() == ("forced", "gate")
        assert one.client.ask("begin") == {"tell": "no_challenge", "why": "forced", "ok": False}
        assert chip.value(GATE) == 0


def test_a_contact_that_does_not_return_is_welded(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,), sense_wait_ms=1_000) as one:
        assert one.release()["ok"]
        one.client.ask("hold")

        assert one.fault() == ("welded", "gate")
        assert chip.value(GATE) == 0


def test_contacts_that_contradict_each_other_take_the_release_back(chip: GpioSim) -> None:
    with bench(chip, TWO_CONTACTS, senses=(GATE_SENSE,), sense_wait_ms=1_000) as one:
        chip.pull(GATE_RELEASED, 1)

        assert one.fault() == ("sense_fault", "gate")
        assert one.client.ask("begin")["why"] == "sense_fault"


def test_the_emergency_stop_takes_the_release_back_and_a_cut_wire_is_one(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE, ESTOP), estop_line=ESTOP) as one:
        one.release()  # the hands let go of the e-stop's wire as well
        assert one.fault()[0] == "e_stop"
        assert chip.value(GATE) == 0

        assert one.client.ask("begin")["why"] == "e_stop"
        chip.pull(GATE_SENSE, 1)
        chip.pull(ESTOP, 1)
        one.client.until_gate("holding")


def test_two_interlocks_go_together_and_one_that_fails_takes_both_back(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, TOTE_LOCK, senses=(GATE_SENSE, LOCK_SENSE)) as one:
        assert one.release(GATE, LOCK)["ok"]
        assert (chip.value(GATE), chip.value(LOCK)) == (1, 1)

        chip.pull(LOCK_SENSE, 1)
        assert one.fault() == ("fell_shut", "tote_lock")
        assert (chip.value(GATE), chip.value(LOCK)) == (0, 0)


def test_the_sealer_gets_one_pulse_once_the_gate_is_proven_released(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, START_SEALER, senses=(GATE_SENSE,)) as one, traced() as sets:
        assert one.release()["ok"]
        wait_for(lambda: sets(SEALER) == [1, 0], "one pulse")

        assert sets(GATE) == [1]
        one.client.ask("hold")
        assert sets(SEALER)[:2] == [1, 0]


# ---- what happens to the line when the guard does not ----


@pytest.mark.parametrize(("gate", "holding"), [(ONE_GATE, 0), (LOW_GATE, 1)], ids=["active-high", "active-low"])
def test_a_killed_guard_lets_its_line_fall(chip: GpioSim, gate: dict[str, object], holding: int) -> None:
    with bench(chip, gate, senses=(GATE_SENSE,)) as one:
        released(one, 1 - holding)
        one.guard.kill()

        assert chip.value(GATE) == holding


def test_a_hung_guard_is_ended_and_its_line_falls_within_the_lease(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,)) as one:
        released(one, 1)
        began_s = time.monotonic()
        one.guard.signal(signal.SIGSTOP)
        one.carries(GATE, 0)

        assert time.monotonic() - began_s < LEASE_S
        assert exit_code(one.guard) == -signal.SIGKILL
        assert "warden: the guard stood still" in one.guard.log()


def test_a_guard_that_the_kernel_kills_for_memory_lets_its_line_fall(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,)) as one:
        released(one, 1)
        pid = one.guard.process.pid if one.guard.process else 0
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000")
        Path("/proc/sysrq-trigger").write_text("f")

        assert exit_code(one.guard) == -signal.SIGKILL
        assert chip.value(GATE) == 0


def test_a_guard_without_its_warden_holds_and_gets_another(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,)) as one:
        released(one, 1)
        os.kill(warden_of(one.guard), signal.SIGKILL)

        assert one.fault()[0] == "stalled"
        assert chip.value(GATE) == 0
        chip.pull(GATE_SENSE, 1)
        wait_for(lambda: one.client.ask("status")["seen"] == "holding", "the gate holds")
        wait_for(lambda: warden_of(one.guard), "another warden")
        assert one.release()["ok"]


def test_a_guard_that_ends_leaves_its_line_holding(chip: GpioSim) -> None:
    with bench(chip, LOW_GATE, senses=(GATE_SENSE,)) as one:
        released(one, 0)
        assert one.guard.stop() == 0

        assert chip.value(GATE) == 1


def released(one: Bench, level: int) -> None:
    grant = one.guard.grant(one.client.begin())
    one.client.send(b'{"ask":"release","grant":' + _json(grant) + b"}\n")
    one.carries(GATE, level)
    one.chip.pull(GATE_SENSE, 0)
    assert one.client.until(lambda word: word["tell"] in {"release", "no_release"})["ok"]


def exit_code(guard: GuardProcess) -> int | None:
    return None if guard.process is None else guard.process.wait(30)


def warden_of(guard: GuardProcess) -> int:
    """The pid of its warden, 0 if there is none."""
    parent = guard.process.pid if guard.process else 0
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    alive = [int(pid) for pid in children if b"guard.warden" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return alive[0] if alive else 0


# ---- set-up ----


@contextmanager
def traced() -> Iterator[Any]:
    """Every level the kernel sets on any line from now on, traced since it booted: call the result for one line."""
    root = Path("/sys/kernel/tracing")
    if not (root / "events").exists():
        subprocess.run(["mount", "-t", "tracefs", "tracefs", str(root)], check=True)
    (root / "trace").write_text("")

    def sets(line: int) -> list[int]:
        base = int(Path(f"/sys/class/gpio/{base_of()}/base").read_text())
        words = [row.partition("gpio_value: ")[2].split() for row in (root / "trace").read_text().splitlines()]
        return [int(word[2]) for word in words if word[:2] == [str(base + line), "set"]]

    yield sets


def base_of() -> str:
    for one in Path("/sys/class/gpio").glob("gpiochip*"):
        if (one / "label").read_text().strip() == "pinctrl-bcm2711":
            return one.name
    raise AssertionError("no such chip")


STOCK = "import gpiozero; gpiozero.DigitalOutputDevice(17, active_high=False, initial_value=False)"


def test_an_active_low_output_never_blips_and_gpiozero_alone_would(chip: GpioSim, tmp_path: Path) -> None:
    with traced() as sets:
        subprocess.run([sys.executable, "-c", STOCK], check=True, cwd=tmp_path)
        assert 0 in sets(GATE), "gpiozero no longer blips: this file may be simpler"
    with traced() as sets, bench(chip, LOW_GATE, senses=(GATE_SENSE,)):
        assert set(sets(GATE)) == {1}


HOLDER = "import gpiozero, time; one = gpiozero.LED(17); print(flush=True); time.sleep(600)"


def test_a_line_that_another_program_has_is_named_with_its_owner(chip: GpioSim, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, cwd=tmp_path) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        guard = GuardProcess(tmp_path, changed={"pins": "gpio"}, interlocks=(ONE_GATE,))
        refused = subprocess.run(guard.command(), capture_output=True, text=True, timeout=60)
        holder.kill()

    assert refused.returncode == 1
    assert "GPIO line 17 is taken by 'lg'" in refused.stderr
    assert f"(pid {holder.pid})" in refused.stderr


def test_the_guard_needs_no_writable_working_folder_and_leaves_nothing(chip: GpioSim) -> None:
    with bench(chip, ONE_GATE, senses=(GATE_SENSE,)) as one:
        found = [path.name for path in one.guard.folder.iterdir()]
        assert not [name for name in found if "lg" in name and name != "guard.log"]
