"""A central as most would write it: `python -m bench.sqlmodel_central PORT FOLDER`, a SQLModel session a message.

It looks up what is expected, stores the scan, commits durably, and answers: no chain, no order, no verdict.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import ClassVar

import msgspec
from sqlalchemy import Engine, event
from sqlmodel import Field, Session, SQLModel, create_engine, select

from bench.echo import ANSWER, ASK
from wire.mqtt import BrokerAddress, Incoming, MqttSession


class Scan(msgspec.Struct):
    """A scan as it comes."""

    scan_id: str
    station: str
    barcode: str


class Expected(SQLModel, table=True):
    """A barcode and what it is."""

    __tablename__: ClassVar[str] = "expected"
    barcode: str = Field(primary_key=True)
    sku: str


class ScanRow(SQLModel, table=True):
    """A scan that was taken."""

    __tablename__: ClassVar[str] = "scan"
    id: int | None = Field(default=None, primary_key=True)
    scan_id: str = Field(unique=True)
    station: str
    sku: str


def opened(folder: str) -> Engine:
    """The database, as durable as ours."""
    engine = create_engine(f"sqlite:///{folder}/usual.db")
    event.listen(
        engine, "connect", lambda raw, _: raw.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    )
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in ("expected", "scan")])
    with Session(engine) as session:
        session.add(Expected(barcode="2000000000015", sku="S0"))
        session.commit()
    return engine


async def serve(port: int, folder: str) -> None:
    """Until stopped."""
    engine, decoder = opened(folder), msgspec.json.Decoder(Scan)

    def heard(incoming: Incoming) -> None:
        incoming.ack()
        if not incoming.payload.startswith(b"{"):
            session.publish(ANSWER, incoming.payload)  # only asks whether we are there
            return
        scan = decoder.decode(incoming.payload)
        with Session(engine) as store:
            expected = store.exec(select(Expected).where(Expected.barcode == scan.barcode)).one()
            store.add(ScanRow(scan_id=scan.scan_id, station=scan.station, sku=expected.sku))
            store.commit()
        session.publish(ANSWER, incoming.payload)

    session = MqttSession(
        BrokerAddress("127.0.0.1", port),
        "bench-usual",
        subscribe=[(ASK, 1)],
        on_message=heard,
        on_connected=lambda: None,
        on_disconnected=lambda _: None,
        receive_max=1_000,
        inflight_max=1_000,
    )
    await session.run()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
