"""The bench's page in English and 简体中文: the line below the verdict, and what its buttons say."""

from __future__ import annotations

from typing import Final, Literal

BENCH_WORDS: Final[dict[str, tuple[str, str]]] = {
    "gate_holding": ("Holding", "扣住"),
    "gate_released": ("Released", "放行"),
    "gate_fault": ("Gate fault", "闸门故障"),
    "gate_away": ("Guard gone, holding", "守护进程离线，扣住"),
    "lamp_off": ("lamp off", "灯灭"),
    "lamp_green": ("green", "绿灯"),
    "lamp_red": ("red", "红灯"),
    "lamp_amber": ("amber", "黄灯"),
    "lamp_blue": ("blue", "蓝灯"),
    "interlock": ("Interlock", "联锁"),
    "device_scale": ("Scale", "电子秤"),
    "device_printer": ("Label printer", "面单打印机"),
    "device_voice": ("Voice", "语音"),
    "device_buzzer": ("Buzzer", "蜂鸣器"),
    "device_camera": ("Camera", "摄像头"),
    "device_absent": ("not there", "未连接"),
    "device_refused": ("cannot be used", "不可用"),
    "scanner": ("Scanner", "扫码枪"),
    "devices": ("Devices", "设备"),
    "self_test": ("Self-test", "工位自检"),
    "test_open": ("being looked at", "检查中"),
    "test_well": ("well", "正常"),
    "test_passed": ("Self-test passed", "自检通过"),
    "test_failed": ("Self-test failed", "自检未通过"),
    "key_count": ("Key the count", "输入件数"),
    "key_back": ("Take the last digit away", "删除一位"),
    "key_done": ("That many pieces", "确认件数"),
    "scanner_lost": ("Scanner unplugged", "扫码枪未连接"),
    "repeats_ignored": ("repeated scans ignored: {n}", "已忽略重复扫描：{n}"),
    "nothing_packed": ("No parcel in work", "当前无包裹"),
    "remaining": ("{n} to go", "还差 {n}"),
    "wants": ("wants {n}", "需 {n} 件"),
    "on_the_bench": ("on the bench", "在工位上"),
    "badge": ("Badge: {n}", "工牌：{n}"),
    "complete": ("complete", "已齐"),
    "bench_away": ("Not seen yet", "尚未上线"),
}
WHAT_NOW: Final[dict[str, tuple[str, str]]] = {
    "ready": ("A scan begins the next parcel", "扫描即开始下一个包裹"),
    "signing_in": ("Wait a moment", "请稍候"),
    "self_test": ("Watch the lamp, then scan the sheet's self-test code", "看灯变色，再扫命令表上的自检条码"),
    "beginning": ("Wait a moment", "请稍候"),
    "checking_label": ("Wait a moment", "请稍候"),
    "packing": ("Scan every piece, one by one", "逐件扫描商品"),
    "checking_item": ("Wait a moment", "请稍候"),
    "wants_detail": ("Scan the number on the piece", "请扫描商品上的号码"),
    "checking_detail": ("Wait a moment", "请稍候"),
    "weighing": ("Put the closed box on the scale", "请将封好的箱子放到秤上"),
    "checking_weight": ("Wait a moment", "请稍候"),
    "labelling": ("Stick the label on the box, then scan it", "贴好面单后扫描它"),
    "checking_proof": ("Wait a moment", "请稍候"),
    "releasing": ("Keep your hands off the gate", "请勿触碰闸门"),
    "released": ("Push it through. The gate closes by itself", "推过闸口，闸门自动关闭"),
    "blocked": ("Set it aside, or a second person scans a badge", "放到一旁，或由另一人扫描工牌"),
    "badged": ("Touch or scan the reason", "请按或扫描原因"),
    "photographing": ("Hold still", "请稍候"),
    "checking_override": ("Wait a moment", "请稍候"),
    "checking_aside": ("Wait a moment", "请稍候"),
    "unanswered": ("Nothing was released. Begin again with the label", "未放行，请从面单重新开始"),
    "gate_fault": ("Nothing leaves here until the gate is well", "闸门恢复前不放行"),
    # ---- whatever the state, what was just said or scanned comes first ----
    "sign_in_first": ("No parcel begins without a name", "未签到不能开始包裹"),
    "unread": ("Nothing was counted. Wipe the code, scan it again", "没有计数，请擦净条码后重扫"),
    "repeat": ("It counted once. Go on", "只计一次，请继续"),
}


def todo(lang: Literal["en", "zh"], say: str, state: str, sort: str) -> str:
    """What the hands should do now, "" for a state this version does not know."""
    pair = WHAT_NOW.get(say) or WHAT_NOW.get(sort) or WHAT_NOW.get(state, ("", ""))
    return pair[0] if lang == "en" else pair[1]
