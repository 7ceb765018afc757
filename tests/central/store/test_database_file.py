"""The site's database: its schema has one truth, its commits are durable, its rules are the last word."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from central.store import stock
from central.store.database import Database, Prepared, open_engine
from central.store.errors import SiteTaken, StoreBroken
from central.store.migrate import migrate
from wire.commands import NewLocation


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'site.db'}"


def test_the_migrated_schema_is_that_of_the_tables(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        migrate(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
        migrated = _checks(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    engine.dispose()
    fresh = open_engine("sqlite://")
    with fresh.connect() as connection:
        SQLModel.metadata.create_all(connection)
        declared = _checks(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    fresh.dispose()

    assert differences == []
    assert {name: checks for name, checks in migrated.items() if name != "alembic_version"} == declared


def _checks(rows: object) -> dict[str, list[str]]:
    return {
        name: sorted(line.strip(" ,\t") for line in sql.splitlines() if "CHECK" in line)
        for name, sql in rows  # type: ignore[attr-defined]
    }


def test_migrating_again_and_quietly_changes_nothing(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    engine = open_engine(url)
    for _ in range(2):
        with engine.connect() as connection:
            migrate(connection)
    engine.dispose()

    assert capfd.readouterr() == ("", "")


def test_commits_are_durable(tmp_path: Path) -> None:
    database = Database(tmp_path / "site.db")
    found = [database.row(Prepared(f"PRAGMA {name}")) for name in ("synchronous", "journal_mode", "foreign_keys")]
    database.close()

    assert found == [(2,), ("wal",), (1,)]


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    first = Database(tmp_path / "site.db")
    with pytest.raises(SiteTaken, match="another central writes it"):
        Database(tmp_path / "site.db")
    first.close()
    Database(tmp_path / "site.db").close()


def test_stock_below_zero_or_promised_twice_is_refused_by_the_database(tmp_path: Path) -> None:
    database = Database(tmp_path / "site.db")
    place = NewLocation(location_id="A-1", zone="A", bay="1", level=1, sku="mug", on_hand_pieces=3)
    with database.transaction():
        stock.put_place(database, place, 3, known=False)
        stock.reserve(database, "A-1", 2)
    for wrong in (stock.reserve, stock.take):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"), database.transaction():
            wrong(database, "A-1", 4)
    left = stock.stock_at(database, "A-1")
    database.close()

    assert left is not None
    assert (left.on_hand, left.reserved) == (3, 2)


def test_a_full_disk_commits_nothing_and_says_so(tmp_path: Path) -> None:
    database = Database(tmp_path / "site.db")
    pages = (database.row(Prepared("PRAGMA page_count")) or (0,))[0]
    database.row(Prepared(f"PRAGMA max_page_count={pages + 5}"))
    big = NewLocation(location_id="A-1", zone="A", bay="1", level=1, sku="mug", on_hand_pieces=3)
    fill = Prepared("INSERT INTO dead_letter (node, epoch, seq, payload, reason, received_utc_ns)"
                    " VALUES ('n', 1, 1, zeroblob(100000), '', 0)")  # fmt: skip
    with pytest.raises(StoreBroken, match=r"full.*Check the disk"):
        _write_both(database, big, fill)
    left = stock.stock_at(database, "A-1")
    database.close()

    assert left is None


def _write_both(database: Database, place: NewLocation, fill: Prepared) -> None:
    with database.transaction():
        stock.put_place(database, place, 3, known=False)
        database.run(fill)
