"""What to do now about a ticket, in English and 简体中文: one sentence a person can act on at two in the morning."""

from __future__ import annotations

from typing import Final

from wire.phrases import Phrase, Refusal

NEXT: Final[dict[str, Phrase]] = {
    # ---- by kind, while its order waits for a decision ----
    Refusal.WRONG_ITEM: Phrase(
        "Take the wrong piece out of the tote, put it back to stock, lay the right one in, then repack",
        "请取出错件并退回库存，放入正确商品后重新打包",
    ),
    Refusal.TOO_MANY: Phrase(
        "Count the pieces in the tote; put what is too many back to stock, then repack",
        "请清点箱内件数，多余的退回库存，然后重新打包",
    ),
    Refusal.WRONG_LABEL: Phrase(
        "Find this order's label and the box of the other order; then repack",
        "请找到本单面单和另一单的箱子，然后重新打包",
    ),
    Refusal.UNKNOWN_BARCODE: Phrase(
        "Import the barcode with its SKU, or put the right piece in; then repack",
        "请导入该条码，或换成正确商品，然后重新打包",
    ),
    Refusal.ALREADY_SHIPPED: Phrase(
        "Compare with the first release on the order's page, destroy the second label, then close",
        "请与订单首次放行记录核对，销毁多余面单，然后关闭",
    ),
    Refusal.RELEASE_UNKNOWN: Phrase(
        "Look for the parcel: if it is here, repack. If it has left, wait for the bench's report or ask the carrier",
        "请寻找包裹：若在现场则重新打包；若已离开，请等待工位上报或询问承运商",
    ),
    Refusal.ORDER_ON_HOLD: Phrase("Keep the tote aside; the host lets it go on", "请将周转箱放在一旁，等待上游解除"),
    Refusal.ORDER_FROZEN: Phrase("Keep the tote aside; the host lets it go on", "请将周转箱放在一旁，等待上游解除"),
    Refusal.RISK_CONTROL: Phrase("Keep the tote aside; the host lets it go on", "请将周转箱放在一旁，等待上游解除"),
    Refusal.ADDRESS_CHANGED: Phrase(
        "Put the new label on the box and destroy the old one, then repack", "请换上新面单并销毁旧面单，然后重新打包"
    ),
    Refusal.OTHER_WAREHOUSE: Phrase(
        "Cancel the order here, then put its goods back to stock", "请取消本仓订单，然后将商品退回库存"
    ),
    Refusal.MISSING_ITEM: Phrase(
        "Look for the piece near bench and tote. Found: repack. Not found: pick it again",
        "请在工位和周转箱附近寻找；找到则重新打包，找不到则重新拣货",
    ),
    Refusal.UNREADABLE_BARCODE: Phrase(
        "Put a new barcode on the piece, or pick another one; then repack",
        "请为商品换新条码，或重新拣一件，然后重新打包",
    ),
    Refusal.DAMAGED_ITEM: Phrase(
        "Take the damaged piece out and pick it again. If it is sound after all, repack",
        "请取出破损件并重新拣货；若实际完好，则重新打包",
    ),
    Refusal.PACKING_DAMAGED: Phrase(
        "Take a new carton or bag, look whether the goods are sound, then repack",
        "请更换包装，检查商品是否完好，然后重新打包",
    ),
    Refusal.LABEL_DAMAGED: Phrase(
        "Print the same label again and put it on, then repack", "请重打同一面单并贴好，然后重新打包"
    ),
    Refusal.WRONG_ITEM_FOUND: Phrase(
        "Put the wrong piece back to stock; pick the right one if it is missing, then repack",
        "请将错件退回库存，缺正确商品则重新拣货，然后重新打包",
    ),
    Refusal.INTERLOCK_FAULT: Phrase(
        "Do not force it. Call a technician; close when the gate holds again", "请勿强行操作，叫技术员；恢复扣住后关闭"
    ),
    Refusal.SHORT_PICK: Phrase(
        "Count the place, bring stock if there is any, then pick again. Else cancel the order",
        "请盘点库位，有货则补货后重新拣货，否则取消订单",
    ),
    # ---- by where it stands ----
    "pick_first": Phrase(
        "The lights ask for the missing pieces. When they are in the tote, repack", "亮灯处正在补拣，拣齐后重新打包"
    ),
    "repack": Phrase("All steps are done: send the order back to the bench with repack", "步骤已完成，请重新打包"),
    "on_hold": Phrase(
        "The host has stopped the order. Wait until it lets it go on, or cancel", "上游已暂停该订单，请等待解除或取消"
    ),
    "put_back": Phrase(
        "The order is cancelled: put its goods back to stock, or write off what is spoilt",
        "订单已取消，请将商品退回库存，损坏的报损",
    ),
    "moved_on": Phrase(
        "Its order went on without a decision. Look at the order, then close", "订单已继续，请查看后关闭"
    ),
    "gone": Phrase(
        "Its parcel has left. Ask the carrier for it if it must come back, then close",
        "包裹已离开，如需追回请联系承运商，然后关闭",
    ),
    "close": Phrase("Nothing is left to do. Close it", "已无待办，请关闭"),
    "nothing": Phrase("Done", "已处理"),
    "decide": Phrase("Put right what is wrong, then repack; or cancel the order", "请处理后重新打包，或取消订单"),
}


def said(key: str) -> Phrase:
    """The sentence; a kind without one of its own has the general one."""
    return NEXT.get(key) or NEXT["decide"]
