"""What a parcel whose contents agree still needs before it may leave. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

OpenedBy = Literal["label", "tote", "cubby", "item"]


class Step(StrEnum):
    """What the bench does next."""

    PACK = "pack"
    LABEL = "label"
    RELEASE = "release"


@dataclass(frozen=True)
class Done:
    """What is done of a parcel: how it was begun, all pieces are in the box, its label was shown on it."""

    opened_by: OpenedBy
    complete: bool
    proved: bool = False


def next_step(done: Done) -> Step:
    """A box that was not begun with its own label must show it before it leaves: the right paper on the right box."""
    if not done.complete:
        return Step.PACK
    return Step.RELEASE if done.opened_by == "label" or done.proved else Step.LABEL
