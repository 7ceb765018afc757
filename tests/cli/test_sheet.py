"""The printed sheet: a scanner reads every barcode of it, GS and all, and people read both languages."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from reportlab.pdfbase.ttfonts import TTFont

from cli.sheet import characters, groups, main
from cli.sheet_pdf import FONT_FILE
from edge.drivers.scanner_self_test import Finding, finding_of
from wire.command_codes import COMMAND_CODES, SELF_TEST

DOTS_PER_INCH = 200  # an office printer has three times as many


def read_back(file: Path) -> list[tuple[str, str]]:
    """Text and AIM identifier of every barcode, page by page, as other eyes than ours read them."""
    return [
        (found.bytes.decode("ascii"), found.symbology_identifier)
        for page in range(1, pages_of(file) + 1)
        for found in zxingcpp.read_barcodes(picture(file, page))
    ]


def picture(file: Path, page: int) -> Image.Image:
    """One page as it comes out of the printer."""
    command = ["pdftoppm", "-gray", "-r", str(DOTS_PER_INCH), "-f", str(page), "-l", str(page), str(file)]
    return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))


def pages_of(file: Path) -> int:
    """How many pages the PDF says that it has."""
    said = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    return int(next(line.split()[1] for line in said.splitlines() if line.startswith("Pages:")))


def words_of(file: Path) -> str:
    """What people read on it."""
    return subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout


def test_every_command_and_what_the_site_adds_is_read_back_from_paper(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    own = ["--station", "bench-1", "--station", "bench-2", "--badge", "SUP-1", "--reason", "recount"]
    assert main(["commands", "--pdf", str(file), *own]) == 0

    added = {"PL:STATION:bench-1", "PL:STATION:bench-2", "PL:BADGE:SUP-1", "PL:REASON:recount"}
    found = read_back(file)
    assert {text for text, _ in found} == {one.text for one in COMMAND_CODES} | added | {SELF_TEST}
    assert {aim for _, aim in found} == {"]C0"}


def test_with_its_site_file_the_sheet_has_that_site_s_reasons_only(tmp_path: Path) -> None:
    file, site = tmp_path / "sheet.pdf", tmp_path / "site.toml"
    text = '[site]\nname="demo"\nstate_dir="state"\n[packing]\noverride_reasons=["recounted", "checked"]\n'
    site.write_text(text, encoding="utf-8")
    assert main(["commands", "--pdf", str(file), "--site", str(site)]) == 0
    printed = {text for text, _ in read_back(file)}
    assert {one for one in printed if one.startswith("PL:REASON")} == {"PL:REASON:recounted", "PL:REASON:checked"}

    site.write_text(text.replace("recounted", "two words"), encoding="utf-8")
    assert main(["commands", "--pdf", str(file), "--site", str(site)]) == 1


def test_the_printed_self_test_is_what_a_node_expects(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    main(["commands", "--pdf", str(file)])
    (text, aim), *_ = (one for one in read_back(file) if one[0].startswith("PL:TEST"))

    assert finding_of(aim + text) == Finding("scanner_good")


def test_people_read_it_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    main(["commands", "--pdf", str(file)])
    words = words_of(file)

    for one in COMMAND_CODES:
        assert one.en in words, one.text
        assert one.zh in words, one.text


def test_many_badges_fill_further_pages_and_all_are_read(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    badges = [f"SUP-{number:02d}" for number in range(24)]
    main(["commands", "--pdf", str(file), *(word for badge in badges for word in ("--badge", badge))])

    assert pages_of(file) > 1
    assert {f"PL:BADGE:{badge}" for badge in badges} <= {text for text, _ in read_back(file)}


def test_the_longest_code_a_site_may_have_still_fits_the_page_and_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    main(["commands", "--pdf", str(file), "--badge", "B" * 40])

    assert f"PL:BADGE:{'B' * 40}" in {text for text, _ in read_back(file)}


def test_the_font_has_every_character_of_our_texts() -> None:
    glyphs = TTFont("test", str(FONT_FILE)).face.charToGlyph

    assert characters() <= {chr(code) for code in glyphs}, "renew it: python -m tools.sheet_font"
    assert FONT_FILE.stat().st_size < 100_000


@pytest.mark.parametrize("code", ["", "two words", "x" * 41, "工牌"])
def test_a_code_that_cannot_be_scanned_is_refused(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["commands", "--pdf", "/nowhere.pdf", "--badge", code])
    assert "letters, digits or signs without spaces" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commands", "--pdf", "/nowhere/at/all/sheet.pdf"]) == 1
    assert "/nowhere/at/all/sheet.pdf: " in capsys.readouterr().err


def test_a_sheet_without_codes_of_the_site_has_no_empty_group() -> None:
    assert all(group.labels for group in groups())
