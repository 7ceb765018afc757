"""Whatever was promised is on the disk, wherever the power fails; and a store that does not sync is found out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from edge.link.errors import StoreCorrupt
from edge.link.store import Store
from tests.durability.power_cut import CALLS, Call, Disk, Rest, Said, calls_of, python, strace

PROGRAM = Path(__file__).with_name("outbox_program.py")
ROOT = PROGRAM.parents[2]
ROUNDS = 14


@pytest.fixture
def image() -> Iterator[Path]:
    """A folder in memory where possible: thousands of disks are laid out and opened there."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="power-cut-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def recorded(tmp_path: Path, mode: str) -> list[Call]:
    """The calls of one run of the program."""
    store = tmp_path / "store"
    store.mkdir()
    program = ["env", f"PYTHONPATH={ROOT}", *python(PROGRAM, store / "outbox.db", mode, ROUNDS)]
    lines, _said = strace(tmp_path, ["-e", f"trace={CALLS}"], program)
    return list(calls_of(lines, store))


def missing(disk: dict[str, bytes], promised: list[str], image: Path) -> list[str]:
    """What was promised and is not on this disk. Raises StoreCorrupt if the store there is damaged."""
    for old in image.iterdir():
        old.unlink()
    for name, content in disk.items():
        (image / name).write_bytes(content)
    store = Store(image / "outbox.db")
    try:
        intents = {(row.intent, row.seq) for row in store.rows(0, -1)}
        picks, desired, epoch = store.done_picks(), store.desired(), store.standing.epoch
        return [said for said in promised if not _is_kept(said.split(), intents, picks, desired, epoch)]
    finally:
        store.close()


def _is_kept(
    said: list[str], intents: set[tuple[str, int]], picks: dict[str, int], desired: object, epoch: int
) -> bool:
    match said:
        case ["recorded", number, seq]:
            acknowledged = f"p{number}" not in picks  # forgotten only once a later desired state was kept
            return (f"pick:p{number}", int(seq)) in intents and (not acknowledged or desired is not None)
        case ["desired", version]:
            return getattr(desired, "version", 0) >= int(version)
        case ["welcomed", granted]:
            return epoch >= int(granted)
        case _:
            return said == ["end"]


def cuts(
    calls: list[Call], every: int, rests: tuple[Rest, ...], seed: int
) -> Iterator[tuple[dict[str, bytes], list[str]]]:
    """Every possible disk, with what had been promised by then."""
    disk, luck = Disk(), Random(seed)
    promised: list[str] = []
    for number, call in enumerate(calls):
        disk.feed(call)
        if isinstance(call, Said):
            promised.append(call.text)
        if number % every == 0:
            for rest in rests:
                yield disk.after_a_power_cut(rest, luck), promised


def test_whatever_was_promised_survives_a_power_cut_at_every_system_call(tmp_path: Path, image: Path) -> None:
    calls = recorded(tmp_path, "full")
    assert Said("end") in calls
    tried = 0
    for disk, promised in cuts(calls, 1, ("none", "half", "torn"), seed=20):
        tried += 1
        assert missing(disk, promised, image) == []
    assert tried > 900


def test_a_store_that_does_not_sync_each_commit_is_found_out(tmp_path: Path, image: Path) -> None:
    losses = 0
    for disk, promised in cuts(recorded(tmp_path, "normal"), 10, ("none",), seed=20):
        try:
            losses += bool(missing(disk, promised, image))
        except StoreCorrupt:
            losses += 1
    assert losses > 10


def test_after_disk_errors_nothing_promised_is_missing_and_work_goes_on(tmp_path: Path) -> None:
    for number, inject in enumerate(("fdatasync:error=EIO:when=25..27", "pwrite64:error=ENOSPC:when=150..155")):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "outbox.db"
        program = ["env", f"PYTHONPATH={ROOT}", *python(PROGRAM, path, "full", ROUNDS)]
        _lines, said = strace(folder, ["-P", f"{path}-wal", "-P", str(path), "-e", f"inject={inject}"], program)

        promised = said.splitlines()
        assert promised[-1] == "end"
        assert any(line.startswith("broken") for line in promised)
        store = Store(path)
        intents = [(row.intent, row.seq) for row in store.rows(0, -1)]
        store.close()
        told = [line.split() for line in promised if line.startswith("recorded")]
        assert sorted(intents) == sorted((f"pick:p{pick}", int(seq)) for _, pick, seq in told)
