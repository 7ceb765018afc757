"""The outbox: what was recorded is there, once, in order, and bounded; a place that forgets is refused."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.clock import Clock, ManualClock
from edge.link.errors import OutboxBroken, OutboxFull, OutboxUnsafe, StoreCorrupt
from edge.link.outbox import Outbox
from edge.link.rules import AckMeans, age_ms, judge_ack, welcome_is_possible
from edge.link.store import KEPT_ROWS, PRUNE_ROWS, Row, Stamp, Standing, Store
from tests.edge.link.one_node import pick
from wire.deeds import LabelScanned
from wire.disk import filesystem_of
from wire.downlink import Ack, Desired, Welcome
from wire.errors import WireError


@contextlib.contextmanager
def opened(path: Path, *, rows_max: int = 1000, production: bool = False) -> Iterator[Outbox]:
    """An outbox that is closed afterwards."""
    outbox = Outbox(path, production=production, clock=ManualClock(), rows_max=rows_max)
    try:
        yield outbox
    finally:
        outbox.close()


async def test_numbers_count_up_and_go_on_after_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path / "o") as outbox:
        assert [await outbox.record(pick(n), f"pick:p{n}") for n in range(3)] == [1, 2, 3]
    with opened(tmp_path / "o") as again:
        assert await again.record(pick(3), "pick:p3") == 4
        assert again.rows == 4
        assert again.standing.starts == 2


async def test_the_same_intent_counts_once_even_after_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path / "o") as outbox:
        assert await outbox.record(pick(1), "pick:p1") == 1
        assert await outbox.record(pick(2), "pick:p1") == 1
    with opened(tmp_path / "o") as again:
        both = await asyncio.gather(again.record(pick(3), "pick:p3"), again.record(pick(3), "pick:p3"))
        assert list(both) == [2, 2]
        assert await again.record(pick(1), "pick:p1") == 1
        assert again.rows == 2


async def test_deeds_asked_for_together_keep_their_order(tmp_path: Path) -> None:
    with opened(tmp_path / "o") as outbox:
        seqs = await asyncio.gather(*(outbox.record(pick(n), f"pick:p{n}") for n in range(500)))
        assert seqs == list(range(1, 501))


async def test_a_full_store_takes_nothing_more_and_drops_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "o", rows_max=10) as outbox:
        for n in range(8):
            await outbox.record(pick(n), f"pick:p{n}")
        assert list(outbox.alarms) == ["outbox_filling"]
        await outbox.record(pick(8), "pick:p8")
        await outbox.record(pick(9), "pick:p9")
        assert (list(outbox.alarms), outbox.fill_percent) == (["outbox_filling", "outbox_full"], 100)
        with pytest.raises(OutboxFull, match=r"10 events wait for central\. Check the network and central"):
            await outbox.record(pick(10), "pick:p10")
        assert await outbox.record(pick(3), "pick:p3") == 4  # asked again: known already
        outbox.acknowledge(6, "")
        assert (outbox.alarms, outbox.rows) == ({}, 4)
        assert await outbox.record(pick(10), "pick:p10") == 11


async def test_a_deed_that_breaks_the_contract_is_refused_here_and_not_at_central(tmp_path: Path) -> None:
    bad = LabelScanned(station="b", scan_id="s", label="x" * 300, challenge="c")
    with opened(tmp_path / "o") as outbox:
        with pytest.raises(WireError, match=r"deed\.label: Expected `str` of length <= 256"):
            await outbox.record(bad, "scan:s")
        assert await outbox.record(pick(1), "pick:p1") == 1


async def test_an_open_store_cannot_be_opened_by_a_second_node(tmp_path: Path) -> None:
    with opened(tmp_path / "o") as outbox:
        await outbox.record(pick(1), "pick:p1")
        with pytest.raises(OutboxUnsafe, match=r"in use by another process\. Stop the other node"):
            Store(tmp_path / "o", lock_wait_s_max=0.1)


async def test_a_closed_outbox_says_so(tmp_path: Path) -> None:
    with opened(tmp_path / "o") as outbox:
        outbox.close()
        with pytest.raises(OutboxBroken, match=r"closed\. The node is stopping"):
            await outbox.record(pick(1), "pick:p1")


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no tmpfs here")
def test_production_refuses_a_disk_that_forgets() -> None:
    with pytest.raises(OutboxUnsafe, match=r"/dev/shm is on tmpfs, which forgets at reboot\. Set state_dir"):
        Outbox(Path("/dev/shm/picklight-outbox"), production=True, clock=Clock())
    assert not Path("/dev/shm/picklight-outbox").exists()


MOUNTS = """\
22 1 8:1 / / rw - overlay overlay rw
23 22 8:2 / /data rw,noatime shared:1 - ext4 /dev/sda2 rw
24 23 0:5 / /data/my\\040scratch rw - tmpfs tmpfs rw
25 22 0:6 / /net rw - nfs4 server:/x rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/", "overlay"), ("/data", "ext4"), ("/data/x", "ext4"), ("/data/my scratch/x", "tmpfs"), ("/net", "nfs4")],
)
def test_the_nearest_mount_decides(folder: str, kind: str) -> None:
    assert filesystem_of(Path(folder), MOUNTS) == kind


