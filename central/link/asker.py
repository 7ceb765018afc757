"""Commands to the site's owner, and its replies: one question, one answer, whatever restarts in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from wire.codec import COMMAND_PAYLOAD_MAX, encode
from wire.commands import AnyCommand, Reply
from wire.errors import WireError

ANSWER_WAIT_S_MAX: Final = 30.0  # of a small command; a file's wait grows with it
AGAIN_S: Final = 5.0  # the key makes it count once, so asking again is harmless
CONTACT_WAIT_S_MAX: Final = 3.0
OPEN_MAX: Final = 200  # commands waiting at once: a page sends one at a time

Publish = Callable[[bytes], bool]


class OwnerSilent(Exception):
    """No reply came: who, what, and what to do now. The command may or may not have been carried out."""


class Asker:
    """Asks through `publish` (False: no broker). `client` is where replies come back to."""

    def __init__(self, client: str, publish: Publish, *, answer_wait_s_max: float = ANSWER_WAIT_S_MAX) -> None:
        self.client = client
        self._publish = publish
        self._answer_wait_s_max = answer_wait_s_max
        self._open: dict[str, asyncio.Future[Reply]] = {}

    async def ask(self, command: AnyCommand) -> Reply:
        """The owner's reply to `command`, whose `client` must be ours. Raises OwnerSilent."""
        try:
            payload = encode(command)
        except WireError as error:
            said, said_zh = f"This cannot be sent: {error}", f"无法发送：{error}"
            return Reply(key=command.key, ok=False, said=said, said_zh=said_zh)
        if len(payload) > COMMAND_PAYLOAD_MAX:
            said, said_zh = f"Too much at once: the limit is {COMMAND_PAYLOAD_MAX} bytes", "内容过多，请分批发送"
            return Reply(key=command.key, ok=False, said=said, said_zh=said_zh)
        if len(self._open) >= OPEN_MAX:
            raise OwnerSilent("central: too many commands are waiting. Try again in a minute")
        waiting = self._open.setdefault(command.key, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(self._answer_wait_s_max * _weight(payload)):
                return await self._asked(payload, waiting)
        except TimeoutError:
            why = (
                "no answer from the site's writer. Look whether picklight central runs, then look before you repeat it"
            )
            raise OwnerSilent(f"central: {why}") from None
        finally:
            self._open.pop(command.key, None)

    def answered(self, reply: Reply) -> None:
        """A reply arrived; one nobody waits for any more is dropped."""
        waiting = self._open.get(reply.key)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    async def _asked(self, payload: bytes, waiting: asyncio.Future[Reply]) -> Reply:
        await self._first(payload)
        while True:
            done, _ = await asyncio.wait([waiting], timeout=AGAIN_S * _weight(payload))
            if done:
                return waiting.result()
            self._publish(payload)

    async def _first(self, payload: bytes) -> None:
        for _ in range(int(CONTACT_WAIT_S_MAX / 0.1)):
            if self._publish(payload):
                return
            await asyncio.sleep(0.1)
        raise OwnerSilent("central: no contact with the broker. Nothing was changed; try again when it is back")


def _weight(payload: bytes) -> float:
    """How much longer than a small command this one may take: 1, and 1 more for each MiB."""
    return 1.0 + len(payload) / 2**20
