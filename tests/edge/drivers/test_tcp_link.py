"""A Modbus TCP connection: replies are told apart by number, halves are kept, a mute gateway is found out."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from edge.drivers.errors import DeviceGone, DeviceSilent, WireGarbled
from edge.drivers.modbus_pdu import READ, Request, Words
from edge.drivers.tcp_link import HEADER, TcpLink

ONE, TWO = Request(1, READ, 0, 1), Request(1, READ, 9, 1)


def reply(number: int, word: int, unit: int = 1) -> bytes:
    return HEADER.pack(number, 0, 5, unit) + bytes([READ, 2, word >> 8, word & 255])


@contextmanager
def gateway(converse: Callable[[socket.socket], None]) -> Iterator[TcpLink]:
    """A link to a gateway that takes one connection and behaves as `converse`."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                converse(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        link = TcpLink("127.0.0.1", server.getsockname()[1])
        link.open()
        try:
            yield link
        finally:
            link.close()
            thread.join()


def ask_until_gone(link: TcpLink) -> None:
    while True:
        with pytest.raises(DeviceSilent, match="no answer"):
            link.exchange(ONE, 0.1)


def test_a_late_reply_is_passed_over_by_its_number() -> None:
    def late(connection: socket.socket) -> None:
        connection.recv(100)
        connection.recv(100)
        connection.sendall(reply(1, 111) + reply(2, 222))

    with gateway(late) as link:
        with pytest.raises(DeviceSilent, match=r"unit 1 at light bus .*: no answer\. Check"):
            link.exchange(ONE, 0.05)
        assert link.exchange(TWO, 2.0) == Words(9, (222,))


def test_a_reply_of_which_only_half_came_in_time_keeps_the_stream_in_step() -> None:
    def halting(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(reply(1, 111)[:8])
        connection.recv(100)
        connection.sendall(reply(1, 111)[8:] + reply(2, 222))

    with gateway(halting) as link:
        with pytest.raises(DeviceSilent, match="no answer"):
            link.exchange(ONE, 0.05)
        assert link.exchange(TWO, 2.0) == Words(9, (222,))


def test_the_reply_of_another_unit_is_refused_although_the_number_is_right() -> None:
    def confused(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(reply(1, 111, unit=2))
        connection.recv(100)

    with gateway(confused) as link, pytest.raises(WireGarbled, match="unit 2 answered for unit 1"):
        link.exchange(ONE, 2.0)


def test_a_gateway_that_takes_requests_and_says_nothing_is_found_out_within_two_seconds() -> None:
    def mute(connection: socket.socket) -> None:
        while connection.recv(100):
            pass

    with gateway(mute) as link:
        began_s = time.monotonic()
        with pytest.raises(DeviceGone, match="it no longer answers"):
            ask_until_gone(link)
        assert time.monotonic() - began_s < 2.0


@pytest.mark.parametrize("nonsense", [b"", b"HTTP/1.1 400 Bad Request\r\n", HEADER.pack(1, 0, 900, 1)])
def test_a_gateway_that_hangs_up_or_speaks_something_else_is_gone(nonsense: bytes) -> None:
    def other(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(nonsense)

    with gateway(other) as link, pytest.raises(DeviceGone, match=r"connection lost .*\. Check the gateway"):
        link.exchange(ONE, 2.0)


def test_nobody_listening_is_gone_and_closing_twice_is_harmless() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    link = TcpLink("127.0.0.1", port)
    with pytest.raises(DeviceGone, match="connection lost"):
        link.open()
    link.close()
    link.close()
