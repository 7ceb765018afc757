"""Files over HTTP: one list of every mistake, of the file itself and of what the record says against it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from central.link.asker import OwnerSilent
from wire.commands import AnyCommand, Reply, Trouble

TROUBLES_MAX: Final = 2_000  # listed in one reply: as many as a file's check and the record's check may list


class Owner(Protocol):
    """The site's owner as the API asks it; raises OwnerSilent."""

    client: str

    async def ask(self, command: AnyCommand) -> Reply:
        """The reply to `command`."""
        ...


class Importer:
    """One kind of file: how it is read, and the command that carries its rows."""

    def __init__(self, read: Callable[..., Any], command: Any, field: str) -> None:
        self._read, self._command, self._field = read, command, field

    async def bring(self, owner: Owner, request: Request, head: dict[str, str]) -> Reply:
        """Import the request's file, or say everything that is wrong with it. Raises OwnerSilent."""
        kind = "csv" if request.headers.get("content-type", "").startswith("text/csv") else "json"
        rows, troubles = await run_in_threadpool(self._read, await request.body(), kind)
        parts = {self._field: tuple(rows)}
        if request.query_params.get("skip_bad") == "1":
            reply = await owner.ask(self._command(**head, **parts, skip_bad=True))
            found = in_line_order((*troubles, *reply.troubles))
            return _with_left_out(reply, found) if reply.ok and found else _with(reply, found)
        if troubles:
            return refused(await self._all(owner, head, parts, troubles))
        reply = await owner.ask(self._command(**head, **parts))
        return refused(in_line_order(reply.troubles)) if reply.troubles and not reply.ok else reply

    async def _all(
        self, owner: Owner, head: dict[str, str], parts: dict[str, tuple[Any, ...]], troubles: Sequence[Trouble]
    ) -> tuple[Trouble, ...]:
        """The file's troubles, and those of its good rows with the record. The key stays free for a corrected file."""
        if not parts[self._field]:
            return tuple(troubles)
        check = self._command(**{**head, "key": f"check-{secrets.token_hex(12)}"}, **parts, check_only=True)
        try:
            reply = await owner.ask(check)
        except OwnerSilent:
            return tuple(troubles)
        return in_line_order((*troubles, *reply.troubles))


def in_line_order(troubles: Sequence[Trouble]) -> tuple[Trouble, ...]:
    """As they stand in the file; what belongs to no line comes last."""
    ordered = sorted(troubles, key=lambda trouble: (not trouble.line, trouble.line))
    return tuple(ordered[:TROUBLES_MAX])


def refused(troubles: Sequence[Trouble]) -> Reply:
    """Nothing of the file was imported."""
    counted, counted_zh = _counted(troubles)
    return Reply(
        key="file",
        ok=False,
        said=f"Nothing was imported: {counted}. Correct the file, or leave those rows out (skip_bad)",
        said_zh=f"未导入任何内容：{counted_zh}。请更正，或跳过有问题的行（skip_bad）",
        troubles=tuple(troubles),
    )


def _with_left_out(reply: Reply, troubles: Sequence[Trouble]) -> Reply:
    counted, counted_zh = _counted(troubles)
    said, said_zh = f"{reply.said}; left out: {counted}", f"{reply.said_zh}；已跳过：{counted_zh}"
    return msgspec.structs.replace(_with(reply, troubles), said=said, said_zh=said_zh)


def _with(reply: Reply, troubles: Sequence[Trouble]) -> Reply:
    return msgspec.structs.replace(reply, troubles=tuple(troubles))


def _counted(troubles: Sequence[Trouble]) -> tuple[str, str]:
    count, lines = len(troubles), len({trouble.line for trouble in troubles if trouble.line})
    many = f"{count} trouble" if count == 1 else f"{count} troubles"
    where = f" on {lines} lines" if lines > 1 else " on one line" if lines == 1 and count > 1 else ""
    return many + where, f"{lines} 行有 {count} 处问题" if lines else f"{count} 处问题"
