"""Names of tickets, alarms and happenings, in English and 简体中文."""

from __future__ import annotations

import re
from typing import Final

from central.web.words import Lang

KINDS: Final[dict[str, tuple[str, str]]] = {
    # ---- tickets (the refusals that open one) ----
    "wrong_item": ("Wrong item", "错件"),
    "too_many": ("Too many", "多件"),
    "unknown_barcode": ("Unknown barcode", "未知条码"),
    "unknown_label": ("Unknown label", "未知面单"),
    "label_not_item": ("Label instead of item", "误扫面单"),
    "not_picked": ("Not fully picked", "未拣齐"),
    "at_other_station": ("At another bench", "在其他工位"),
    "already_shipped": ("Already shipped", "重复发货"),
    "release_unknown": ("May have left", "可能已放行"),
    "order_cancelled": ("Order cancelled", "订单已取消"),
    "order_on_hold": ("Order on hold", "订单暂停"),
    "order_frozen": ("Order frozen", "订单冻结"),
    "risk_control": ("In risk control", "风控中"),
    "address_changed": ("Address changed", "地址变更"),
    "other_warehouse": ("Another warehouse ships it", "由其他仓发货"),
    "on_hold": ("On hold", "已暂停"),
    "frozen": ("Frozen", "已冻结"),
    "held": ("Stopped for now", "暂停处理"),
    "hold": ("stopped", "暂停"),
    "in_exception": ("In exception", "异常中"),
    "not_this_parcel": ("Not this parcel", "非当前包裹"),
    "bad_badge": ("Badge refused", "工牌无权限"),
    "same_person": ("Same person", "同一人"),
    "bad_reason": ("Reason refused", "原因无效"),
    "missing_item": ("Item missing", "缺件"),
    "unreadable_barcode": ("Unreadable barcode", "条码无法读取"),
    "damaged_item": ("Damaged item", "商品破损"),
    "label_damaged": ("Damaged label", "面单破损"),
    "wrong_item_found": ("Wrong item found", "发现错件"),
    "interlock_fault": ("Interlock fault", "联锁故障"),
    "short_pick": ("Short pick", "短拣"),
    "no_stock": ("No stock", "无库存"),
    # ---- alarms of nodes ----
    "outbox_filling": ("Node storage fills up", "节点存储将满"),
    "outbox_full": ("Node storage is full", "节点存储已满"),
    "outbox_disk": ("Node's disk fails", "节点磁盘故障"),
    "outbox_damaged": ("Node's storage was damaged", "节点存储曾损坏"),
    "publish_refused": ("Broker refuses the node", "消息服务器拒绝节点"),
    "journal_gap": ("Journal has a gap", "流水有缺口"),
    "journal_behind": ("Card is an older copy", "存储卡是旧副本"),
    "turned_away": ("Node's card is refused", "节点存储卡被拒绝"),
    "stock_doubtful": ("Count this place", "库存存疑，请盘点"),
    "dead_letter": ("Line could not be applied", "有无法处理的流水"),
    "module_not_lit": ("Light module stays dark", "灯应亮未亮"),
    "bus_down": ("Light bus is down", "灯总线断开"),
    "button_stuck": ("Button stuck", "按钮卡住"),
    "module_unreachable": ("Light module without answer", "灯无应答"),
    "scanner_lost": ("Scanner lost", "扫码枪断开"),
    "chain_broken": ("Journal chain broken", "流水链不一致"),
    # ---- what happened to an order ----
    "imported": ("Imported", "导入"),
    "ticket_closed": ("Exception closed", "异常单已关闭"),
    "waved": ("Released in a wave", "随波次下发"),
    "granted": ("Release granted", "允许放行"),
    "ticket_opened": ("Exception opened", "开启异常"),
    "ticket_resolved": ("Exception resolved", "异常已处理"),
    "ticket_overridden": ("Exception overridden", "主管放行"),
    "pick_confirmed": ("Picked", "已拣"),
    "short_picked": ("Picked short", "短拣"),
    "put_confirmed": ("Put into its cubby", "已放入格口"),
    "cubby_emptied": ("Taken out of its cubby", "已从格口取出"),
    "puts_missing": ("Missing at the wall", "播种缺件"),
    "pick_undone": ("Confirm taken back", "撤销拣货确认"),
    "zero_checked": ("Empty place looked at", "空库位核查"),
    "tote_inducted": ("Tote scanned in", "周转箱已扫入"),
    "label_scanned": ("Label scanned", "扫面单"),
    "item_scanned": ("Item scanned", "扫商品"),
    "problem_declared": ("Problem declared", "报告问题"),
    "override_asked": ("Override asked", "申请放行"),
    "parcel_set_aside": ("Set aside", "放到一旁"),
    "parcel_released": ("Parcel left the bench", "包裹放行"),
    "interlock_faulted": ("Interlock fault", "联锁故障"),
    "stale_answer": ("Late answer, not used", "应答过期未用"),
    # ---- faults of an interlock ----
    "forced": ("Forced open", "被强行打开"),
    "not_holding": ("Does not hold", "未扣住"),
    "welded": ("Does not return", "不回位"),
    "stuck": ("Did not release", "未放行"),
    "fell_shut": ("Held too early", "提前扣住"),
    "sense_fault": ("Contacts contradict each other", "传感器矛盾"),
    "e_stop": ("Emergency stop pressed", "急停已按下"),
    "stalled": ("Guard stood still", "守护进程停顿"),
    "guard_away": ("Guard gone", "守护进程离线"),
    # ---- kinds of interlock ----
    "gate": ("Gate", "闸门"),
    "printer": ("Printer", "打印机"),
    "sealer": ("Carton sealer", "封箱机"),
    "tote_lock": ("Tote lock", "周转箱锁"),
    # ---- details ----
    "interlock": ("interlock", "联锁"),
    "location_id": ("location", "库位"),
    "sku": ("SKU", "商品编码"),
    "cubby": ("cubby", "格口"),
    "put_pieces": ("pieces", "件数"),
    "picked_pieces": ("pieces", "件数"),
    "found_pieces": ("found", "找到"),
    "asked_pieces": ("asked", "需要"),
    "colour": ("colour", "颜色"),
    "picker": ("picker", "拣货员"),
    "tote_id": ("tote", "周转箱"),
    "station": ("bench", "工位"),
    "label": ("label", "面单"),
    "barcode": ("barcode", "条码"),
    "problem": ("problem", "问题"),
    "reason": ("reason", "原因"),
    "why": ("why", "原因"),
    "fault": ("fault", "故障"),
    "packer": ("packer", "打包员"),
    "verdict": ("verdict", "判定"),
    "wave": ("wave", "波次"),
    "ticket": ("ticket", "异常单"),
    "note": ("note", "备注"),
    "by": ("by", "经手"),
    "country": ("country", "国家"),
    # ---- verdicts in evidence ----
    "loaded": ("order loaded", "订单已载入"),
    "accepted": ("accepted", "正确"),
    "set_aside": ("set aside", "放到一旁"),
    "declared": ("declared", "已报告"),
    "incomplete": ("packed of asked", "已装/应装"),
    "released": ("released", "已放行"),
    "order_loaded": ("order loaded", "订单已载入"),
    "item_accepted": ("accepted", "正确"),
    "verified": ("all agree", "全部一致"),
    "refused": ("refused", "拒绝"),
    "blocked": ("held", "扣住"),
}


_WORD: Final = re.compile(r"[a-z]+(_[a-z]+)+")


def kind_word(lang: Lang, kind: str) -> str:
    """The short name of a ticket, alarm, deed or detail. An unknown word reads as itself, with spaces."""
    pair = KINDS.get(kind)
    if pair is None:
        return kind.replace("_", " ") if _WORD.fullmatch(kind) else kind
    return pair[0] if lang == "en" else pair[1]
