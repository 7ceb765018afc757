"""What a zone asks for where a module is dead, and how its light buses are, in English and 简体中文."""

from __future__ import annotations

from typing import Final

ZONE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "bus_health": ("Light buses, in numbers", "灯总线数据"),
    "bus": ("Bus", "总线"),
    "reply_ms": ("ms", "ms"),
    "err_silent": ("no answer", "无应答"),
    "err_garbled": ("garbled", "乱码"),
    "err_refused": ("refused", "拒绝"),
    "quarantined": ("quarantined", "隔离"),
    "unit": ("unit {n}", "地址 {n}"),
    "step_stuck_scan": ("button stuck: scan the place, take {n}", "按钮卡住：扫库位，取 {n}"),
    "step_dead": ("lamp dead: take {n}, call a technician", "灯故障：取 {n}，请叫技术员"),
    "step_dead_press": ("lamp dead: take {n} and press", "灯不亮：取 {n} 后按键"),
    "step_dead_scan": ("lamp dead: scan the place, take {n}", "灯故障：扫库位，取 {n}"),
    "step_dead_item": ("take {n}, then scan the item", "取 {n}，再扫商品"),
    "step_dead_done": ("take {n}, then scan the item or PL:DONE", "取 {n}，再扫商品或 PL:DONE"),
    "step_dead_zero": ("is it empty? Scan PL:DONE: yes", "是否已空？是则扫 PL:DONE"),
    "step_barred": ("found short: waits for central", "已报短拣，等待中央处理"),
    "notice_scan_item_or_done": ("Now the item, or PL:DONE", "请扫商品或 PL:DONE"),
    "notice_press_the_lamp": ("The lamp works: press it", "灯正常，请按灯"),
    "notice_scan_quantity": ("Scan PL:QTY with what was found", "请扫 PL:QTY 报实际件数"),
    "wrong_scan": (
        "{who}: {code} is not for {place}. Put it back, take {sku}. Wrong scans: {n}",
        "{who}：{code} 不是 {place} 要的。放回去，取 {sku}。错扫次数：{n}",
    ),
}
