"""What the record and the nodes told in English or in key words, as the reader's language says it."""

from __future__ import annotations

import re
from typing import Final

from central.web.words import Lang
from central.web.words_events import kind_word
from wire.command_codes import COUNTS

# What an alarm asks for. The node's own detail, for whoever maintains it, stands beside it in small print.
CURES: Final[dict[str, tuple[str, str]]] = {
    "module_unreachable": ("Check its plug and cable", "请检查插头和线缆"),
    "module_not_lit": ("Check its lamp", "请检查灯是否损坏"),
    "button_stuck": ("Free or replace the button", "请松开或更换按钮"),
    "bus_down": ("Check the line's adapter and power", "请检查线路适配器和电源"),
    "self_test_failed": ("Look at the bench's screen, then test again", "请查看工位屏幕，处理后重新自检"),
    "scanner_lost": ("Plug the scanner in", "请重新插好扫码枪"),
    "outbox_filling": ("Check the network to central", "请检查到中央的网络"),
    "outbox_full": ("Nothing more can be recorded. Check the network", "无法再记录，请检查网络"),
    "outbox_disk": ("Replace the node's card", "请更换节点存储卡"),
    "outbox_damaged": ("Compare the last deeds with the floor", "请核对最近的操作与现场"),
    "publish_refused": ("Check the node's broker rights", "请检查节点的消息权限"),
    "journal_behind": ("Was this card copied or restored?", "此存储卡是否被复制或还原？"),
    "journal_gap": ("Compare the last deeds with the floor", "请核对最近的操作与现场"),
    "turned_away": ("Set the node up anew with an empty card", "请用空存储卡重新设置节点"),
    "stock_doubtful": ("Enter how many pieces lie there", "请填写该库位的实际件数"),
    "chain_broken": ("Somebody must look at this node's journal", "请检查该节点的流水"),
    "dead_letter": ("Send it to who maintains picklight", "请交给 picklight 维护人员"),
}

# Command barcodes as short as a button.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "PL:ASIDE": ("Set aside", "放到一旁"),
    "PL:MISSING": ("Item missing", "缺件"),
    "PL:WRONG-ITEM": ("Wrong item", "错件"),
    "PL:DAMAGED": ("Damaged", "破损"),
    "PL:UNREADABLE": ("Unreadable", "无法读取"),
    "PL:PACKING-DAMAGED": ("Packing damaged", "包装破损"),
    "PL:LABEL-DAMAGED": ("Label damaged", "面单破损"),
    "PL:SIGN-OUT": ("Sign out", "签退"),
    "PL:REPRINT:no-label": ("No label came out", "未出面单"),
    "PL:REPRINT:damaged": ("Label spoilt", "面单损坏"),
    "PL:SELFTEST": ("Self-test", "工位自检"),
    "PL:LAMP-DEAD": ("Lamp dead", "灯不亮"),
    **{f"PL:COUNT:{n}": (f"{n} pieces", f"{n} 件") for n in COUNTS},
    "PL:BOX-FULL": ("Box full", "箱已满"),
    "PL:REASON:checked": ("Reason: checked", "原因：已核对"),
    "PL:REASON:taken-out": ("Reason: taken out", "原因：已取出"),
    "PL:REASON:scanned-twice": ("Reason: scanned twice", "原因：重复扫描"),
    "PL:REASON:not-in-catalogue": ("Reason: not in catalogue", "原因：未建档"),
}

WHOLE: Final[dict[str, str]] = {
    "page": "页面",
    "command line": "命令行",
    "cli": "命令行",
    "central": "中央服务",
    "api": "接口",
    "site record": "站点记录",
    "simulated floor": "模拟现场",
    "live updates": "实时更新",
    "asked on the page": "在页面上取消",
    "asked on the command line": "在命令行取消",
    "repack": "重新打包",
    "ship_partial": "少件发货",
    "cancel": "取消订单",
    "close": "关闭",
}
WHOLE_EN: Final[dict[str, str]] = {
    "page": "on the page",
    "api": "through the API",
    "repack": "repacked",
    "ship_partial": "shipped without the rest",
    "cancel": "cancelled the order",
    "close": "closed",
}
SENTENCES: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"stock lacks (.+)", "库存缺 {0}"),
        (r"(.+) and (\d+) more SKUs", "{0}，另有 {1} 种"),
        (r"(\d+) of ([^,]+)", "{0} 件 {1}"),
        (r"order cancelled: (.+)", "订单已取消：{0}"),
        (r"(repack|cancel|close) (.+)", "{0}：{1}"),
        (r"order (\S+)", "订单 {0}"),
        (r"ticket (\S+)", "异常单 {0}"),
        (r"wave (\S+)", "波次 {0}"),
        (r"bench (\S+)", "打包工位 {0}"),
    )
)
PARTS_MAX: Final = 20  # of a sentence that lists several things


def told(lang: Lang, text: str) -> str:
    """`text` in the reader's language as far as it is known; names and notes of people stay as they are."""
    if lang == "en":
        return WHOLE_EN.get(text) or kind_word(lang, text)
    if text in WHOLE:
        return WHOLE[text]
    for pattern, words in SENTENCES:
        found = pattern.fullmatch(text)
        if found:
            return words.format(*(told(lang, part) for part in found.groups()))
    return _listed(text) if ", " in text or "; " in text else kind_word(lang, text)


def cure(lang: Lang, alarm: str) -> str:
    """What to do about an alarm; "" if nothing general can be said."""
    pair = CURES.get(alarm, ("", ""))
    return pair[0] if lang == "en" else pair[1]


def command_word(lang: Lang, text: str) -> str:
    """The short name of a command barcode of the bench, "" if it has none."""
    pair = COMMANDS.get(text, ("", ""))
    return pair[0] if lang == "en" else pair[1]


def _listed(text: str) -> str:
    parts = re.split(r"[,;] ", text, maxsplit=PARTS_MAX)
    known = [told("zh", part) for part in parts]
    return "，".join(known) if known != parts else text
