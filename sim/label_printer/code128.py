"""Code 128 as bars: the widths of ISO/IEC 15417. Pure."""

from __future__ import annotations

from typing import Final

# Bar and space widths of symbols 0 to 105, six each; 106 is the stop with its end bar.
_WIDTHS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "1143114111134113111131411141313111414111312114122112142112322331112"
)
_SYMBOLS: Final = [_WIDTHS[6 * symbol : 6 * symbol + 6] for symbol in range(106)] + [_WIDTHS[-7:]]
_CODE_C, _CODE_B, _FNC1, _START_B, _START_C, _STOP = 99, 100, 102, 104, 105, 106
TEXT_MAX: Final = 80
FNC1: Final = "\x00"  # stands for it in `text`


def bars(text: str) -> list[int]:
    """Widths of bars and spaces in turn, a bar first. Raises ValueError for what set B does not hold."""
    if not 0 < len(text) <= TEXT_MAX or any(not " " <= char <= "~" and char != FNC1 for char in text):
        raise ValueError(f"{text!r} does not fit Code 128, set B")
    symbols = _symbols(text)
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % 103
    return [int(width) for symbol in (*symbols, check, _STOP) for width in _SYMBOLS[symbol]]


def _symbols(text: str) -> list[int]:
    """Set B, and set C where at least four digits run to the end of the text or six in between."""
    symbols: list[int] = []
    in_c, place = False, 0
    while place < len(text):
        run = _digits(text, place)
        wanted_c = run >= (2 if in_c else 4 if place + run == len(text) else 6)
        if not symbols:
            symbols.append(_START_C if wanted_c else _START_B)
        elif wanted_c != in_c and text[place] != FNC1:
            symbols.append(_CODE_C if wanted_c else _CODE_B)
        in_c = wanted_c if text[place] != FNC1 or len(symbols) == 1 else in_c
        if text[place] == FNC1:
            symbols.append(_FNC1)
            place += 1
        elif in_c:
            symbols.append(int(text[place : place + 2]))
            place += 2
        else:
            symbols.append(ord(text[place]) - 32)
            place += 1
    return symbols


def _digits(text: str, place: int) -> int:
    run = 0
    while place + run < len(text) and text[place + run].isdecimal():
        run += 1
    return run
