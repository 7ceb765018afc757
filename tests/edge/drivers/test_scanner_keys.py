"""Keys to text: the scanner's own country setting decides, every modifier counts, and nothing is guessed."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.ports import Scan
from edge.drivers.scanner_keys import FUNCTION_KEY_TABLES, RECORD, KeyRules, KeyScans, KeyText
from edge.drivers.scanner_layouts import CAPS_LOCK, ENTER, FUNCTION_KEYS, KP_ENTER, LAYOUTS, RIGHT_ALT, TAB, Layout
from edge.drivers.scanner_text import Framing
from sim.hid_scanners import record
from sim.keyboard import LEFT_CTRL, LEFT_SHIFT, USUAL, Habits, Key, caps_tap, keys_of

US, DE, FR = LAYOUTS["us"], LAYOUTS["de"], LAYOUTS["fr"]
GS = "\x1d"
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
SHIFT_RIGHT, LEFT_ALT, CTRL_RIGHT = 54, 56, 97


def typed(keys: list[Key], layout: Layout = US, rules: KeyRules | None = None, *, caps: bool = False) -> str:
    """What the keys type, and after a ! the trouble with it."""
    text = KeyText(rules or KeyRules(layout), caps=caps)
    said = "".join(text.key(*key) for key in keys)
    trouble = text.take_trouble()
    return f"{said}!{trouble}" if trouble else said


def tap(code: int, *held: int) -> list[Key]:
    return [*((one, 1) for one in held), (code, 1), (code, 0), *((one, 0) for one in held)]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_character_of_ascii_can_be_scanned_in_every_country_setting(layout: Layout) -> None:
    assert typed(keys_of(PRINTABLE, layout), layout) == PRINTABLE + "\r"


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, Layout]:
    layout = draw(st.sampled_from(sorted(LAYOUTS.values(), key=lambda one: one.name)))
    chars = sorted(set(layout.keys.values()) | set(GS + "\t\x04\x1e\x1c"))
    return draw(st.text(st.sampled_from(chars), max_size=60)), layout


@given(texts(), st.booleans(), st.booleans(), st.booleans())
def test_whatever_a_scanner_types_is_read_back(
    given_: tuple[str, Layout], keypad: bool, ctrl_alt: bool, repeats: bool
) -> None:
    text, layout = given_
    habits = Habits(keypad=keypad, ctrl_alt=ctrl_alt, repeats=repeats)

    assert typed(keys_of(text, layout, habits), layout) == text + "\r"


@given(st.text(st.characters(codec="cp1252", exclude_characters="\0"), max_size=30))
def test_alt_codes_are_read_back_in_every_country_setting(text: str) -> None:
    for layout in LAYOUTS.values():
        assert typed(keys_of(text, layout, Habits(alt_codes=True)), layout) == text + "\r"


@given(st.text(st.sampled_from("abcxyzäöüABCXYZÄÖÜ "), max_size=30))
def test_letters_survive_caps_lock_of_a_scanner_that_knows_of_it(text: str) -> None:
    assert typed(keys_of(text, DE, Habits(caps=True)), DE, caps=True) == text + "\r"


@given(st.lists(st.tuples(st.integers(0, 767), st.integers(0, 2)), max_size=200), st.sampled_from(sorted(LAYOUTS)))
def test_no_order_of_events_breaks_the_reader(keys: list[Key], layout: str) -> None:
    held = KeyScans(KeyRules(LAYOUTS[layout]), Framing(), lambda: False)
    for code, value in keys:
        held.feed(record(1, code, value), 1)

    assert len(held._scan._held) <= 300
    held.fall_silent(2)
    assert not held.pending


@pytest.mark.parametrize(
    ("what", "keys", "layout", "text"),
    [
        ("Ctrl and ] is GS", tap(27, LEFT_CTRL), US, GS),
        ("the right Ctrl as well", tap(27, CTRL_RIGHT), US, GS),
        ("on a German keyboard, the same key", tap(27, LEFT_CTRL), DE, GS),
        ("or Ctrl and its own ]", tap(10, LEFT_CTRL, RIGHT_ALT), DE, GS),
        ("on a French keyboard, the same key", tap(27, LEFT_CTRL), FR, GS),
        ("the key of ] without Ctrl is ]", tap(27), US, "]"),
        ("Ctrl and D is EOT", tap(32, LEFT_CTRL), US, "\x04"),
        ("Ctrl, Shift and 6 is RS", tap(7, LEFT_CTRL, LEFT_SHIFT), US, "\x1e"),
        ("Ctrl and a digit is nothing", tap(2, LEFT_CTRL), US, "!unknown_key"),
        ("either Shift", tap(30, LEFT_SHIFT) + tap(30, SHIFT_RIGHT) + tap(30), US, "AAa"),
        ("two Shifts, one let go", [(42, 1), (54, 1), (42, 0), *tap(30), (54, 0), *tap(30)], US, "Aa"),
        ("AltGr", tap(16, RIGHT_ALT), DE, "@"),
        ("Ctrl and Alt is AltGr", tap(16, LEFT_CTRL, LEFT_ALT), DE, "@"),
        ("AltGr means nothing in the US", tap(16, RIGHT_ALT), US, "!unknown_key"),
        ("Alt and a letter is nothing", tap(30, LEFT_ALT), US, "!unknown_key"),
        ("Y and Z are where they are in Germany", tap(21) + tap(44), DE, "zy"),
        ("A and Q are where they are in France", tap(16) + tap(30) + tap(39), FR, "aqm"),
        ("digits need Shift in France", tap(2) + tap(2, LEFT_SHIFT), FR, "&1"),
        ("a dead key waits for a letter", tap(13) + tap(18), DE, "é"),
        ("and stands alone before a space", tap(41) + tap(57), DE, "^"),
        ("or before what it does not go with", tap(41) + tap(2), DE, "^1"),
        ("two dead keys are two accents", tap(41) + tap(41), DE, "^^"),
        ("both kinds of Enter", tap(ENTER) + tap(KP_ENTER), US, "\r\r"),
        ("Tab", tap(TAB), US, "\t"),
        ("a repeat is no second press", [(30, 1), (30, 2), (30, 2), (30, 0)], US, "a"),
        ("CapsLock", [*caps_tap(), *tap(30), *tap(2), *caps_tap(), *tap(30)], US, "A1a"),
        ("CapsLock and Shift", [*caps_tap(), *tap(30, LEFT_SHIFT)], US, "a"),
        ("CapsLock over a German digit is not sure", [*caps_tap(), *tap(2)], DE, "1!caps_lock"),
        ("a function key nobody named", tap(FUNCTION_KEYS["F5"]), US, "!unknown_key"),
        ("an Alt code of three digits above 127", [(56, 1), *tap(80), *tap(79), *tap(79), (56, 0)], US, "!alt_code"),
        ("an Alt code of 29 is GS", [(56, 1), *tap(82), *tap(80), *tap(73), (56, 0)], US, GS),
        ("an Alt code of nothing", [(56, 1), *tap(82), (56, 0)], US, "!alt_code"),
        ("the key European keyboards have more", tap(86) + tap(86, LEFT_SHIFT), DE, "<>"),
        ("which the US has not", tap(86), US, "!unknown_key"),
        ("NumLock types nothing", tap(69) + tap(79), US, "1"),
    ],
)
def test_what_keys_mean(what: str, keys: list[Key], layout: Layout, text: str) -> None:
    assert typed(keys, layout) == text, what


def test_function_keys_stand_for_control_characters_by_table_or_by_hand() -> None:
    table = KeyRules(US, FUNCTION_KEY_TABLES["dc1"])
    own = KeyRules(US, {FUNCTION_KEYS["F8"]: GS})

    assert typed([*tap(FUNCTION_KEYS["F1"]), *tap(FUNCTION_KEYS["F7"])], rules=table) == "\x11\x17"
    assert typed(tap(FUNCTION_KEYS["F13"]), rules=table) == GS
    assert typed(keys_of("01" + GS + "21", US, Habits(function_keys=((GS, FUNCTION_KEYS["F8"]),))), rules=own) == (
        "01" + GS + "21\r"
    )


def scans(records: bytes, layout: Layout = US) -> list[tuple[str, str]]:
    return [(scan.text, scan.dirty) for scan in KeyScans(KeyRules(layout), Framing(), lambda: False).feed(records, 1)]


def records(text: str, layout: Layout = US, habits: Habits = USUAL) -> bytes:
    return b"".join(record(1, *key) + record(0, 0) for key in keys_of(text, layout, habits))


def test_a_scan_carries_the_kernels_time_of_its_last_key() -> None:
    at = [RECORD.pack(seconds, 5, 1, code, 1) for seconds, code in ((7, 30), (8, ENTER))]

    assert KeyScans(KeyRules(), Framing(), lambda: False).feed(b"".join(at), 99) == [Scan("a", 8_000_005_000)]


def test_lost_events_throw_that_scan_away_and_say_so() -> None:
    lost = record(0, 3) + record(1, 31, 1) + record(0, 0)  # what comes before the next report means nothing

    assert scans(records("59012", habits=Habits(ends=None)) + lost + records("345") + records("4006381333931")) == [
        ("59012345", "events_lost"),
        ("4006381333931", ""),
    ]


def test_shift_that_was_let_go_among_lost_events_is_not_held_for_ever() -> None:
    lost = record(1, LEFT_SHIFT, 1) + record(0, 3) + record(0, 0)

    assert scans(lost + records("x") + records("a")) == [("x", "events_lost"), ("a", "")]


def test_caps_lock_that_was_pressed_among_lost_events_is_asked_of_the_lamp() -> None:
    lamp = [False, True]
    held = KeyScans(KeyRules(), Framing(), lambda: lamp.pop(0))
    held.feed(record(0, 3) + record(0, 0) + records("x"), 1)

    assert [scan.text for scan in held.feed(record(1, 30, 1) + record(1, ENTER, 1), 2)] == ["A"]


def test_an_unknown_key_spoils_its_scan_and_no_other() -> None:
    odd = record(1, 240, 1) + record(1, 240, 0)

    assert scans(odd + records("5901") + records("5902")) == [("5901", "unknown_key"), ("5902", "")]


def test_records_that_come_in_pieces_are_put_together() -> None:
    held = KeyScans(KeyRules(), Framing(), lambda: False)
    whole = records("5901234123457")
    found = [scan for at in range(0, len(whole), 7) for scan in held.feed(whole[at : at + 7], 1)]

    assert [scan.text for scan in found] == ["5901234123457"]


def test_half_an_alt_code_followed_by_silence_is_torn() -> None:
    held = KeyScans(KeyRules(), Framing(), lambda: False)
    held.feed(record(1, 56, 1) + record(1, 79, 1), 1)

    assert held.pending
    assert [scan.dirty for scan in held.fall_silent(2)] == ["torn"]


def test_a_record_is_what_the_kernel_of_this_machine_writes() -> None:
    assert RECORD.size == 2 * struct.calcsize("@l") + 8


def test_caps_lock_is_no_character() -> None:
    assert typed(tap(CAPS_LOCK)) == ""
