"""A connection to light modules over Modbus TCP; late replies are told apart by their transaction number."""

from __future__ import annotations

import socket
import struct
import time
from typing import Final

from edge.drivers.errors import DeviceGone, DeviceSilent, WireGarbled
from edge.drivers.modbus_pdu import NotTheReply, Refusal, Request, Words, check_pdu, pdu_of

CONNECT_S_MAX: Final = 2.0
HEADER: Final = struct.Struct(">HHHB")  # transaction, protocol (0), length of unit and PDU, unit
PDU_BYTES_MAX: Final = 254
MUTE_REQUESTS_MAX: Final = 4  # so many unanswered in a row, for
MUTE_S_MAX: Final = 1.5  # so long: the connection is dead, not one module


class TcpLink:
    """A connection to `host`:`port`, made anew when it went mute."""

    tells_replies_apart = True

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._socket: socket.socket | None = None
        self._transaction = 0
        self._silent, self._heard_s = 0, 0.0
        self.reply_delay_s = 0.0
        self._received = b""  # of a reply that is not whole yet; kept when the wait for it ends

    def open(self) -> None:
        """Connect. Raises DeviceGone."""
        self.close()
        try:
            self._socket = socket.create_connection((self._host, self._port), CONNECT_S_MAX)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise self._gone(error) from error
        self._silent, self._heard_s, self._received = 0, time.monotonic(), b""

    def close(self) -> None:
        """Let go of the connection. Twice is harmless."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def wait_for_gap(self) -> None:
        """TCP needs none."""

    def exchange(self, request: Request, reply_wait_s: float) -> Words | Refusal:
        """One request and its reply. Raises DeviceSilent, WireGarbled or DeviceGone."""
        if self._socket is None:
            raise self._gone(OSError("not connected"))
        self._transaction = (self._transaction + 1) % 65536
        pdu = pdu_of(request)
        try:
            self._socket.settimeout(reply_wait_s)
            self._socket.sendall(HEADER.pack(self._transaction, 0, len(pdu) + 1, request.unit) + pdu)
            sent_s = time.monotonic()
            unit, reply = self._read_reply(self._socket, sent_s + reply_wait_s)
        except TimeoutError as error:
            raise self._unanswered(request) from error
        except OSError as error:
            raise self._gone(error) from error
        self._silent, self._heard_s = 0, time.monotonic()
        self.reply_delay_s = self._heard_s - sent_s
        try:
            return check_pdu(request, unit, reply)
        except NotTheReply as error:
            raise WireGarbled(self._name, str(error), "Check the gateway's unit addresses") from error

    def _read_reply(self, connection: socket.socket, until_s: float) -> tuple[int, bytes]:
        """Unit and PDU of the reply that carries our number; older ones are passed over."""
        while True:
            self._receive(connection, HEADER.size, until_s)
            number, protocol, length, unit = HEADER.unpack(self._received[: HEADER.size])
            if protocol != 0 or not 2 <= length <= PDU_BYTES_MAX:
                raise OSError("not Modbus TCP, or out of step")
            size = HEADER.size + length - 1
            self._receive(connection, size, until_s)
            pdu, self._received = self._received[HEADER.size : size], self._received[size:]
            if number == self._transaction:
                return unit, pdu

    def _receive(self, connection: socket.socket, count: int, until_s: float) -> None:
        """Have at least `count` bytes. Raises TimeoutError; what came so far is kept."""
        while len(self._received) < count:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            connection.settimeout(left_s)
            part = connection.recv(count - len(self._received))
            if not part:
                raise OSError("closed by the other side")
            self._received += part

    def _unanswered(self, request: Request) -> DeviceSilent | DeviceGone:
        self._silent += 1
        if self._silent >= MUTE_REQUESTS_MAX and time.monotonic() - self._heard_s > MUTE_S_MAX:
            return self._gone(OSError("it no longer answers"))
        return DeviceSilent(f"unit {request.unit} at {self._name}", "no answer", "Check its cable and its power")

    def _gone(self, error: OSError) -> DeviceGone:
        return DeviceGone(self._name, f"connection lost ({error})", "Check the gateway's cable, power and address")

    @property
    def _name(self) -> str:
        return f"light bus {self._host}:{self._port}"
