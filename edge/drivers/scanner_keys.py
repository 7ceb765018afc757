"""Key events of a scanner that types, to the text it read. Pure.

Every modifier is tracked from the events themselves. What cannot be read for certain spoils the scan instead of being
guessed: a key without a character, a code typed with Alt in an unknown code page, CapsLock over a digit.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.drivers.ports import Scan
from edge.drivers.scanner_layouts import (
    CAPS_LOCK,
    CTRLS,
    ENTER,
    FUNCTION_KEYS,
    KEYPAD,
    KP_ENTER,
    LAYOUTS,
    LEFT_ALT,
    NUM_LOCK,
    RIGHT_ALT,
    RIGHT_BRACE,
    SCROLL_LOCK,
    SHIFTS,
    SPACE,
    TAB,
    Layout,
    Level,
    Place,
    composed,
)
from edge.drivers.scanner_text import Framing, ScanAssembler

GS: Final = "\x1d"
ALT_DIGITS_MAX: Final = 4  # Alt codes have at most four digits
RECORD: Final = struct.Struct("@llHHi")  # struct input_event: seconds, microseconds, type, code, value
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
_DOWN, _REPEAT = 1, 2
# F1 … F15 for DC1 … US, as keyboard wedges without Ctrl do it
_DC1: Final = {FUNCTION_KEYS[f"F{number}"]: chr(0x10 + number) for number in range(1, 16)}
FUNCTION_KEY_TABLES: Final[Mapping[str, Mapping[int, str]]] = {"none": {}, "dc1": _DC1}


@dataclass(frozen=True)
class KeyRules:
    """What the scanner is set to. `control_keys`: keys that stand for a control character."""

    layout: Layout = LAYOUTS["us"]
    control_keys: Mapping[int, str] = field(default_factory=dict)


class KeyText:
    """A keyboard's state and what it types. `trouble` says why what was typed cannot be trusted, until it is taken."""

    def __init__(self, rules: KeyRules, *, caps: bool = False) -> None:
        self._rules, self._caps = rules, caps
        self._held: set[int] = set()
        self._alt_digits = ""
        self._dead = ""
        self._trouble = ""

    @property
    def half(self) -> bool:
        """Whether something was pressed that is no character yet."""
        return bool(self._dead or self._alt_digits)

    def take_trouble(self) -> str:
        """The first trouble since it was last taken, or ""."""
        trouble, self._trouble = self._trouble, ""
        return trouble

    def forget(self, *, caps: bool) -> None:
        """Events were lost: no key is known to be held."""
        self._held.clear()
        self._alt_digits, self._dead, self._caps = "", "", caps

    def key(self, code: int, value: int) -> str:
        """The characters that this event of a key completes; most complete none. Repeats (`value` 2) are ignored."""
        if value == _REPEAT:
            return ""
        if code in _MODIFIERS:
            return self._modifier(code, down=value == _DOWN)
        return self._typed(code) if value == _DOWN else ""

    def _modifier(self, code: int, *, down: bool) -> str:
        if code == CAPS_LOCK:
            self._caps ^= down
        elif down:
            self._held.add(code)
        else:
            self._held.discard(code)
            if code in (LEFT_ALT, RIGHT_ALT) and self._alt_digits:
                return self._alt_code()
        return ""

    def _typed(self, code: int) -> str:
        if code in (ENTER, KP_ENTER):
            return self._through_dead("\r")
        if code in self._rules.control_keys:
            return self._through_dead(self._rules.control_keys[code])
        if code == TAB:
            return self._through_dead("\t")
        if self._alt and code in KEYPAD:
            return self._alt_digit(KEYPAD[code])
        if self._alt and not self._altgr:
            return self._spoil("unknown_key")
        return self._character(code)

    def _character(self, code: int) -> str:
        if code in KEYPAD:
            return self._through_dead(KEYPAD[code])
        place = self._place(code)
        char = self._rules.layout.keys.get(place, "")
        if self._held & CTRLS and not self._altgr_by_ctrl(char):
            return self._through_dead(self._control(code, char))
        if not char:
            return self._spoil("unknown_key")
        if self._caps and self._unsure_with_caps(place):
            self._spoil("caps_lock")
        if place in self._rules.layout.dead and not self._dead:
            self._dead = char
            return ""
        return self._through_dead(char)

    def _place(self, code: int) -> Place:
        if self._altgr:
            return code, Level.ALTGR
        shift = bool(self._held & SHIFTS) ^ (self._caps and self._rules.layout.is_letter(code))
        return code, Level.SHIFT if shift else Level.PLAIN

    def _unsure_with_caps(self, place: Place) -> bool:
        layout, (code, level) = self._rules.layout, place
        return layout.caps_is_shift_lock and level is not Level.ALTGR and code != SPACE and not layout.is_letter(code)

    @property
    def _alt(self) -> bool:
        return LEFT_ALT in self._held or RIGHT_ALT in self._held

    @property
    def _altgr(self) -> bool:
        """AltGr itself, or Ctrl and Alt, which European keyboards take for it."""
        if not self._rules.layout.right_alt_is_altgr:
            return False
        return RIGHT_ALT in self._held or (LEFT_ALT in self._held and bool(self._held & CTRLS))

    def _altgr_by_ctrl(self, char: str) -> bool:
        return LEFT_ALT in self._held and self._altgr and bool(char)

    def _control(self, code: int, char: str) -> str:
        """Ctrl and a character of the columns @ to _ is a control character; Ctrl and the key of `]` is GS anywhere."""
        upper = char.upper()
        if len(upper) == 1 and "@" <= upper <= "_":
            return chr(ord(upper) - 0x40)
        if code == RIGHT_BRACE:
            return GS
        return self._spoil("unknown_key")

    def _alt_digit(self, digit: str) -> str:
        if not digit.isdigit() or len(self._alt_digits) >= ALT_DIGITS_MAX:
            return self._spoil("alt_code")
        self._alt_digits += digit
        return ""

    def _alt_code(self) -> str:
        """Up to 127 is ASCII. Beyond, only a leading 0 says which code page is meant: Windows-1252."""
        digits, self._alt_digits = self._alt_digits, ""
        number = int(digits)
        if number < 128:
            return self._through_dead(chr(number)) if number else self._spoil("alt_code")
        if digits[0] != "0" or number > 255:
            return self._spoil("alt_code")
        char = bytes([number]).decode("cp1252", "replace")
        return self._through_dead(char) if char != "\ufffd" else self._spoil("alt_code")

    def _through_dead(self, text: str) -> str:
        dead, self._dead = self._dead, ""
        if not dead or not text:
            return dead + text
        return composed(dead, text)

    def _spoil(self, why: str) -> str:
        self._trouble = self._trouble or why
        return ""


