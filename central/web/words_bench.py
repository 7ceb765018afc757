"""The bench's page in English and 简体中文: the line below the verdict, and what its buttons say."""

from __future__ import annotations

from typing import Final

from central.web.words import Lang

TODO: Final[dict[str, tuple[str, str]]] = {
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
    "checking_override": ("Wait a moment", "请稍候"),
    "checking_aside": ("Wait a moment", "请稍候"),
    "unanswered": ("Nothing was released. Begin again with the label", "未放行，请从面单重新开始"),
    "gate_fault": ("Nothing leaves here until the gate is well", "闸门恢复前不放行"),
    # ---- whatever the state, what was just said or scanned comes first ----
    "sign_in_first": ("No parcel begins without a name", "未签到不能开始包裹"),
    "unread": ("Nothing was counted. Wipe the code, scan it again", "没有计数，请擦净条码后重扫"),
    "repeat": ("It counted once. Go on", "只计一次，请继续"),
}


def todo(lang: Lang, say: str, state: str, sort: str) -> str:
    """What the hands should do now, "" for a state this version does not know."""
    pair = TODO.get(say) or TODO.get(sort) or TODO.get(state, ("", ""))
    return pair[0] if lang == "en" else pair[1]
