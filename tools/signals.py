"""What a bench's lamp, sound, voice and screen do with each of its phrases: `python -m tools.signals` renews the page.

Drawn from the phrases, the station's table, the sounds and the page's shapes, so that none of them can differ from it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from central.rules.tickets import STAGE_OF
from central.web.bench_acts import sort_of
from edge.packstation.events import BoxNotWeighed, Told
from edge.packstation.rules import Go, State
from edge.packstation.sounds import sound_of
from edge.packstation.table import TABLE
from wire.phrases import GATE_FAULTS, PHRASES, Refusal
from wire.uplink import Lamp, StationLive

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "signals.md"
RENEW: Final = "python -m tools.signals"
HEAD: Final = f"""# What the bench shows and sounds

Drawn by `{RENEW}` from the code; why each is said and what to do stands in [exceptions.md](exceptions.md).

*Says* is what the screen shows and what the voice speaks, in both languages. *Lamp* is steady; *as before* leaves it as
it was. *Sound* is the buzzer's: one short tone is good, three long ones bad, two short ones ask for attention. *Shape*
stands beside the words on the screen, so that nothing is told by colour alone: a scan that was not read (`unread`) is
framed and dashed and never looks like a `wrong` item, and a `repeat` is only noted.

| key | says | 提示与语音 | lamp | sound | shape |
|---|---|---|---|---|---|
"""
# Said by lines of the table that name no phrase, because memory or the profile gives it.
_ELSEWHERE: Final[dict[str, tuple[State, Lamp]]] = {
    "no_answer": (State.UNANSWERED, "red"),
    "gate_refused": (State.UNANSWERED, "red"),
    "sign_in_first": (State.READY, "amber"),
    "scan_first_item": (State.READY, "off"),
    "scan_cubby": (State.READY, "off"),
}
AS_BEFORE: Final = "as before"


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_row(key) for key in PHRASES)


def _row(key: str) -> str:
    seen = list(dict.fromkeys(_seen(key)))
    lamps = dict.fromkeys(lamp or AS_BEFORE for _, lamp in seen)
    shapes = dict.fromkeys(_shape(key, state, lamp) for state, lamp in seen)
    said = PHRASES[key]
    cells = (
        f"`{key}`",
        said.en,
        said.zh,
        " / ".join(lamps),
        sound_of(key) or "none",
        " / ".join(f"`{s}`" for s in shapes),
    )
    return f"| {' | '.join(cells)} |\n"


def _seen(key: str) -> Iterator[tuple[State, Lamp | None]]:
    """In which states, with which lamp, the bench says `key`."""
    if key in {*Refusal}:
        yield (State.BLOCKED if Refusal(key) in STAGE_OF else State.READY), "red"
        return
    if key in _ELSEWHERE or key in GATE_FAULTS:
        yield _ELSEWHERE.get(key, (State.GATE_FAULT, "red"))
        return
    if key.startswith("scale_"):
        yield State.WEIGHING, TABLE[State.WEIGHING][BoxNotWeighed].lamp
        return
    by_rule = [
        (rule.to if isinstance(rule, Go) else state, rule.lamp)
        for state, row in TABLE.items()
        for rule in row.values()
        if rule.say == key
    ]
    yield from by_rule or [(State.PACKING, TABLE[State.PACKING][Told].lamp)]


def _shape(key: str, state: State, lamp: Lamp | None) -> str:
    live = StationLive(station="b", state=str(state), say=key, lamp=lamp or "off", gate="holding")
    return sort_of(live)


def main() -> int:
    """Renew the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"renewed: {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
