"""What a scanned text is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge.packstation.barcode import AmbiguousText, DetailText, DirtyText, ItemText, LabelText, Meaning, PlainText, read
from edge.packstation.check_digits import is_gtin, s10_check_digit, upc_a_of_e
from edge.packstation.commands import (
    AsideCommand,
    BadgeCommand,
    CountCommand,
    ProblemCommand,
    ReasonCommand,
    StationCommand,
    UnknownCommand,
    ZoneCommand,
)
from wire.deeds import ScanDetail

GS = "\x1d"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        # UPU S10: the standard's own example number 47312482 has check digit 9
        ("RR473124829GB", LabelText("RR473124829GB", "s10")),
        ("RR473124828GB", DirtyText("s10_check_digit")),
        ("]C0RR473124829GB", LabelText("RR473124829GB", "s10")),
        # Cainiao: no country, no check digit, and not S10
        ("LP00123456789012", LabelText("LP00123456789012", "cainiao")),
        ("CN123456789012", LabelText("CN123456789012", "cainiao")),
        ("LP0012345", PlainText("LP0012345")),
        # SSCC: a logistic unit is a label
        ("]C100340123450000000017", LabelText("340123450000000017", "sscc")),
        ("00340123450000000017", LabelText("340123450000000017", "sscc")),
        ("]C100340123450000000018", DirtyText("gs1_unreadable")),
    ],
)
def test_labels(text: str, meaning: Meaning) -> None:
    assert read(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("5901234123457", ItemText("5901234123457")),  # EAN-13
        ("]E05901234123457", ItemText("5901234123457")),
        ("]E05901234123458", DirtyText("gtin_check_digit")),
        ("5901234123458", PlainText("5901234123458")),  # without a prefix it may be an order number
        ("036000291452", ItemText("036000291452")),  # UPC-A
        ("96385074", ItemText("96385074")),  # EAN-8
        ("15901234123454", ItemText("15901234123454")),  # GTIN-14 of a case
        ("]C0036000291452", PlainText("036000291452")),  # Code 128 that happens to check
        ("0109501101530003", ItemText("9501101530003")),
        ("]C10109501101530004", DirtyText("gs1_unreadable")),  # check digit
        ("]C1zz", DirtyText("gs1_unreadable")),
        (f"85123A{GS}", DirtyText("gs1_unreadable")),
        (f"]{GS}", DirtyText("gs1_unreadable")),  # found by fuzzing: it once crashed the parser
        (f"]A085123A{GS}", DirtyText("control_character")),
        ("85123A", PlainText("85123A")),  # SKUs may be barcodes
        ("(01)09501101530003", PlainText("(01)09501101530003")),
        ("  85123A ", PlainText("85123A")),
        # UPC-E stands for twelve digits; eight digits may be an EAN-8 as well
        ("]E004252614", ItemText("042100005264")),
        ("04252614", ItemText("042100005264")),
        ("01234565", AmbiguousText(("EAN-8", "UPC-E"))),
        ("]E401234565", ItemText("01234565")),
        ("]E001234565", ItemText("012345000065")),
    ],
)
def test_items(text: str, meaning: Meaning) -> None:
    assert read(text) == meaning


@pytest.mark.parametrize(
    ("text", "barcode", "detail"),
    [
        ("]C101095011015300031712053110ABC123", "9501101530003", {"lot": "ABC123", "expires_on": "2012-05-31"}),
        ("]C1010950110153000317270500", "9501101530003", {"expires_on": "2027-05-31"}),  # day 00: the month's last
        (f"]d2010950110153000310AB{GS}2112", "9501101530003", {"lot": "AB", "serial": "12"}),
        (f"{GS}010950110153000310AB", "9501101530003", {"lot": "AB"}),
        ("0109501101530003" + "21SN-7", "9501101530003", {"serial": "SN-7"}),
        ("]C10109501101530003", "9501101530003", None),
        ("]C110ABC", "", {"lot": "ABC"}),  # a lot alone is of the item scanned before it
        (f"10AB{GS}17270131", "", {"lot": "AB", "expires_on": "2027-01-31"}),
        ("]d221SN-7", "", {"serial": "SN-7"}),
    ],
)
def test_what_a_gs1_code_says_of_single_pieces(text: str, barcode: str, detail: dict[str, str] | None) -> None:
    meaning = read(text)

    if detail is None:
        assert meaning == ItemText(barcode)
        return
    assert isinstance(meaning, ItemText | DetailText)
    assert (meaning.barcode if isinstance(meaning, ItemText) else "") == barcode
    assert meaning.detail is not None
    assert replace(meaning.detail, raw="") == ScanDetail(**detail)
    assert meaning.detail.raw.endswith(text.removeprefix(GS))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("PL:COUNT:12", CountCommand(12)),
        ("PL:COUNT:0", UnknownCommand("COUNT:0")),
        ("PL:COUNT:100000", UnknownCommand("COUNT:100000")),
        ("PL:COUNT:x", UnknownCommand("COUNT:x")),
        ("PL:ASIDE", AsideCommand()),
        ("PL:MISSING", ProblemCommand("missing_item")),
        ("PL:UNREADABLE", ProblemCommand("unreadable_barcode")),
        ("PL:DAMAGED", ProblemCommand("damaged_item")),
        ("PL:LABEL-DAMAGED", ProblemCommand("label_damaged")),
        ("PL:WRONG-ITEM", ProblemCommand("wrong_item_found")),
        ("PL:BADGE:SUP-1", BadgeCommand("SUP-1")),
        ("PL:REASON:recount", ReasonCommand("recount")),
        ("PL:STATION:bench-1", StationCommand("bench-1")),
        ("PL:STATION:", UnknownCommand("STATION:")),
        ("PL:SHORT", ZoneCommand("SHORT")),
        ("PL:SKIP", ZoneCommand("SKIP")),
        ("PL:UNDO", ZoneCommand("UNDO")),
        ("PL:QTY:12", ZoneCommand("QTY:12")),
        ("PL:QTY:x", UnknownCommand("QTY:x")),
        ("]C0PL:ASIDE", AsideCommand()),  # a scanner that sends the AIM identifier
        ("PL:BADGE:", UnknownCommand("BADGE:")),
        ("PL:BADGE:" + "x" * 65, UnknownCommand("BADGE:" + "x" * 58)),
        ("PL:ASIDE:", UnknownCommand("ASIDE:")),
        ("PL:OPEN", UnknownCommand("OPEN")),
        ("pl:aside", UnknownCommand("aside")),  # a scanner with caps lock the wrong way round
        ("PL:", UnknownCommand("")),
    ],
)
def test_commands(text: str, meaning: Meaning) -> None:
    assert read(text) == meaning


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("]C1", "empty"),
        ("x" * 257, "too_long"),
        ("x" * 10_000, "too_long"),
        ("5901234\x00123457", "control_character"),
        ("5901234123457\n", "control_character"),
        ("LP001234\x1b[2J56789012", "control_character"),
        ("5901\u202e234123457", "control_character"),
    ],
)
def test_what_cannot_be_trusted_is_dirty(text: str, why: str) -> None:
    assert read(text) == DirtyText(why)


def test_a_site_names_its_own_labels() -> None:
    labels = [re.compile(r"\d{13}"), re.compile(r"H-\d+")]

    assert read("5901234123458", labels) == LabelText("5901234123458", "site")
    assert read("RR473124829GB", [re.compile("[A-Z]{2}.*")]) == LabelText("RR473124829GB", "site")
    assert read("H-77", labels) == LabelText("H-77", "site")
    assert read("H-77x", labels) == PlainText("H-77x")


def test_a_label_of_the_site_that_is_a_gtin_as_well_is_refused_until_the_symbology_says_which() -> None:
    labels = [re.compile(r"\d{13}")]

    assert read("5901234123457", labels) == AmbiguousText(("label", "item"))
    assert read("]C05901234123457", labels) == LabelText("5901234123457", "site")
    assert read("]E05901234123457", labels) == ItemText("5901234123457")


@given(st.from_regex(r"[01][0-9]{7}", fullmatch=True))
def test_a_upc_e_stands_for_a_upc_a_of_the_same_check_digit(digits: str) -> None:
    whole = upc_a_of_e(digits)

    assert whole == "" or (is_gtin(whole) and len(whole) == 12 and whole[-1] == digits[-1])


@given(st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True), st.sampled_from(["GB", "CN", "DE"]), st.integers(1, 9))
def test_an_s10_number_is_a_label_and_with_another_check_digit_nothing(begin: str, country: str, other: int) -> None:
    check = s10_check_digit(begin[2:])
    wrong = str((int(check) + other) % 10)

    assert read(f"{begin}{check}{country}") == LabelText(f"{begin}{check}{country}", "s10")
    assert read(f"{begin}{wrong}{country}") == DirtyText("s10_check_digit")


@given(st.text(max_size=300))
def test_any_text_means_something_and_nothing_crashes(text: str) -> None:
    read(text)


@given(st.tuples(st.sampled_from(["", "]C1", "]d2", "]E0", "01", "00", GS]), st.text(max_size=60)).map("".join))
def test_anything_with_a_prefix_means_something(text: str) -> None:
    read(text)


@given(st.text("0123456789]CdEQ" + GS, min_size=1, max_size=60))
def test_anything_like_an_element_string_means_something(text: str) -> None:
    read(text)


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_of_an_s10_number_is_found(digits: str, place: int, change: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    good, other = s10_check_digit(digits), s10_check_digit(wrong)

    # UPU's rule maps two remainders onto 0 and two onto 5, so those pairs look alike
    assert good != other or good in "05"
