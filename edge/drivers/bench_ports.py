"""What a bench may ask of its scale, printer, voice and buzzer; each tells by a callback whether it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class DeviceState:
    """Whether a device is there. `refused`: it is, and cannot be used; `why` is for the technician."""

    state: Literal["present", "absent", "refused"]
    why: str = ""


OnDevice = Callable[[DeviceState], None]
WhyNotWeighed = Literal["absent", "no_answer", "moving", "over", "under", "not_zeroed", "fault", "garbled"]


@dataclass(frozen=True)
class Weighed:
    """A stable weight, in grams to a tenth, read after it was asked for."""

    grams: float


@dataclass(frozen=True)
class NotWeighed:
    """There is no weight. `under`: less than nothing lies on it; `not_zeroed`: its zero is lost."""

    why: WhyNotWeighed
    detail: str = ""


class Scale(Protocol):
    """A bench scale and the one owner of its port. Two callers at a time get the same weighing."""

    def start(self) -> None:
        """Open and keep reopening."""

    async def stable_grams(self) -> Weighed | NotWeighed:
        """What lies on it, once it is at rest; a refusal when it is not in time. Never an older weight."""

    async def zero(self) -> NotWeighed | None:
        """Call what lies on it nothing. None: done."""

    async def aclose(self) -> None:
        """Let go of it. Twice is harmless."""


PrintLanguage = Literal["zpl", "pdf"]
WhyNotPrinted = Literal[
    "absent", "paper_out", "head_open", "ribbon_out", "paused", "busy", "too_large", "wrong_language", "refused",
    "lost", "no_word",
]  # fmt: skip


@dataclass(frozen=True)
class PrintOutcome:
    """What became of a label. `accepted`: the device has all of it (`confirmed`: and says it is printed).

    `failed`: nothing of it will come out, printing it again is safe. `unknown`: it may or may not come out; `why`.
    """

    result: Literal["accepted", "failed", "unknown"]
    why: WhyNotPrinted | None = None
    detail: str = ""
    confirmed: bool = False


class LabelPrinter(Protocol):
    """A label printer. One label at a time, in the order asked."""

    def start(self) -> None:
        """Look now and then whether it is there."""

    async def print_label(self, label: bytes, language: PrintLanguage, name: str) -> PrintOutcome:
        """Print the stored bytes of one label as they are; `name` is shown in the printer's queue. Bounded in time."""

    async def aclose(self) -> None:
        """Let go of it. Twice is harmless."""


@dataclass(frozen=True)
class Photo:
    """A JPEG of at most PHOTO_BYTES_MAX bytes."""

    jpeg: bytes


@dataclass(frozen=True)
class NoPhoto:
    """There is none; `why` is for the technician."""

    why: str


class Camera(Protocol):
    """A camera that looks at the bench."""

    def start(self) -> None:
        """Look whether it can be used at all."""

    async def photo(self) -> Photo | NoPhoto:
        """What the bench looks like now. Bounded in time and size."""

    async def aclose(self) -> None:
        """Let go of it. Twice is harmless."""


Sound = Literal["good", "bad", "attention"]


class Voice(Protocol):
    """Says phrases. Never blocks; the newest wins, and what was not said by then is dropped."""

    def start(self) -> None:
        """Look whether it can speak at all."""

    def say(self, key: str) -> None:
        """Say the phrase `key` of wire.phrases."""

    async def aclose(self) -> None:
        """Fall silent. Twice is harmless."""


class Buzzer(Protocol):
    """Makes a noise. Never blocks; the newest wins."""

    def start(self) -> None:
        """Take the output."""

    def sound(self, sound: Sound) -> None:
        """Make this noise once."""

    async def aclose(self) -> None:
        """Fall silent and let go. Twice is harmless."""
