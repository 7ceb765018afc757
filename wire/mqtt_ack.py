"""Acknowledging a message: exactly one PUBACK, however often the receiver says so."""

from __future__ import annotations

from collections.abc import Callable


def once(act: Callable[[], None]) -> Callable[[], None]:
    """`act`, but only the first time: a second PUBACK would acknowledge the next message that gets this number."""
    left = [act]

    def first() -> None:
        if left:
            left.pop()()

    return first


def nothing() -> None:
    """QoS 0 needs no acknowledgement."""
