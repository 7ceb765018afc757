"""What a parcel whose contents agree still needs before it may leave. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

OpenedBy = Literal["label", "tote", "cubby", "item"]


class Step(StrEnum):
    """What the bench does next."""

    PACK = "pack"
    WEIGH = "weigh"
    LABEL = "label"
    RELEASE = "release"


@dataclass(frozen=True)
class Done:
    """What is done of a parcel: how it was begun, the box has all it is to have, its label was shown on it.

    `weighs`: it must be weighed; `weighed`: it was.
    """

    opened_by: OpenedBy
    complete: bool
    proved: bool = False
    weighs: bool = False
    weighed: bool = False


def next_step(done: Done) -> Step:
    """A box that was not begun with its own label must show it before it leaves: the right paper on the right box.

    The scale comes first: a label is for contents that agree in every way.
    """
    if not done.complete:
        return Step.PACK
    if done.weighs and not done.weighed:
        return Step.WEIGH
    return Step.RELEASE if done.opened_by == "label" or done.proved else Step.LABEL
