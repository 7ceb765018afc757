"""The keys a scanner of some country setting presses to type a text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from edge.drivers.scanner_layouts import (
    CAPS_LOCK,
    ENTER,
    KEYPAD,
    KP_ENTER,
    LEFT_ALT,
    RIGHT_ALT,
    RIGHT_BRACE,
    SPACE,
    TAB,
    Layout,
    Level,
)

LEFT_SHIFT: Final = 42
LEFT_CTRL: Final = 29
GS: Final = "\x1d"
_KEYPAD_KEY: Final = {char: code for code, char in KEYPAD.items()}
_BEFORE: Final = {Level.PLAIN: (), Level.SHIFT: (LEFT_SHIFT,), Level.ALTGR: (RIGHT_ALT,)}

Key = tuple[int, int]  # key code; 1 down, 2 repeated, 0 up


@dataclass(frozen=True)
class Habits:
    """How a scanner types. `alt_codes`: everything as Alt and digits; `caps`: CapsLock is on, and it knows it.

    `function_keys`: keys for control characters, instead of Ctrl; `keypad`: digits there; `ends`: the key at the end.
    """

    alt_codes: bool = False
    caps: bool = False
    keypad: bool = False
    ctrl_alt: bool = False  # Ctrl and Alt instead of AltGr
    repeats: bool = False
    function_keys: tuple[tuple[str, int], ...] = ()
    ends: int | None = ENTER


USUAL: Final = Habits()


def keys_of(text: str, layout: Layout, habits: Habits = USUAL) -> list[Key]:
    """The presses and releases that type `text`. Raises ValueError for a character without a key."""
    keys = [key for char in text for key in _keys(char, layout, habits)]
    if habits.ends is not None:
        keys += _tap(habits.ends)
    return keys


def _keys(char: str, layout: Layout, habits: Habits) -> Iterator[Key]:
    function = dict(habits.function_keys).get(char)
    if function is not None:
        yield from _tap(function)
    elif habits.alt_codes:
        yield from _alt_code(char)
    elif habits.keypad and char.isdigit() and char in _KEYPAD_KEY:
        yield from _tap(_KEYPAD_KEY[char])
    elif char < " ":
        yield from _control(char, layout)
    else:
        yield from _character(char, layout, habits)


def _character(char: str, layout: Layout, habits: Habits) -> Iterator[Key]:
    place = next((place for place, typed in layout.keys.items() if typed == char), None)
    if place is None:
        raise ValueError(f"a keyboard of {layout.name} has no key for {char!r}")
    code, level = place
    if habits.caps and layout.is_letter(code):
        level = Level.SHIFT if level is Level.PLAIN else Level.PLAIN
    before: tuple[int, ...] = _BEFORE[level]
    if level is Level.ALTGR and habits.ctrl_alt:
        before = (LEFT_CTRL, LEFT_ALT)
    yield from _tap(code, *before, repeats=habits.repeats)
    if place in layout.dead:
        yield from _tap(SPACE)


def _control(char: str, layout: Layout) -> Iterator[Key]:
    if char == "\r":
        yield from _tap(KP_ENTER)
    elif char == "\t":
        yield from _tap(TAB)
    elif char == GS:
        yield from _tap(RIGHT_BRACE, LEFT_CTRL)
    else:
        letter = chr(ord(char) + 0x40)
        place = next((place for place, typed in layout.keys.items() if typed == letter), None)
        if place is None:
            raise ValueError(f"a keyboard of {layout.name} has no key for {char!r}")
        code, level = place
        yield from _tap(code, LEFT_CTRL, *_BEFORE[level])


def _alt_code(char: str) -> Iterator[Key]:
    number = char.encode("cp1252")[0]
    yield LEFT_ALT, 1
    for digit in f"0{number:03d}" if number > 127 else f"{number:03d}":
        yield from _tap(_KEYPAD_KEY[digit])
    yield LEFT_ALT, 0


def _tap(code: int, *held: int, repeats: bool = False) -> list[Key]:
    middle = [(code, 1), *([(code, 2)] * 3 if repeats else []), (code, 0)]
    return [*((one, 1) for one in held), *middle, *((one, 0) for one in reversed(held))]


def caps_tap() -> list[Key]:
    """CapsLock pressed and released."""
    return _tap(CAPS_LOCK)
