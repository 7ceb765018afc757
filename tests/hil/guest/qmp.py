"""The machine's monitor, from inside: plug and unplug devices, type on keyboards, pull the network cable."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from typing import Any, Final, Self

from tests.hil.guest.ports import virtio_port, wait_for

PLUG_S_MAX: Final = 30.0  # QEMU holds on to an unplugged device until the guest has let go of it


class QmpRefused(Exception):
    """The monitor did not do it; its own words."""


class Qmp:
    """One user of the monitor at a time; a context manager."""

    def __init__(self) -> None:
        self._handle = os.open(wait_for(lambda: virtio_port("hil.qmp"), "hil.qmp"), os.O_RDWR)
        self._buffer = b""
        self._number = 0
        with contextlib.suppress(QmpRefused):  # an earlier user of the port has done it
            self.command("qmp_capabilities")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def command(self, name: str, /, **arguments: object) -> Any:
        """What the monitor returns. Raises QmpRefused."""
        self._number += 1
        tag = f"{os.getpid()}-{self._number}"
        data = json.dumps({"execute": name, "arguments": arguments, "id": tag}).encode() + b"\n"
        while data:
            data = data[os.write(self._handle, data) :]
        while True:
            reply = self._line()
            if reply.get("id") != tag:
                continue  # a greeting, an event, or what an earlier user asked
            if "error" in reply:
                raise QmpRefused(f"{name}: {reply['error']['desc']}")
            return reply["return"]

    def plug(self, driver: str, name: str, **properties: object) -> None:
        """Plug a device in, as soon as QEMU has let go of the last one with that name. Raises QmpRefused."""
        due_s = time.monotonic() + PLUG_S_MAX
        while True:
            try:
                self.command("device_add", driver=driver, id=name, **properties)
            except QmpRefused as refused:
                if not re.search("in use|Duplicate", str(refused)) or time.monotonic() > due_s:
                    raise
                time.sleep(0.05)
            else:
                return

    def unplug(self, name: str) -> None:
        """Pull a device. Raises QmpRefused when there is none."""
        self.command("device_del", id=name)

    def plug_adapter(self, number: int) -> None:
        """Put the FTDI adapter `number` (0 or 1) back into its USB port. Raises QmpRefused."""
        where = {"chardev": f"ttyUSB{number}", "bus": "hilusb.0", "port": str(number + 1), "serial": f"FT{number:04d}"}
        self.plug("usb-serial", f"usbserial{number}", **where)

    def unplug_adapter(self, number: int) -> None:
        """Pull the FTDI adapter `number`. Raises QmpRefused."""
        self.unplug(f"usbserial{number}")

    def _line(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            self._buffer += os.read(self._handle, 65536)
        line, self._buffer = self._buffer.split(b"\n", 1)
        reply: dict[str, Any] = json.loads(line)
        return reply
