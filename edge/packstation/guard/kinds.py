"""What the guard may move, kind by kind, and what the contacts of all of them say together. Pure.

Theory of operation. A station has one or more interlocks. One grant releases all of them; everything that holds, holds
all of them. Kinds differ in two ways only: whether a contact must prove that it holds, and whether the output stays on
for the lease or is one pulse, given once the release is proven (a carton sealer must not start behind a gate that
stayed shut). The machine knows one gate; `whole` makes one statement out of all contacts: while holding, it holds only
if every contact proves it; while releasing, it is released only if every leased interlock is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["gate", "printer", "sealer", "tote_lock"]
Reading = Literal["holding", "released", "moving", "contradicting"]
Statement = Literal["holding", "released", "contradicting"]


@dataclass(frozen=True)
class KindRule:
    """`sense_needed`: it cannot be had without a contact. `pulsed`: a short pulse, not on for the lease."""

    sense_needed: bool
    pulsed: bool = False


KINDS: Final[Mapping[Kind, KindRule]] = {
    "gate": KindRule(sense_needed=True),  # a blade, barrier or stop: the parcel cannot pass
    "tote_lock": KindRule(sense_needed=True),  # the tote cannot be taken off the bench
    "printer": KindRule(sense_needed=False),  # enables the label printer
    "sealer": KindRule(sense_needed=False, pulsed=True),  # starts the carton sealer
}


@dataclass(frozen=True)
class Contact:
    """One interlock as its contacts show it. `reading` None: it has none. `driven`: its output is on."""

    name: str
    reading: Reading | None
    driven: bool = False
    pulsed: bool = False


@dataclass(frozen=True)
class Whole:
    """What all contacts say together; `where`: the first interlock that is not as it should be."""

    says: Statement
    where: str = ""


def read(holds: bool | None, released: bool | None) -> Reading | None:
    """What two contacts say of one interlock: `holds` proves holding, `released` proves released; None: not wired."""
    if holds is None:
        return None
    if released is None:
        return "holding" if holds else "released"
    if holds and released:
        return "contradicting"
    if not holds and not released:
        return "moving"
    return "holding" if holds else "released"


def whole(contacts: Iterable[Contact], *, releasing: bool) -> Whole:
    """One statement out of all contacts. `releasing`: the outputs are on, so all leased ones must have followed."""
    sensed = [contact for contact in contacts if contact.reading is not None]
    for contact in sensed:
        if contact.reading == "contradicting":
            return Whole("contradicting", contact.name)
    if releasing:
        late = [one.name for one in sensed if one.driven and not one.pulsed and one.reading != "released"]
        return Whole("holding", late[0]) if late else Whole("released")
    loose = [one.name for one in sensed if one.reading != "holding"]
    return Whole("released", loose[0]) if loose else Whole("holding")
