"""Everything the bench may say: an instruction of at most 40 characters, in English and 简体中文."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PHRASE_MAX = 40  # characters readable at a glance from two metres on a 10-inch screen


class Refusal(StrEnum):
    """Why a scan was not accepted."""

    WRONG_ITEM = "wrong_item"
    TOO_MANY = "too_many"
    UNKNOWN_BARCODE = "unknown_barcode"
    UNKNOWN_LABEL = "unknown_label"
    NOT_PICKED = "not_picked"
    AT_OTHER_STATION = "at_other_station"
    ALREADY_SHIPPED = "already_shipped"
    RELEASE_UNKNOWN = "release_unknown"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_ON_HOLD = "order_on_hold"
    ORDER_FROZEN = "order_frozen"
    RISK_CONTROL = "risk_control"
    ADDRESS_CHANGED = "address_changed"
    OTHER_WAREHOUSE = "other_warehouse"
    IN_EXCEPTION = "in_exception"
    NOT_THIS_PARCEL = "not_this_parcel"
    BAD_BADGE = "bad_badge"
    SAME_PERSON = "same_person"
    BAD_REASON = "bad_reason"
    MISSING_ITEM = "missing_item"
    UNREADABLE_BARCODE = "unreadable_barcode"
    DAMAGED_ITEM = "damaged_item"
    PACKING_DAMAGED = "packing_damaged"
    OVERRIDES_OFF = "overrides_off"
    NO_PHOTO = "no_photo"
    LABEL_DAMAGED = "label_damaged"
    WRONG_ITEM_FOUND = "wrong_item_found"
    INTERLOCK_FAULT = "interlock_fault"
    SHORT_PICK = "short_pick"
    LABEL_NOT_ITEM = "label_not_item"
    WRONG_LABEL = "wrong_label"
    WEIGHT_OFF = "weight_off"
    NO_SCALE = "no_scale"
    CENTRAL_AWAY = "central_away"
    NOT_A_LABEL = "not_a_label"
    NO_ORDER_WAITS = "no_order_waits"
    LABEL_VOID = "label_void"
    OTHER_PARCEL = "other_parcel"
    REPRINT_LIMIT = "reprint_limit"
    NO_PRINTER = "no_printer"
    NO_MORE_LABELS = "no_more_labels"
    EMPTY_BOX = "empty_box"
    BARCODE_AMBIGUOUS = "barcode_ambiguous"
    ONE_BY_ONE = "one_by_one"
    NOT_A_DETAIL = "not_a_detail"
    SERIAL_KNOWN = "serial_known"
    LOT_UNKNOWN = "lot_unknown"
    LOT_EXPIRED = "lot_expired"
    LOT_NOT_FIRST = "lot_not_first"
    COUNT_NOT_ALLOWED = "count_not_allowed"
    COUNT_TOO_LOW = "count_too_low"


@dataclass(frozen=True)
class Phrase:
    """One instruction in both languages."""

    en: str
    zh: str


PHRASES: Final[dict[str, Phrase]] = {
    # ---- refusals of central ----
    Refusal.WRONG_ITEM: Phrase("Not in this order. Set parcel aside", "不属于本单，请将包裹放到一旁"),
    Refusal.TOO_MANY: Phrase("One too many. Set parcel aside", "数量过多，请将包裹放到一旁"),
    Refusal.UNKNOWN_BARCODE: Phrase("Unknown barcode. Set parcel aside", "条码未知，请将包裹放到一旁"),
    Refusal.UNKNOWN_LABEL: Phrase("Unknown label. Scan another", "面单未知，请扫其他面单"),
    Refusal.NOT_PICKED: Phrase("Not fully picked yet. Take another", "尚未拣完，请先处理其他订单"),
    Refusal.AT_OTHER_STATION: Phrase("In work at another bench", "正在其他工位打包"),
    Refusal.ALREADY_SHIPPED: Phrase("Already shipped. Set parcel aside", "已经发出，请将包裹放到一旁"),
    Refusal.RELEASE_UNKNOWN: Phrase("May have left. Call supervisor", "可能已放行，请叫主管"),
    Refusal.ORDER_CANCELLED: Phrase("Order cancelled. Set parcel aside", "订单已取消，请将包裹放到一旁"),
    Refusal.ORDER_ON_HOLD: Phrase("Order on hold. Set parcel aside", "订单已暂停，请将包裹放到一旁"),
    Refusal.ORDER_FROZEN: Phrase("Order frozen. Set parcel aside", "订单被冻结，请将包裹放到一旁"),
    Refusal.RISK_CONTROL: Phrase("In risk control. Set parcel aside", "订单风控中，请将包裹放到一旁"),
    Refusal.ADDRESS_CHANGED: Phrase("New address. Set aside for a new label", "地址已变更，请放到一旁换面单"),
    Refusal.OTHER_WAREHOUSE: Phrase("Another warehouse ships it. Set aside", "由其他仓发货，请放到一旁"),
    Refusal.IN_EXCEPTION: Phrase("Has an open ticket. Call supervisor", "有未结异常，请叫主管"),
    Refusal.NOT_THIS_PARCEL: Phrase("Scan the label again", "请重新扫描面单"),
    Refusal.BAD_BADGE: Phrase("Badge may not do this", "此工牌无权限"),
    Refusal.SAME_PERSON: Phrase("A second person must decide", "须由另一人确认"),
    Refusal.BAD_REASON: Phrase("No such reason. Scan one from the sheet", "原因无效，请扫描表上的原因条码"),
    Refusal.MISSING_ITEM: Phrase("Item missing. Set parcel aside", "缺件，请将包裹放到一旁"),
    Refusal.UNREADABLE_BARCODE: Phrase("Unreadable item. Set parcel aside", "条码无法读取，请放到一旁"),
    Refusal.DAMAGED_ITEM: Phrase("Damaged item. Set parcel aside", "商品破损，请放到一旁"),
    Refusal.PACKING_DAMAGED: Phrase("Damaged packing. Set parcel aside", "包装破损，请放到一旁"),
    Refusal.OVERRIDES_OFF: Phrase("No override here. Set parcel aside", "本站点不允许主管放行，请放到一旁"),
    Refusal.NO_PHOTO: Phrase("No photo, no override. See the camera", "未能拍照，不能放行，请检查摄像头"),
    Refusal.LABEL_DAMAGED: Phrase("Damaged label. Set parcel aside", "面单破损，请放到一旁"),
    Refusal.WRONG_ITEM_FOUND: Phrase("Wrong item found. Set parcel aside", "发现错货，请放到一旁"),
    Refusal.INTERLOCK_FAULT: Phrase("Gate fault. Call a technician", "闸门故障，请叫技术员"),
    Refusal.SHORT_PICK: Phrase("Picked short. Supervisor decides", "拣货短缺，等主管处理"),
    Refusal.LABEL_NOT_ITEM: Phrase("That is a label. Scan the items", "这是面单，请扫描商品"),
    Refusal.WEIGHT_OFF: Phrase("Weight is off. Set parcel aside", "重量不符，请将包裹放到一旁"),
    Refusal.CENTRAL_AWAY: Phrase("Needs central. Set parcel aside", "中央服务不可用，请放到一旁"),
    Refusal.NO_SCALE: Phrase("Scale is missing. Call a technician", "缺少电子秤，请叫技术员"),
    Refusal.WRONG_LABEL: Phrase("Label of another order. Set aside", "面单属于其他订单，请放到一旁"),
    Refusal.NOT_A_LABEL: Phrase("Not a label. Scan the box's label", "不是面单，请扫描箱上面单"),
    Refusal.NO_ORDER_WAITS: Phrase("No order waits for this item", "没有订单需要此商品"),
    Refusal.LABEL_VOID: Phrase("Old label. Put the new one on the box", "此面单已作废，请贴新面单"),
    Refusal.OTHER_PARCEL: Phrase("Label of this order's other parcel", "这是本单另一包裹的面单"),
    Refusal.REPRINT_LIMIT: Phrase("Printed too often. Call supervisor", "重打次数已满，请叫主管"),
    Refusal.NO_PRINTER: Phrase("No printer here. Find the paper label", "本工位无打印机，请找纸质面单"),
    Refusal.NO_MORE_LABELS: Phrase("No label for it. Call supervisor", "没有可用面单，请叫主管"),
    Refusal.EMPTY_BOX: Phrase("Box is empty. Scan an item first", "箱内无商品，请先扫商品"),
    Refusal.BARCODE_AMBIGUOUS: Phrase("Barcode of two SKUs. Set parcel aside", "条码对应两个商品，请放到一旁"),
    Refusal.ONE_BY_ONE: Phrase("Scan each piece by itself", "请逐件扫描"),
    Refusal.NOT_A_DETAIL: Phrase("Not that one. Scan serial or lot code", "不是序列号或批号，请重扫"),
    Refusal.SERIAL_KNOWN: Phrase("Serial packed before. Set parcel aside", "序列号已打包过，请放到一旁"),
    Refusal.LOT_UNKNOWN: Phrase("Unknown lot. Set parcel aside", "批号未知，请放到一旁"),
    Refusal.LOT_EXPIRED: Phrase("Lot expired. Set parcel aside", "批次已过期，请放到一旁"),
    Refusal.LOT_NOT_FIRST: Phrase("An older lot goes first. Set aside", "应先发更早批次，请放到一旁"),
    Refusal.COUNT_NOT_ALLOWED: Phrase("No count here. Scan each piece", "此处不可输入件数，请逐件扫描"),
    Refusal.COUNT_TOO_LOW: Phrase("More are counted. Key the whole count", "少于已扫件数，请输入总件数"),
    # ---- what the bench asks for ----
    "scan_label": Phrase("Scan a label", "请扫描面单"),
    "scan_first_item": Phrase("Scan an item", "请扫描商品"),
    "scan_cubby": Phrase("Scan a cubby", "请扫描格口"),
    "weigh_box": Phrase("Contents agree. Put it on the scale", "内容一致，请放到秤上"),
    "checking_weight": Phrase("Checking the weight", "正在核对重量"),
    "scale_absent": Phrase("Scale is gone. Check its cable", "电子秤断开，请检查连线"),
    "scale_no_answer": Phrase("Scale does not answer. Switch it on", "电子秤无应答，请检查电源"),
    "scale_moving": Phrase("Scale is moving. Let it rest", "秤未稳定，请静置"),
    "scale_over": Phrase("Too heavy for this scale", "超出量程"),
    "scale_under": Phrase("Below zero. Clear and zero the scale", "低于零点，请清空并归零"),
    "scale_not_zeroed": Phrase("Scale lost its zero. Zero it", "秤未归零，请归零"),
    "scale_fault": Phrase("Scale fault. Call a technician", "电子秤故障，请叫技术员"),
    "scale_garbled": Phrase("Scale is garbled. Call a technician", "秤数据异常，请叫技术员"),
    "scale_empty": Phrase("Put the box on the scale", "请把箱子放到秤上"),
    "scan_box_label": Phrase("Contents agree. Scan the box's label", "内容一致，请扫描箱上面单"),
    "label_prints": Phrase("Contents agree. Label is printing", "内容一致，正在打印面单"),
    "scan_printed_label": Phrase("Stick the label on and scan it", "请贴好面单并扫描"),
    "print_absent": Phrase("Printer off? Switch on, scan REPRINT", "打印机离线，请开机后扫重打条码"),
    "print_paper_out": Phrase("Paper out. Load it, scan REPRINT", "缺纸，请装纸后扫重打条码"),
    "print_head_open": Phrase("Printer open. Close it, scan REPRINT", "打印头未合，请合上后扫重打条码"),
    "print_ribbon_out": Phrase("Ribbon out. Load it, scan REPRINT", "缺碳带，请更换后扫重打条码"),
    "print_paused": Phrase("Printer paused. Resume, scan REPRINT", "打印机暂停，请恢复后扫重打条码"),
    "print_busy": Phrase("Printer busy. Wait, scan REPRINT", "打印机忙，请稍后扫重打条码"),
    "print_lost": Phrase("Label out? Scan it, or scan REPRINT", "已出纸请扫面单，否则扫重打条码"),
    "print_no_word": Phrase("No label? Paper and ribbon; REPRINT", "未出纸？请查纸和碳带，再扫重打条码"),
    "print_fault": Phrase("Printer refuses it. Set aside, call", "打印机拒绝此面单，请放一旁并叫主管"),
    "nothing_to_reprint": Phrase("No label to print again here", "当前没有可重打的面单"),
    "send_it_more": Phrase("Send it. The rest needs the next box", "请推出，其余商品装下一箱"),
    "closing_box": Phrase("Closing the box", "正在封箱确认"),
    "checking_reprint": Phrase("Asking for the label again", "正在请求重打面单"),
    "checking_box_label": Phrase("Checking the box's label", "正在核对箱上面单"),
    "checking_label": Phrase("Checking the label", "正在核对面单"),
    "scan_items": Phrase("Scan the items", "请扫描商品"),
    "checking_item": Phrase("Checking the item", "正在核对商品"),
    "next_item": Phrase("Good. Scan the next item", "正确，请扫下一件"),
    "scan_serial": Phrase("Scan the item's serial number", "请扫描商品序列号"),
    "scan_lot": Phrase("Scan the item's lot code", "请扫描商品批号"),
    "checking_detail": Phrase("Checking serial or lot", "正在核对序列号或批号"),
    "next_item_or_count": Phrase("Good. Next item, or key the count", "正确，请扫下一件或输入总件数"),
    "checking_count": Phrase("Checking the count", "正在核对件数"),
    "item_before_detail": Phrase("Scan the item first, then its lot", "请先扫商品，再扫批号"),
    "nothing_to_count": Phrase("Scan one item, then key the count", "请先扫一件，再输入件数"),
    "releasing": Phrase("All agree. Gate is releasing", "核对一致，正在放行"),
    "send_it": Phrase("Send the parcel", "请推出包裹"),
    "no_answer": Phrase("No answer. Scan the label again", "无应答，请重新扫描面单"),
    "scan_label_first": Phrase("Scan the label first", "请先扫描面单"),
    "wait_for_check": Phrase("Wait for the check", "请等待核对"),
    "let_it_pass": Phrase("Let the parcel pass first", "请先让包裹通过"),
    "ambiguous": Phrase("Label or item? Use another barcode", "无法区分面单与商品，请扫其他条码"),
    "not_at_a_bench": Phrase("That command is for pickers", "此命令仅供拣货使用"),
    "station_here": Phrase("This scanner is at this bench", "此扫码枪属于本工位"),
    "station_other": Phrase("Scanner belongs to the bench shown", "此扫码枪属于所示工位"),
    "scanner_good": Phrase("Scanner is set up right", "扫码枪设置正确"),
    "scanner_layout": Phrase("Wrong keyboard layout. Set as shown", "键盘布局不符，请按提示设置"),
    "scanner_caps": Phrase("CapsLock is on. Switch it off", "大写锁定已开，请关闭"),
    "scanner_no_gs": Phrase("Scanner drops GS. Switch GS on", "扫码枪丢失 GS 符，请开启"),
    "scanner_no_aim": Phrase("Good. Better: switch the AIM id on", "可用，建议开启 AIM 标识"),
    "scanner_odd": Phrase("Scanner changes the text. See below", "扫码枪改动了内容，见下方"),
    "dirty_scan": Phrase("Bad read. Scan again", "读码不清，请重扫"),
    "repeat_ignored": Phrase("Same scan again: ignored", "重复扫描，已忽略"),
    "taking_photo": Phrase("Hold still: taking a photo", "请稍候，正在拍照"),
    "scan_reason": Phrase("Scan the reason", "请扫描原因条码"),
    "badge_first": Phrase("Badge first, then the reason", "请先扫主管工牌，再扫原因"),
    "nothing_to_override": Phrase("Nothing to override here", "当前无需主管放行"),
    "nothing_to_declare": Phrase("No parcel here. Scan a label", "当前无包裹，请扫描面单"),
    "set_aside_done": Phrase("Set aside. Scan the next label", "已放到一旁，请扫下一面单"),
    "override_done": Phrase("Take it out. Scan the next item", "请取出错件，继续扫描"),
    "storage_full": Phrase("Node storage full. Call technician", "节点存储已满，请叫技术员"),
    "gate_refused": Phrase("Gate refused. Scan the label again", "闸门拒绝，请重新扫描面单"),
    "gate_fault": Phrase("Gate fault. Call a technician", "闸门故障，请叫技术员"),
    "gate_forced": Phrase("Gate was forced. Call a technician", "闸门被强行打开，请叫技术员"),
    "gate_not_holding": Phrase("Gate does not hold. Call a technician", "闸门未扣住，请叫技术员"),
    "gate_welded": Phrase("Gate does not return. Call technician", "闸门不回位，请叫技术员"),
    "gate_stuck": Phrase("Gate did not release. Scan label again", "闸门未放行，请重新扫描面单"),
    "gate_fell_shut": Phrase("Gate held too early. Scan label again", "闸门提前扣住，请重新扫描面单"),
    "gate_sense_fault": Phrase("Gate sensor fault. Call a technician", "闸门传感器故障，请叫技术员"),
    "gate_e_stop": Phrase("Emergency stop pressed. Call supervisor", "急停已按下，请叫主管"),
    "gate_stalled": Phrase("Gate control paused. Scan label again", "闸门控制停顿，请重新扫描面单"),
    "gate_guard_away": Phrase("Gate control is gone. Call technician", "闸门守护进程离线，请叫技术员"),
    "gate_returning": Phrase("Gate still moving. Scan label again", "闸门仍在动作，请重新扫描面单"),
    "sign_in_first": Phrase("Scan your badge first", "请先扫描工牌"),
    "checking_badge": Phrase("Checking the badge", "正在核对工牌"),
    "signed_in": Phrase("Signed in. You may begin", "已签到，可以开始"),
    "signed_out": Phrase("Signed out", "已签退"),
    "nobody_signed_in": Phrase("Nobody is signed in here", "当前无人签到"),
    "badge_unanswered": Phrase("No answer. Scan the badge again", "无应答，请重新扫描工牌"),
    "finish_parcel_first": Phrase("Finish this parcel first", "请先完成当前包裹"),
    "touched_too_late": Phrase("Screen was old. Look, press again", "屏幕已更新，请看清再按"),
    "watch_lamp": Phrase("Self-test. Watch the lamp", "自检中，请看灯的颜色"),
    "scan_test_code": Phrase("Saw 4 colours? Scan the test code", "看到四色？请扫自检条码"),
    "printing_slip": Phrase("Printing the test slip", "正在打印自检单"),
    "self_test_passed": Phrase("Bench is well. You may begin", "工位正常，可以开始"),
    "self_test_failed": Phrase("Test failed. Do what is listed", "自检未通过，请按下列处理"),
    "not_in_a_test": Phrase("No self-test is running", "当前没有自检"),
    "unknown_command": Phrase("Unknown command barcode", "未知命令条码"),
}

PRINT_TROUBLES: Final = frozenset(key for key in PHRASES if key.startswith("print_"))
GATE_FAULTS: Final = frozenset(key for key in PHRASES if key.startswith("gate_")) - {"gate_refused"}


def gate_fault(fault: str) -> str:
    """The key of the phrase for a fault the guard reports; one we do not know is a gate fault all the same."""
    key = f"gate_{fault}"
    return key if key in GATE_FAULTS else "gate_fault"


def print_trouble(why: str) -> str:
    """The key of the phrase for what a printer says stands against it; anything else is a fault of the label."""
    key = f"print_{why}"
    return key if key in PRINT_TROUBLES else "print_fault"


def phrase(key: str) -> Phrase:
    """The phrase for `key`; an unknown key reads as itself, cut to the limit."""
    return PHRASES.get(key) or Phrase(key[:PHRASE_MAX], key[:PHRASE_MAX])
