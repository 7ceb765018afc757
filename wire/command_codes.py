"""The command barcodes that a site prints: their texts, and what they say to people in two languages."""

from __future__ import annotations

from collections.abc import Sequence
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


COUNTS: Final = (2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 50, 100)  # printed; PL:COUNT: takes any number to 99999
REASON_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9_-]{1,29}(?!\n)$"
_REASONS: Final = {
    "checked": ("checked by hand", "人工核对"),
    "taken-out": ("wrong piece taken out", "已取出错件"),
    "scanned-twice": ("one piece scanned twice", "同一件重复扫描"),
    "not-in-catalogue": ("barcode not in the catalogue", "条码未建档"),
}
DEFAULT_REASONS: Final = tuple(_REASONS)
_COMMANDS: Final = (
    CommandCode("PL:ASIDE", "Set the parcel aside", "将包裹放到一旁", "bench"),
    CommandCode("PL:MISSING", "An item is missing", "缺件", "bench"),
    CommandCode("PL:UNREADABLE", "A barcode cannot be read", "条码无法读取", "bench"),
    CommandCode("PL:DAMAGED", "An item is damaged", "商品破损", "bench"),
    CommandCode("PL:PACKING-DAMAGED", "The packing is damaged", "包装破损", "bench"),
    CommandCode("PL:LABEL-DAMAGED", "The label is damaged", "面单破损", "bench"),
    CommandCode("PL:WRONG-ITEM", "A wrong item is in the tote", "周转箱内有错货", "bench"),
    CommandCode("PL:BOX-FULL", "The box is full, the rest in another", "箱满，其余装另一箱", "bench"),
    CommandCode("PL:REPRINT:no-label", "Print again: no label came out", "重打：未出面单", "bench"),
    CommandCode("PL:REPRINT:damaged", "Print again: the label is spoilt", "重打：面单损坏", "bench"),
    CommandCode("PL:SIGN-OUT", "Sign out", "签退", "bench"),
    CommandCode("PL:SELFTEST", "Test this bench", "工位自检", "bench"),
    CommandCode("PL:LAMP-DEAD", "Self-test: the lamp is dead", "自检：灯不亮", "bench"),
    *(CommandCode(f"PL:COUNT:{n}", f"{n} pieces in all", f"{n} 件", "bench") for n in COUNTS),
    CommandCode("PL:SHORT", "Pieces are missing here", "此处缺件", "zone"),
    CommandCode("PL:DONE", "Taken: this place has no lamp now", "已取齐（本库位灯具失效）", "zone"),
    CommandCode("PL:UNDO", "Take the last confirm back", "撤销上次确认", "zone"),
)


def sheet(reasons: Sequence[str] = DEFAULT_REASONS) -> tuple[CommandCode, ...]:
    """Every barcode of a site's sheet; a reason of the site's own says itself."""
    said = ((word, *_REASONS.get(word, (word, word))) for word in reasons)
    return (
        *_COMMANDS,
        *(CommandCode(f"PL:REASON:{w}", f"Reason: {en}", f"原因：{zh}", "bench") for w, en, zh in said),
    )


COMMAND_CODES: Final = sheet()
