"""Buttons that press by themselves or are held down: they confirm nothing until they are free. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

USELESS_MAX: Final = 20  # presses that mean nothing within one look of ten seconds; no hand does that
STUCK: Final = "button_stuck"
CHATTERS: Final = "Presses by itself. Free or replace its button"
DOWN: Final = "Is held down. Free or replace its button"


@dataclass(frozen=True)
class Buttons:
    """What is known of a zone's buttons, by location."""

    useless: Mapping[str, int] = field(default_factory=dict)  # presses that meant nothing, since the last look
    pressing: frozenset[str] = frozenset()  # press by themselves
    down: frozenset[str] = frozenset()  # known to be held down

    def is_broken(self, location: str) -> bool:
        """True while a press there means nothing."""
        return location in self.pressing or location in self.down

    def meant_nothing(self, location: str, times: int) -> Buttons:
        """Pressed where nothing was asked."""
        return replace(self, useless={**self.useless, location: self.useless.get(location, 0) + times})

    def meant_something(self, location: str) -> Buttons:
        """Pressed as asked: a hand did that."""
        return replace(self, useless={at: times for at, times in self.useless.items() if at != location})

    def newly_pressing(self) -> tuple[Buttons, tuple[str, ...]]:
        """Those that press by themselves, and which were not known before."""
        new = tuple(at for at, times in self.useless.items() if times >= USELESS_MAX and at not in self.pressing)
        return (replace(self, pressing=self.pressing.union(new)) if new else self), new

    def calmed(self) -> tuple[Buttons, tuple[str, ...]]:
        """At a look, every ten seconds: those that kept quiet since the last work again; which are wholly free now."""
        quiet = frozenset(at for at in self.pressing if not self.useless.get(at))
        return replace(self, pressing=self.pressing - quiet, useless={}), tuple(sorted(quiet - self.down))

    def held(self, location: str) -> Buttons:
        """The bus knows that it is down."""
        return replace(self, down=self.down | {location})

    def let_go(self, location: str) -> tuple[Buttons, tuple[str, ...]]:
        """It is up again; wholly free unless it also presses by itself."""
        free = () if location in self.pressing else (location,)
        return replace(self, down=self.down - {location}), free
