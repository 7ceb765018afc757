"""Words of the pages about tickets: steps, their questions, what was done. Two languages each."""

from __future__ import annotations

from typing import Final

TICKET_WORDS: Final[dict[str, tuple[str, str]]] = {
    "now": ("What to do now", "现在要做"),
    "step_repick": ("Pick again", "重新拣货"),
    "step_replace_label": ("Label replaced", "标签已更换"),
    "step_return_stock": ("Put back to stock", "退回库存"),
    "step_write_off": ("Write off", "报损"),
    "step_repack": ("Repack", "重新打包"),
    "step_cancel": ("Cancel order", "取消订单"),
    "step_close": ("Close", "关闭"),
    "ask_repick": ("Light the same SKU again for order {order}?", "为订单 {order} 重新亮灯拣同一商品？"),
    "ask_replace_label": (
        "Is the new label on, and the old one destroyed? Order {order}",
        "新标签已贴好，旧标签已销毁？订单 {order}",
    ),
    "ask_return_stock": (
        "Are the goods of order {order} back in their places? {n} pieces",
        "订单 {order} 的商品已放回库位？共 {n} 件",
    ),
    "ask_put_back": ("Is the piece back in its place?", "该商品已放回库位？"),
    "ask_write_off": (
        "Write off the goods of order {order}? {n} pieces; no place gets them",
        "将订单 {order} 的商品报损？共 {n} 件，不入库",
    ),
    "ask_repack": ("Send order {order} back to work?", "将订单 {order} 送回作业？"),
    "ask_close": ("Close this ticket? Nothing else changes", "关闭此异常单？其他不变"),
    "yes_do": ("Yes, it is so", "确认"),
    "steps": ("Steps", "处理步骤"),
    "no_steps": ("Nothing was done yet", "尚未处理"),
    "by": ("By", "经手"),
    "your_badge": ("Your badge or name", "您的工牌或姓名"),
    "tote": ("Tote", "周转箱"),
    "left_to_pick": ("still to pick: {n}", "待拣：{n} 件"),
    "left_in_hand": ("goods to put back: {n}", "待退回：{n} 件"),
    "which_sku": ("SKU", "商品编码"),
    "how_many": ("Pieces", "件数"),
    "to_location": ("To location", "放回库位"),
    "photo": ("Photo at the bench", "工位照片"),
    "mispicks": ("Mispicks let go on", "错拣放行"),
    "no_mispicks": ("none in the last days", "近几日没有"),
    "open_ticket": ("Details", "详情"),
}