def test_the_settings_are_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "o")
    found = [store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    store.close()
    assert found == ["wal", 2]


def written(path: Path, lines: int = 40) -> Store:
    """A store with some lines, still open."""
    store = Store(path)
    with store.batch():
        for n in range(lines):
            store.append(f"i{n}", b"record %d" % n * 20, Stamp(n, n, "boot"), (f"p{n}",), rows_max=10**6)
        store.keep_desired(Desired(version=3))
    return store


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_a_flipped_bit_is_found_or_harmless(tmp_path: Path, place: int) -> None:
    path = tmp_path / "o"
    written(path).close()
    raw = bytearray(path.read_bytes())
    raw[len(raw) * place // 100] ^= 0x10
    path.write_bytes(raw)
    with opened(path) as outbox:
        damaged = "outbox_damaged" in outbox.alarms
        assert damaged or outbox.standing.last_seq == 40
        assert damaged == any(name.startswith("o.damaged-") for name in os.listdir(tmp_path))  # noqa: PTH208


@pytest.mark.parametrize("bad", [b"", b"junk" * 5000, b"SQLite format 3\x00"])
def test_garbage_in_place_of_the_store_is_kept_aside_and_work_begins_anew(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "o"
    path.write_bytes(bad)
    with opened(path) as outbox:
        assert outbox.standing.last_seq == 0
        assert ("outbox_damaged" in outbox.alarms) == bool(bad)
    aside = [one for one in tmp_path.iterdir() if "damaged" in one.name and one.suffix != ".db-wal"]
    assert [one.read_bytes() for one in aside] == ([bad] if bad else [])


def test_a_line_taken_out_by_hand_is_found(tmp_path: Path) -> None:
    path = tmp_path / "o"
    written(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM event WHERE seq = 20")
    with pytest.raises(StoreCorrupt, match="lines 20 to 20 are missing"):
        Store(path)


def test_a_line_changed_by_hand_is_found(tmp_path: Path) -> None:
    path = tmp_path / "o"
    written(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE event SET record = CAST('x' || substr(record, 2) AS BLOB) WHERE seq = 20")
    with pytest.raises(StoreCorrupt, match="line 20 is damaged"):
        Store(path)


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "o"
    written(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(OutboxUnsafe, match=r"written by a newer picklight\. Install that version"):
        Outbox(path, production=False, clock=ManualClock())


def test_acknowledged_lines_are_kept_for_a_while_and_then_go(tmp_path: Path) -> None:
    store = written(tmp_path / "o", KEPT_ROWS + PRUNE_ROWS + 10)
    with store.batch():
        store.acknowledge(KEPT_ROWS + PRUNE_ROWS, "")
        assert store.standing.first_seq == 1
        store.acknowledge(KEPT_ROWS + PRUNE_ROWS + 5, "")
        assert store.standing.first_seq == PRUNE_ROWS + 6
    store.close()
    again = Store(tmp_path / "o")
    assert (again.standing.first_seq, again.standing.waiting()) == (PRUNE_ROWS + 6, 5)
    again.close()


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = written(tmp_path / "o", 2)
    before = store.standing

    def overfill() -> None:
        with store.batch():
            for number in range(5):
                store.append(f"more{number}", b"x", Stamp(0, 0, "b"), rows_max=3)

    with pytest.raises(OutboxFull, match="3 events wait"):
        overfill()
    assert store.standing == before
    assert len(store.rows(0, -1)) == 2
    store.close()


def test_only_acknowledgements_of_this_epoch_and_of_lines_that_exist_are_believed() -> None:
    at = Standing("store", epoch=2, last_seq=10, acked_through=4)
    cases = {(2, 5): "progress", (2, 10): "progress", (2, 4): "repeat", (2, 0): "repeat", (2, 11): "future"}
    cases |= {(1, 5): "other_epoch", (3, 11): "other_epoch"}
    assert {(e, t): judge_ack(at, Ack(epoch=e, through=t, head="")) for e, t in cases} == {
        case: AckMeans(means) for case, means in cases.items()
    }
    assert welcome_is_possible(at, Welcome(epoch=9, acked_through=10, head=""))
    assert not welcome_is_possible(at, Welcome(epoch=2, acked_through=11, head=""))


@pytest.mark.parametrize(
    ("boot", "mono_s", "utc_s", "age"),
    [("a", 12, 0, 2_000), ("a", 9, 0, 0), ("b", 0, 5_000, 4_000_000), ("b", 0, 1_001, 60_000), ("b", 0, 0, 60_000)],
)
def test_age_is_by_the_time_since_boot_and_never_fresh_after_a_reboot(
    boot: str, mono_s: int, utc_s: int, age: int
) -> None:
    row = Row(1, 1, "i", "", b"", utc_ns=1_000 * 10**9, mono_ns=10 * 10**9, boot_id="a")
    assert age_ms(row, boot, mono_s * 10**9, utc_s * 10**9) == age


def test_the_clock_counts_from_boot_and_names_it() -> None:
    clock = Clock()
    first = clock.mono_ns()
    assert clock.mono_ns() >= first > 0
    assert clock.boot_id == Clock().boot_id
    assert clock.trust() in ("synced", "holdover", "unsynced")
