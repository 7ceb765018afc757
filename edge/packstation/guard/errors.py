"""What keeps the guard from owning its lines."""

from __future__ import annotations


class LineTaken(Exception):
    """A GPIO line that somebody else has, or that does not exist."""


class GpioGone(Exception):
    """The GPIO chip, or the library for it, is not there."""
