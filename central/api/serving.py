"""A web server that lets open pages go when it stops: their streams end, instead of holding it up."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from central.api.board import Board


class PageServer(uvicorn.Server):
    """uvicorn over one of our applications; ends the live streams before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._board: Board = app.state.board

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._board.close()
        await super().shutdown(sockets)