_MODIFIERS: Final = SHIFTS | CTRLS | {LEFT_ALT, RIGHT_ALT, CAPS_LOCK, NUM_LOCK, SCROLL_LOCK}


class KeyScans:
    """The kernel's records of one keyboard to scans; a Decoder. `caps_led` is asked after events were lost.

    `dirty` of its scans, besides those of the text itself: `unknown_key`, `alt_code`, `caps_lock`, `events_lost`.
    """

    def __init__(self, rules: KeyRules, framing: Framing, caps_led: Callable[[], bool]) -> None:
        self._text = KeyText(rules, caps=caps_led())
        self._scan = ScanAssembler(framing)
        self._caps_led = caps_led
        self._rest = b""  # of a record that came in pieces; the kernel never does that, a pty may
        self._deaf = False  # from SYN_DROPPED to the next report the kernel's events mean nothing

    @property
    def pending(self) -> bool:
        """Whether a scan has begun and not ended."""
        return self._scan.pending or self._text.half

    def feed(self, chunk: bytes, mono_ns: int) -> list[Scan]:
        """The scans that are whole after `chunk`; their time is the kernel's of their last key (`mono_ns` if none)."""
        chunk = self._rest + chunk
        whole = len(chunk) - len(chunk) % RECORD.size
        self._rest = chunk[whole:]
        return list(self._scans(chunk[:whole], mono_ns))

    def fall_silent(self, mono_ns: int) -> list[Scan]:
        """Nothing for a while: what is held is whole or torn, as the framing has it."""
        if self._text.half:
            self._scan.spoil("torn")
        self._text.forget(caps=self._caps_led())
        return self._scan.fall_silent(mono_ns)

    def _scans(self, records: bytes, mono_ns: int) -> Iterator[Scan]:
        for seconds, micros, kind, code, value in RECORD.iter_unpack(records):
            if kind == EV_KEY and not self._deaf:
                yield from self._keyed(code, value, seconds * 1_000_000_000 + micros * 1000 or mono_ns)
            elif kind == EV_SYN and code == SYN_DROPPED:
                self._deaf = True
                self._scan.spoil("events_lost")
                self._text.forget(caps=self._caps_led())
            elif kind == EV_SYN and code == SYN_REPORT:
                self._deaf = False

    def _keyed(self, code: int, value: int, mono_ns: int) -> list[Scan]:
        typed = self._text.key(code, value)
        trouble = self._text.take_trouble()
        if trouble:
            self._scan.spoil(trouble)
        return self._scan.feed(typed.encode(), mono_ns) if typed else []
