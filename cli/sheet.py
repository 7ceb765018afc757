"""`picklight sheet commands --pdf FILE`: the command barcodes of benches and zones, to print and hang up."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from central.settings import load_settings
from cli.sheet_pdf import Group, Label, draw
from wire.command_codes import COMMAND_CODES, GS, SELF_TEST, CommandCode, sheet
from wire.disk import plainly
from wire.toml_check import TomlWrong

CODE_MAX: Final = 40  # longer ones are too wide for a page
TITLE: Final = ("picklight: command barcodes", "picklight 命令条码")
HEADINGS: Final = {
    "bench": ("At the bench", "打包工位"),
    "zone": ("In the pick zone", "拣货区"),
    "own": ("Benches, badges, reasons", "工位、工牌、原因"),
    "test": ("Is this scanner set up right?", "扫码枪设置是否正确？"),
}
SELF_TEST_WORDS: Final = (
    "Scan it at a bench: it says if layout, GS and AIM id are right",
    "在工位扫描：显示键盘布局、GS 和 AIM 标识是否正确",
)
OWN: Final = {
    "station": ("PL:STATION:", "This is bench {}", "本工位：{}"),
    "badge": ("PL:BADGE:", "Badge {}", "工牌 {}"),
    "reason": ("PL:REASON:", "Reason: {}", "原因：{}"),
}
_CODE: Final = re.compile(rf"[\x21-\x7e]{{1,{CODE_MAX}}}")


def main(argv: Sequence[str] | None = None) -> int:
    """0: written; 1: the file cannot be written; 2: wrong arguments."""
    args = _parser().parse_args(argv)
    file: Path = args.pdf
    try:
        codes = sheet(load_settings(args.site).packing.override_reasons) if args.site else COMMAND_CODES
        pages = draw(TITLE, list(groups(args.station, args.badge, args.reason, codes)), file)
    except TomlWrong as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{file}: {plainly(error)}. Choose another place", file=sys.stderr)
        return 1
    print(f"{file}: {pages} page{'s' if pages > 1 else ''}. Print it at 100 %, on white paper")
    return 0


def groups(
    stations: Sequence[str] = (),
    badges: Sequence[str] = (),
    reasons: Sequence[str] = (),
    codes: Sequence[CommandCode] = COMMAND_CODES,
) -> Iterator[Group]:
    """What stands on the sheet, in order; codes of a site only where it names some."""
    for where in ("bench", "zone"):
        yield Group(HEADINGS[where], tuple(Label(one.text, one.en, one.zh) for one in codes if one.where == where))
    own = [(kind, code) for kind, codes in zip(OWN, (stations, badges, reasons), strict=True) for code in codes]
    if own:
        yield Group(HEADINGS["own"], tuple(_own(kind, code) for kind, code in own))
    yield Group(HEADINGS["test"], (Label(SELF_TEST, *SELF_TEST_WORDS, shown=SELF_TEST.replace(GS, "<GS>")),))


def characters() -> set[str]:
    """Every character beyond Latin that a sheet may show."""
    words = [text for pair in (TITLE, *HEADINGS.values(), SELF_TEST_WORDS) for text in pair]
    words += [one.zh for one in COMMAND_CODES] + [zh for _, _, zh in OWN.values()]
    return {char for char in "".join(words) if char > "\u00ff"}


def _own(kind: str, code: str) -> Label:
    prefix, en, zh = OWN[kind]
    return Label(prefix + code, en.format(code), zh.format(code))


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 to {CODE_MAX} letters, digits or signs without spaces")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="picklight sheet", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    commands = verbs.add_parser("commands", help="command barcodes and the scanner's self-test, in both languages")
    commands.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="where to write it")
    commands.add_argument("--site", type=Path, metavar="FILE", help="the reasons of this site's file instead of ours")
    commands.add_argument("--station", type=_code, action="append", default=[], metavar="NAME", help="add a bench")
    commands.add_argument("--badge", type=_code, action="append", default=[], metavar="CODE", help="add a badge")
    commands.add_argument("--reason", type=_code, action="append", default=[], metavar="WORD", help="add a reason")
    return parser


if __name__ == "__main__":
    sys.exit(main())
