"""One transaction on a light bus, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edge.drivers.modbus_pdu import Request
from edge.drivers.ports import Face

Kind = Literal["show", "read_back", "poll", "set_up", "blink", "clear"]


@dataclass(frozen=True)
class Transaction:
    """One request for modules `first`..`last` of a unit. `covers_faces`: the reply carries faces too.

    `block`: which block of the face it writes or reads. `faces`: what it makes those modules show.
    """

    kind: Kind
    unit: int
    first: int
    last: int
    request: Request
    covers_faces: bool = False
    block: int = 0
    faces: tuple[Face, ...] = ()
