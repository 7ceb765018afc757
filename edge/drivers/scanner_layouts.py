"""Which character each key of a scanner's country setting types. Pure tables.

A scanner that types sends key positions, not characters; the table must be that of the scanner's own setting, whatever
the computer's is. Positions are named by the kernel's key codes (linux/input-event-codes.h). Dead keys (`^` on a German
keyboard) wait for the next character, as Windows does it, because that is what scanners are built for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

ENTER, KP_ENTER, TAB, CAPS_LOCK = 28, 96, 15, 58
SHIFTS: Final = frozenset({42, 54})
CTRLS: Final = frozenset({29, 97})
LEFT_ALT, RIGHT_ALT = 56, 100
NUM_LOCK, SCROLL_LOCK = 69, 70
RIGHT_BRACE: Final = 27  # the key of `]` on a US keyboard; with Ctrl it is GS whatever the setting
SPACE: Final = 57
KEYPAD: Final[Mapping[int, str]] = {
    **dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True)),
    83: ".",
    74: "-",
    78: "+",
    55: "*",
    98: "/",
}
FUNCTION_KEYS: Final[Mapping[str, int]] = {
    **{f"F{number}": 58 + number for number in range(1, 11)},
    "F11": 87,
    "F12": 88,
    **{f"F{number}": 170 + number for number in range(13, 25)},
    "INSERT": 110,
    "DELETE": 111,
    "HOME": 102,
    "END": 107,
    "PAGEUP": 104,
    "PAGEDOWN": 109,
    "UP": 103,
    "DOWN": 108,
    "LEFT": 105,
    "RIGHT": 106,
    "ESC": 1,
    "BACKSPACE": 14,
}
_ROWS: Final = (
    (41, *range(2, 14)),  # the row of digits, from the key left of 1
    tuple(range(16, 28)),
    (*range(30, 41), 43),
    (86, *range(44, 54)),  # from the key that only European keyboards have
)
_NONE: Final = "\0"  # in a row: this key types nothing there
_COMBINING: Final = {"^": "\u0302", "`": "\u0300", "´": "\u0301", "¨": "\u0308", "~": "\u0303"}


class Level(IntEnum):
    """Which of a key's characters."""

    PLAIN = 0
    SHIFT = 1
    ALTGR = 2


Place = tuple[int, Level]


@dataclass(frozen=True)
class Layout:
    """One country setting. `dead`: places that wait for the next character.

    `right_alt_is_altgr` as on European keyboards. `caps_is_shift_lock`: systems differ in what CapsLock does to keys
    other than letters there, so that such a character cannot be trusted.
    """

    name: str
    keys: Mapping[Place, str]
    dead: frozenset[Place] = frozenset()
    right_alt_is_altgr: bool = False
    caps_is_shift_lock: bool = False

    def is_letter(self, code: int) -> bool:
        """Whether CapsLock turns this key's case, on every system."""
        plain, shifted = self.keys.get((code, Level.PLAIN), ""), self.keys.get((code, Level.SHIFT), "")
        return plain.isalpha() and plain != shifted and plain.upper() == shifted


def composed(dead: str, char: str) -> str:
    """What a dead key and the character after it become: one letter, the accent alone, or both one after the other."""
    if char == " ":
        return dead
    one = unicodedata.normalize("NFC", char + _COMBINING[dead])
    return one if len(one) == 1 else dead + char


def _keys(plain: Sequence[str], shift: Sequence[str], altgr: Sequence[str]) -> Iterator[tuple[Place, str]]:
    yield (SPACE, Level.PLAIN), " "
    yield (SPACE, Level.SHIFT), " "
    for level, rows in ((Level.PLAIN, plain), (Level.SHIFT, shift), (Level.ALTGR, altgr)):
        for codes, chars in zip(_ROWS, rows, strict=True):
            yield from (((code, level), char) for code, char in zip(codes, chars, strict=False) if char != _NONE)


_US: Final = Layout(
    "us",
    dict(
        _keys(
            ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\0zxcvbnm,./"),
            ("~!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"|', "\0ZXCVBNM<>?"),
            ("", "", "", ""),
        )
    ),
)
_DE: Final = Layout(
    "de",
    dict(
        _keys(
            ("^1234567890ß´", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"),
            ('°!"§$%&/()=?`', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"),
            ("\0\0²³\0\0\0{[]}\\", "@\0€\0\0\0\0\0\0\0\0~", "", "|\0\0\0\0\0\0µ"),
        )
    ),
    dead=frozenset({(41, Level.PLAIN), (13, Level.PLAIN), (13, Level.SHIFT)}),
    right_alt_is_altgr=True,
    caps_is_shift_lock=True,
)
_FR: Final = Layout(
    "fr",
    dict(
        _keys(
            ("²&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "<wxcvbn,;:!"),
            ("\x001234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM%µ", ">WXCVBN?./§"),
            ("\0\0~#{[|`\\^@]}", "\0\0€\0\0\0\0\0\0\0\0¤", "", ""),
        )
    ),
    dead=frozenset({(26, Level.PLAIN), (26, Level.SHIFT), (3, Level.ALTGR), (8, Level.ALTGR)}),
    right_alt_is_altgr=True,
    caps_is_shift_lock=True,
)
LAYOUTS: Final[Mapping[str, Layout]] = {layout.name: layout for layout in (_US, _DE, _FR)}
