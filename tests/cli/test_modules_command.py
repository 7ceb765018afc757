"""`picklight modules`: what a technician sees of the profiles, and a device to try one on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from cli.modules import main
from edge.drivers.modbus_pdu import READ_COILS, Request, Words
from edge.drivers.model_schema import SCHEMA_FILE
from edge.drivers.module_model import MODELS_DIR, shipped
from edge.drivers.rtu_link import RtuLink
from edge.drivers.tcp_link import TcpLink

HOWS = "'none', 'value', 'flag', 'pulse', 'us'"
LIGHT = Request(1, 5, write_address=2, words=(0xFF00,))
LOOK = Request(1, READ_COILS, 0, 4)


def test_the_list_names_every_model_its_evidence_and_what_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    told = capsys.readouterr().out

    assert all(f"{name} " in told for name in shipped())
    assert "banner-k50             sketched   documented   2026-11-24" in told
    assert "unknown: the registers that light it" in told


def test_a_good_profile_is_said_to_be_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(MODELS_DIR / "r421a08.toml")]) == 0
    assert "good: R421A08" in capsys.readouterr().out


def test_every_mistake_is_told_at_once_with_path_and_cure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (MODELS_DIR / "generic-coils.toml").read_text("utf-8")
    text = text.replace("per_unit", "per_unti").replace('how = "us"', 'how = "sometimes"').replace("hold_ms = 800", "")
    (tmp_path / "generic-coils.toml").write_text(text.replace("reply_ms_max = 100", "reply_ms_max = 1"))
    assert main(["check", str(tmp_path / "generic-coils.toml")]) == 1
    told = capsys.readouterr().err.splitlines()

    assert [line.partition("generic-coils.toml: ")[2] for line in told] == [
        "link.reply_ms_max: expected `int` >= 5, not 1. Write 5 to 2000 milliseconds",
        "modules.per_unti: no such key. Did you mean 'per_unit'?",
        "modules.per_unit: missing. Add it: 1 to 64 modules",
        f"blink.how: invalid enum value 'sometimes', not 'sometimes'. Write one of {HOWS}",
    ]


def test_a_file_that_is_not_there_is_said_to_be_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", str(tmp_path / "nothing.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_schema_that_is_printed_is_the_one_exported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == SCHEMA_FILE.read_text("utf-8")


def test_a_sketched_model_cannot_be_simulated_and_too_many_units_neither(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(MODELS_DIR / "banner-k50.toml")]) == 1
    assert main(["simulate", str(MODELS_DIR / "r421a08.toml"), "--units", "33"]) == 2
    assert "only sketched" in capsys.readouterr().err


@contextmanager
def simulated(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A running `picklight modules simulate`, ended by SIGTERM."""
    command = [sys.executable, "-m", "cli.modules", "simulate", str(MODELS_DIR / "waveshare-relay-8-di.toml")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*command, *arguments], text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.terminate()
            assert process.wait(10) == 0


def line_of(stream: IO[str] | None) -> str:
    return stream.readline().strip() if stream is not None else ""


def test_a_simulated_board_on_a_pty_does_as_told_says_so_and_feels_a_hand(tmp_path: Path) -> None:
    with simulated("--link", str(tmp_path / "line"), "--baud", "115200") as process:
        assert line_of(process.stderr) == f"ready at {tmp_path / 'line'}"
        link = RtuLink(str(tmp_path / "line"), 115200)
        link.open()
        link.exchange(LIGHT, 1.0)
        link.wait_for_gap()

        assert line_of(process.stdout) == "1.2 white"
        time_s = time.monotonic()
        while link.exchange(LOOK, 1.0) != Words(0, (0, 0, 1, 0)):
            assert time.monotonic() < time_s + 5
            link.wait_for_gap()
        link.close()


def test_a_simulated_board_on_a_tcp_port_takes_hands_from_its_standard_input() -> None:
    with simulated("--tcp-port", "0") as process:
        link = TcpLink("127.0.0.1", int(line_of(process.stderr).rpartition(":")[2]))
        link.open()
        assert process.stdin is not None
        process.stdin.write("hold 1.3\n")
        process.stdin.flush()
        due_s = time.monotonic() + 10
        while link.exchange(Request(1, 2, 0, 8), 1.0) != Words(0, (0, 0, 0, 1, 0, 0, 0, 0)):
            assert time.monotonic() < due_s
        process.stdin.write("dance\n")
        process.stdin.flush()

        assert line_of(process.stderr).startswith("not known: 'dance'")
        link.close()
