"""The command barcodes that a site prints: their texts, and what they say to people in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

GS: Final = "\x1d"
SELF_TEST: Final = f"PL:TEST:AQWZYMaz09-/[]@{GS}1"  # letters and signs that stand elsewhere on every other keyboard


@dataclass(frozen=True)
class CommandCode:
    """One barcode of the sheet. `where`: who scans it."""

    text: str
    en: str
    zh: str
    where: Literal["bench", "zone", "both"]


COMMAND_CODES: Final = (
    CommandCode("PL:ASIDE", "Set the parcel aside", "将包裹放到一旁", "bench"),
    CommandCode("PL:MISSING", "An item is missing", "缺件", "bench"),
    CommandCode("PL:UNREADABLE", "A barcode cannot be read", "条码无法读取", "bench"),
    CommandCode("PL:DAMAGED", "An item is damaged", "商品破损", "bench"),
    CommandCode("PL:PACKING-DAMAGED", "The packing is damaged", "包装破损", "bench"),
    CommandCode("PL:LABEL-DAMAGED", "The label is damaged", "面单破损", "bench"),
    CommandCode("PL:WRONG-ITEM", "A wrong item is in the tote", "周转箱内有错货", "bench"),
    CommandCode("PL:REASON:checked", "Reason: checked by hand", "原因：人工核对", "bench"),
    CommandCode("PL:SIGN-OUT", "Sign out", "签退", "bench"),
    CommandCode("PL:SELFTEST", "Test this bench", "工位自检", "bench"),
    CommandCode("PL:LAMP-DEAD", "Self-test: the lamp is dead", "自检：灯不亮", "bench"),
    CommandCode("PL:SHORT", "Pieces are missing here", "此处缺件", "zone"),
    CommandCode("PL:DONE", "Taken: this place has no lamp now", "已取齐（本库位灯具失效）", "zone"),
    CommandCode("PL:UNDO", "Take the last confirm back", "撤销上次确认", "zone"),
)
