"""One HTTP POST over asyncio and nothing more: http.client would cost the node 3 MB for a page of code."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

ANSWER_BYTES_MAX: Final = 262_144
HEADERS_MAX: Final = 100
PART_BYTES: Final = 65_536


class HttpRefused(OSError):
    """An answer, and it was not 200. `str()` reads: status and reason."""


async def post(host: str, port: int, path: str, *, kind: str, body: bytes, wait_s: float) -> bytes:
    """The answer's body. Raises OSError (HttpRefused for a status that is not 200) and TimeoutError."""
    async with asyncio.timeout(wait_s):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: {kind}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode("ascii"))
            for place in range(0, len(body), PART_BYTES):
                writer.write(body[place : place + PART_BYTES])
                await writer.drain()
            return await _answer(reader)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise OSError("an answer that is no HTTP, or too large") from error
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Skips 100 Continue."""
    while True:
        status = (await reader.readuntil(b"\n")).decode("latin-1").split(" ", 2)
        headers = await _headers(reader)
        if status[1] != "100":
            break
    if status[1] != "200":
        raise HttpRefused(" ".join(status[1:]).strip())
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    length = int(headers.get("content-length", ANSWER_BYTES_MAX))
    if length > ANSWER_BYTES_MAX:
        raise ValueError("too large")
    return await (reader.readexactly(length) if "content-length" in headers else reader.read(length))


async def _headers(reader: asyncio.StreamReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(HEADERS_MAX):
        line = (await reader.readuntil(b"\n")).decode("latin-1").strip()
        if not line:
            return headers
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    raise ValueError("too many headers")


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\n")).split(b";")[0], 16):
        if len(body) + size > ANSWER_BYTES_MAX:
            raise ValueError("too large")
        body += await reader.readexactly(size)
        await reader.readuntil(b"\n")
    return body
