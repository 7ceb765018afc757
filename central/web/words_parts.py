"""What a bench's self-test found, part by part, in English and 简体中文, with what to do about it."""

from __future__ import annotations

from typing import Final

from central.web.words import Lang

PARTS: Final[dict[str, tuple[str, str]]] = {
    "lamp": ("Lamp", "指示灯"),
    "scanner": ("Scanner", "扫码枪"),
    "scale": ("Scale", "电子秤"),
    "printer": ("Label printer", "面单打印机"),
    "gate": ("Gate", "闸门"),
    "clock": ("Clock", "时钟"),
    "central": ("Central", "中央服务"),
}
# By part and reason, then by part alone.
_CURES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("lamp", ""): ("Replace the lamp, or the screen's cable", "请更换指示灯或屏幕线缆"),
    ("scanner", "no_code"): ("Plug the scanner in, scan the self-test code", "请插好扫码枪，扫描自检条码"),
    ("scanner", "scanner_layout"): ("Set the layout that the bench named", "请按提示设置键盘布局"),
    ("scanner", "scanner_caps"): ("Switch CapsLock off", "请关闭大写锁定"),
    ("scanner", "scanner_no_gs"): ("Set the scanner to send GS", "请设置扫码枪发送 GS"),
    ("scanner", ""): ("Check the scanner's settings", "请检查扫码枪设置"),
    ("scale", "not_empty"): ("Take everything off the scale", "请清空秤面"),
    ("scale", "moving"): ("Let the scale come to rest", "请等秤稳定"),
    ("scale", "not_zeroed"): ("Press ZERO at the scale", "请在秤上按清零键"),
    ("scale", "under"): ("Press ZERO at the scale", "请在秤上按清零键"),
    ("scale", ""): ("Check the scale's plug and cable", "请检查秤的电源和线缆"),
    ("printer", "paper_out"): ("Put labels in", "请装入面单纸"),
    ("printer", "head_open"): ("Close the print head", "请合上打印头"),
    ("printer", "ribbon_out"): ("Put a ribbon in", "请装入碳带"),
    ("printer", "paused"): ("Press PAUSE at the printer", "请按打印机暂停键恢复"),
    ("printer", ""): ("Switch the printer on, check its cable", "请打开打印机并检查线缆"),
    ("gate", "e_stop"): ("Free the emergency stop", "请松开急停"),
    ("gate", ""): ("Call a technician. Nothing leaves here", "请叫技术员，此处不放行"),
    ("clock", ""): ("Check the time server of this node", "请检查节点的对时服务"),
    ("central", "storage_full"): ("Node storage full. Call a technician", "节点存储已满，请叫技术员"),
    ("central", ""): ("Check the network to central", "请检查到中央的网络"),
}


def part_word(lang: Lang, part: str) -> str:
    """The name of a part of a bench."""
    pair = PARTS.get(part, (part, part))
    return pair[0] if lang == "en" else pair[1]


def part_cure(lang: Lang, part: str, why: str) -> str:
    """What to do about a part that is not well, "" for one we do not know."""
    pair = _CURES.get((part, why)) or _CURES.get((part, ""), ("", ""))
    return pair[0] if lang == "en" else pair[1]
