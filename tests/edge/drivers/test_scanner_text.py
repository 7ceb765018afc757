"""Bytes to scans: a suffix, a prefix or silence ends one, and what cannot be trusted says so."""

from __future__ import annotations

from edge.drivers.ports import Scan
from edge.drivers.scanner_text import Framing, ScanAssembler


def test_a_prefix_is_cut_off_and_missed_if_it_is_not_there() -> None:
    held = ScanAssembler(Framing(prefix=b"\x02"))

    assert held.feed(b"\x02ABC\rDEF\r", 7) == [Scan("ABC", 7), Scan("DEF", 7, "no_prefix")]


def test_however_much_comes_little_is_held() -> None:
    for suffix in (b"\r", b"", b"\r\n"):
        held = ScanAssembler(Framing(suffix=suffix))
        for _ in range(100):
            held.feed(b"x" * 4096, 1)
        assert len(held._held) <= 300

        scans = held.feed(suffix, 2) if suffix else held.fall_silent(2)
        assert [scan.dirty for scan in scans] == ["too_long"]


def test_both_halves_of_a_torn_scan_are_dirty_and_the_next_scan_is_not() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"590123", 1)

    assert [scan.dirty for scan in held.fall_silent(200_000_000)] == ["no_suffix"]
    assert held.feed(b"4123457\r", 300_000_000) == [Scan("4123457", 300_000_000, "torn")]
    assert held.feed(b"5901234123457\r", 400_000_000) == [Scan("5901234123457", 400_000_000)]


def test_a_scan_long_after_a_torn_one_is_clean() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"590123", 1)
    held.fall_silent(200_000_000)

    assert held.feed(b"5901234123457\r", 900_000_000) == [Scan("5901234123457", 900_000_000)]


def test_a_suffix_torn_in_two_is_still_found() -> None:
    held = ScanAssembler(Framing(suffix=b"\r\n"))

    assert held.feed(b"ABC\r", 1) == []
    assert held.feed(b"\nD", 2) == [Scan("ABC", 2)]
    assert held.pending


def test_a_scanner_that_vanishes_leaves_nothing_behind() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"ABC", 1)
    held.forget()

    assert held.feed(b"DEF\r", 2) == [Scan("DEF", 2)]


def test_without_a_suffix_the_next_prefix_ends_a_scan() -> None:
    held = ScanAssembler(Framing(suffix=b"", prefix=b"\x02"))

    assert held.feed(b"\x02ABC\x02DEF\x02G", 7) == [Scan("ABC", 7), Scan("DEF", 7)]
    assert held.fall_silent(8) == [Scan("G", 8)]


def test_enter_before_each_scan_is_a_prefix_like_any_other() -> None:
    held = ScanAssembler(Framing(suffix=b"", prefix=b"\r"))

    assert held.feed(b"\rABC\rDEF", 7) == [Scan("ABC", 7)]
    assert held.fall_silent(8) == [Scan("DEF", 8)]


def test_a_spoilt_scan_is_dirty_however_it_ends_and_the_next_is_not() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"AB", 1)
    held.spoil("unknown_key")
    held.spoil("events_lost")

    assert held.feed(b"C\rDEF\r", 2) == [Scan("ABC", 2, "unknown_key"), Scan("DEF", 2)]
    held.spoil("events_lost")
    assert held.pending
    assert held.fall_silent(3) == [Scan("", 3, "events_lost")]
    assert held.fall_silent(4) == []
