"""Which words of a title or SKU code only say a colour or a size, and what is left without them. Pure.

English words stand alone, or joined as in `XL-Black`. In Chinese, which writes no spaces, a colour within a run of
characters needs its 色 (红色马克杯), because 黑板 is no black 板; alone it may do without (T恤 红). What is left is
compared by `central/rules/look_alikes.py`; where a site's words say it otherwise, the catalogue's `style` does.
"""

from __future__ import annotations

import re
from typing import Final

_COLOURS_EN: Final = frozenset(
    re.findall(
        r"\S+",
        """
    amber anthracite aqua azure beige black blk blu blue brn bronze brown burgundy charcoal cobalt coffee copper
    coral cream crimson cyan ecru fuchsia gold golden gray green grey grn gry indigo ivory jade khaki lavender
    lemon lilac lime magenta maroon mauve mint multi multicolor multicolour mustard navy nude nvy ochre olive
    orange orchid peach pink plum purple red rose rust salmon sand scarlet silver slate tan taupe teal transparent
    turquoise vanilla violet white wht yellow ylw clear dark deep light pale pastel warm cold cool colour color
    coloured colored
    """,
    )
)
_SIZES_EN: Final = frozenset(
    re.findall(
        r"\S+",
        """
    xxxs xxs xs s m l xl xxl xxxl xxxxl 2xs 3xs 2xl 3xl 4xl 5xl 6xl small medium large mini midi maxi big little
    tiny x-small x-large extra jumbo petite regular short tall long size sz sml med lrg lge
    """,
    )
)
_MEASURE: Final = re.compile(
    r"[0-9]+(?:\.[0-9]+)?(?:x[0-9]+(?:\.[0-9]+)?)*(?:ml|cl|dl|l|g|kg|mg|mm|cm|m|oz|lb|lbs|in|inch|inches|ft|eu|uk|us)"
)
_MEASURED: Final = frozenset({"ml", "cl", "dl", "l", "g", "kg", "mg", "mm", "cm", "m", "oz", "lb", "in", "inch", "ft"})
_COLOUR_ZH: Final = re.compile(
    r"(?:深|浅|亮|暗|淡)?"
    r"(?:藏青|藏蓝|天蓝|湖蓝|宝蓝|墨绿|军绿|豆绿|酒红|玫红|粉红|枣红|橘红|橘黄|姜黄|米白|奶白|杏|卡其|咖啡|咖|驼|香槟|玫瑰金|"
    r"透明|混|彩|黑|白|红|绿|蓝|黄|灰|粉|紫|橙|棕|褐|青|金|银|米|肤|裸)色"
)
_SIZE_ZH: Final = re.compile(
    r"(?:特大|加大|超大|大|中|小|特小|加小|均)号|均码|(?:[2-6]?x{0,4}[sml]|[0-9]{2,3})[码号]|加长款|短款|长款"
)
_ONE_ZH: Final = frozenset({*"黑白红绿蓝黄灰粉紫橙棕褐青金银大中小", "透明"})
_SPLIT: Final = re.compile(r"[\s,;:/|_()\[\]{}（）【】，、；：·+&'\"“”*#-]+")
_CODE_SPLIT: Final = re.compile(r"[\s._/|+-]+")


def title_without_variant(title: str) -> tuple[str, ...]:
    """The words of a title, in their order, that say neither colour nor size."""
    text = _SIZE_ZH.sub(" ", _COLOUR_ZH.sub(" ", title.casefold()))
    words = [word for word in _SPLIT.split(text) if word.strip(".")]
    kept: list[str] = []
    for word in words:
        if word in _MEASURED and kept and _is_number(kept[-1]):
            kept.pop()  # "300 ml" in two words
        elif not is_variant(word):
            kept.append(word)
    return tuple(kept)


def code_without_variant(sku: str) -> tuple[str, ...]:
    """The parts of a SKU code that say neither colour nor size."""
    return tuple(part for part in _CODE_SPLIT.split(sku.casefold()) if part and not is_variant(part))


def is_variant(word: str) -> bool:
    """True for a word, in lower case, that only says a colour or a size."""
    return word in _COLOURS_EN or word in _SIZES_EN or word in _ONE_ZH or _MEASURE.fullmatch(word) is not None


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isascii() and word.replace(".", "", 1).isdigit()
