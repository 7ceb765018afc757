"""Characters as a US keyboard makes them: QEMU's key names, HID usages, and the kernel's key codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEFT_SHIFT: Final = 42  # KEY_LEFTSHIFT


@dataclass(frozen=True)
class Key:
    """One key: its name in QEMU, its HID usage (page 7), its code in linux/input-event-codes.h; `shift` held or not."""

    qcode: str
    usage: int
    code: int
    shift: bool = False


# Rows of the keyboard: the kernel's codes follow the rows, HID's follow the alphabet.
_ROWS: Final = {2: "1234567890", 16: "qwertyuiop", 30: "asdfghjkl", 44: "zxcvbnm"}
_CODES: Final = {char: first + place for first, row in _ROWS.items() for place, char in enumerate(row)}
_OTHERS: Final = {
    "-": Key("minus", 0x2D, 12), "=": Key("equal", 0x2E, 13), "[": Key("bracket_left", 0x2F, 26),
    "]": Key("bracket_right", 0x30, 27), "\\": Key("backslash", 0x31, 43), ";": Key("semicolon", 0x33, 39),
    "'": Key("apostrophe", 0x34, 40), "`": Key("grave_accent", 0x35, 41), ",": Key("comma", 0x36, 51),
    ".": Key("dot", 0x37, 52), "/": Key("slash", 0x38, 53), " ": Key("spc", 0x2C, 57), "\n": Key("ret", 0x28, 28),
    "\t": Key("tab", 0x2B, 15),
}  # fmt: skip


def _keys() -> dict[str, Key]:
    plain = dict(_OTHERS)
    plain |= {chr(97 + n): Key(chr(97 + n), 4 + n, _CODES[chr(97 + n)]) for n in range(26)}
    plain |= {str(n): Key(str(n), 0x27 if n == 0 else 0x1D + n, _CODES[str(n)]) for n in range(10)}
    shifted = dict(zip('_+{}|:"~<>?!@#$%^&*()', "-=[]\\;'`,./1234567890", strict=True))
    shifted |= {chr(65 + n): chr(97 + n) for n in range(26)}
    held = {char: plain[base] for char, base in shifted.items()}
    return plain | {char: Key(key.qcode, key.usage, key.code, shift=True) for char, key in held.items()}


KEYS: Final = _keys()
