"""Says once per change whether a device is there: to the log, and to whoever shows it."""

from __future__ import annotations

import errno
from typing import Final

from edge.drivers.bench_ports import DeviceState, OnDevice
from edge.log import get_log

WHY_MAX: Final = 64  # as long as a text of the wire
log = get_log("edge.devices")
PRESENT: Final = DeviceState("present")


class DeviceWatch:
    """The state of the device `name`, told on every change."""

    def __init__(self, name: str, on_device: OnDevice) -> None:
        self._name, self._on_device = name, on_device
        self.state: DeviceState | None = None

    def tell(self, state: DeviceState) -> None:
        """It is so now."""
        if state == self.state:
            return
        self.state = DeviceState(state.state, state.why[:WHY_MAX])
        if state.state == "present":
            log.info("device_there", device=self._name)
        else:
            log.warning("device_missing", device=self._name, state=state.state, why=state.why)
        self._on_device(self.state)


def unusable(error: OSError, cure: str) -> DeviceState:
    """What an error on opening means. `cure`: what lets us use a device that is there."""
    if isinstance(error, PermissionError):
        return DeviceState("refused", f"no permission. {cure}")
    if error.errno in (errno.EBUSY, errno.EAGAIN):
        return DeviceState("refused", "in use by another program")
    return DeviceState("absent", error.strerror or str(error))
