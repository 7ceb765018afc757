"""The hands a page may lend: people on or off, press, scan, and what lies on the benches. Loopback, with a key."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import socket
from collections.abc import Iterator
from typing import Annotated, Protocol

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from wire.ids import SCAN_MAX, TEXT_MAX


class Hands(Protocol):
    """What the simulated floor lets visitors do."""

    @property
    def people_on(self) -> bool:
        """Are the simulated people at work?"""

    def set_people(self, on: bool) -> None:
        """Send them to work, or for a break."""

    async def press(self, location_id: str, *, hold: bool) -> bool:
        """Press the module; False if there is none."""

    async def scan(self, station: str, text: str) -> bool:
        """Scan `text` at the station; False if there is none."""

    def bench(self) -> dict[str, object]:
        """Boxes that wait, badges and command barcodes."""


class People(BaseModel):
    """Body of POST /people."""

    model_config = ConfigDict(extra="forbid")
    on: bool


class Press(BaseModel):
    """Body of POST /press."""

    model_config = ConfigDict(extra="forbid")
    location_id: str = Field(min_length=1, max_length=TEXT_MAX)
    hold: bool = False


class ScanText(BaseModel):
    """Body of POST /scan."""

    model_config = ConfigDict(extra="forbid")
    station: str = Field(min_length=1, max_length=TEXT_MAX)
    text: str = Field(min_length=1, max_length=SCAN_MAX)


class Server(uvicorn.Server):
    """uvicorn inside a program that has its own signal handlers. `up` is set once it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them as they are."""
        yield


def make_control(hands: Hands, key: str) -> FastAPI:
    """The control API; every request needs `Authorization: Bearer <key>`."""

    def known(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {key}".encode()):
            raise HTTPException(401, "This floor's key is needed")

    app = FastAPI(
        title="simulated floor", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(known)]
    )

    @app.get("/people")
    async def people() -> dict[str, bool]:
        return {"on": hands.people_on}

    @app.post("/people")
    async def set_people(wish: People) -> dict[str, bool]:
        hands.set_people(wish.on)
        return {"on": hands.people_on}

    @app.post("/press")
    async def press(wish: Press) -> dict[str, bool]:
        if not await hands.press(wish.location_id, hold=wish.hold):
            raise HTTPException(404, f"No light module at {wish.location_id}")
        return {"ok": True}

    @app.post("/scan")
    async def scan(wish: ScanText) -> dict[str, bool]:
        if not await hands.scan(wish.station, wish.text):
            raise HTTPException(404, f"No station {wish.station}")
        return {"ok": True}

    @app.get("/bench")
    async def bench() -> dict[str, object]:
        return hands.bench()

    return app
