"""Everything a device can do wrong, each with the next step for the person who reads it."""

from __future__ import annotations


class DriverError(Exception):
    """A device did not do what was asked. `str()` reads: who, what happened, what to do."""

    def __init__(self, device: str, happened: str, to_do: str) -> None:
        self.device, self.happened, self.to_do = device, happened, to_do
        super().__init__(f"{device}: {happened}. {to_do}.")


class DeviceSilent(DriverError):
    """No answer within the time allowed."""


class DeviceRefused(DriverError):
    """An answer, and it was no."""


class WireGarbled(DriverError):
    """Bytes came, but not the reply to what was asked: wrong unit, wrong function, bad CRC, glued or late frames."""


class ReplyDamaged(WireGarbled):
    """The reply to what was asked came, whole in length but with a wrong checksum: nothing more is owed."""


class DeviceGone(DriverError):
    """The port or connection itself is not there (unplugged, refused, closed)."""
