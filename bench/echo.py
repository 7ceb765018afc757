"""The other end of the bare round trip: `python -m bench.echo PORT` sends back what it hears."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from wire.mqtt import BrokerAddress, Incoming, MqttSession

ASK, ANSWER = "bench/ask", "bench/answer"


async def echo(port: int) -> None:
    """Until stopped."""

    def heard(incoming: Incoming) -> None:
        session.publish(ANSWER, incoming.payload)
        incoming.ack()

    session = MqttSession(
        BrokerAddress("127.0.0.1", port),
        "bench-echo",
        subscribe=[(ASK, 1)],
        on_message=heard,
        on_connected=lambda: None,
        on_disconnected=lambda _: None,
    )
    await session.run()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(echo(int(sys.argv[1])))
