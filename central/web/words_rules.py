"""The rules of the match in a sentence each, for whoever looks into a decision."""

from __future__ import annotations

from typing import Final

from central.web.words import LANGS, Lang

RULES: Final[dict[str, tuple[str, str]]] = {
    "order_ready": ("The order is fully picked and nobody stops it", "订单已拣齐，且未被拦截"),
    "label_known": ("A label or tote must belong to one order", "面单或周转箱须属于一个订单"),
    "fully_picked": ("An order is packed once all of it is picked", "订单拣齐后方可打包"),
    "one_bench": ("A parcel is packed at one bench, in one go", "一个包裹只在一个工位打包"),
    "not_released_before": ("A parcel leaves once", "一个包裹只放行一次"),
    "not_cancelled": ("A cancelled order does not leave", "已取消的订单不得发出"),
    "not_held": ("An order that its host holds does not leave", "被平台拦截的订单不得发出"),
    "address_as_printed": ("The label must show the address of now", "面单地址须为最新地址"),
    "our_warehouse": ("Only this warehouse's orders leave here", "仅发出本仓订单"),
    "no_open_ticket": ("An order with an open ticket waits", "有未结异常的订单须等待"),
    "one_owner": ("A barcode must mean one active SKU", "一个条码只对应一个在用商品"),
    "item_belongs": ("An item must be wanted by the order", "商品须属于本单"),
    "not_too_many": ("No more pieces than were ordered", "件数不得超过订单"),
    "serial_captured": ("Each piece shows its serial number", "每件须扫序列号"),
    "serial_new": ("A serial number is packed once", "一个序列号只打包一次"),
    "lot_captured": ("Each piece shows its lot", "每件须扫批号"),
    "lot_known": ("The lot must be on record, with its last good day", "批次及有效期须已登记"),
    "lot_good": ("The lot must not be expired", "批次不得过期"),
    "first_expired_first": ("What expires first goes first", "先到期先发"),
    "detail_readable": ("A serial number or lot was asked for", "应扫序列号或批号"),
    "count_allowed": ("A count is keyed only where the SKU allows it", "仅允许的商品可输入件数"),
    "count_covers_scans": ("A keyed count covers what was scanned", "输入的件数须包含已扫件数"),
    "all_counted": ("Every count equals what was ordered", "各商品件数与订单一致"),
    "label_on_box": ("The label on the box must be the order's", "箱上面单须属于本单"),
    "item_not_label": ("An item was asked for, not a label", "应扫商品而非面单"),
    "order_waits": ("A picked order must wait for the item", "须有已拣订单需要此商品"),
}


def rule_word(lang: Lang, rule: str) -> str:
    """The rule in a sentence; "": it is no rule of the match."""
    pair = RULES.get(rule)
    return pair[LANGS.index(lang)] if pair else ""
