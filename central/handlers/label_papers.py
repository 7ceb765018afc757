"""Label documents come in; a label gets a new number, and the old one counts no more."""

from __future__ import annotations

import hashlib

from central.handlers.saying import Words, many, no, status_words, yes
from central.handlers.site import Turn
from central.rules import imports
from central.rules.label_papers import GONE, LabelNow, check_labels
from central.store import labels, orders
from wire.commands import ImportLabels, NewLabel, Reply, VoidLabel

AT_A_BENCH = ("at_bench", "verified")


def import_labels(turn: Turn, command: ImportLabels) -> Reply:
    """Keep the documents; one for a label that no order has is one more label of the order it names."""
    known = {new.label: found for new in command.labels if (found := _label_now(turn, new)) is not None}
    owners = {new.order_no: _order_now(turn, new.order_no) for new in command.labels if new.order_no}
    checked = check_labels(command.labels, known, {name: found for name, found in owners.items() if found})
    count = len(checked.troubles)
    if command.check_only or (checked.troubles and not command.skip_bad):
        words = Words(f"{many(count, 'trouble')}; nothing was imported", f"{count} 处问题，未导入任何内容")
        return no(command.key, words, imports.shown(checked.troubles)) if count else yes(command.key, 0, words)
    for new in checked.good:
        if new.label not in known:
            labels.add(turn.database, new.order_no, new.label)
        labels.store(turn.database, new.label, labels.Document(new.document, new.body), "host", turn.now_utc_ns)
    turn.effects["documents"] = {new.label: hashlib.sha256(new.body).hexdigest() for new in checked.good}
    done = len(checked.good)
    said = Words(f"{many(done, 'label')} stored", f"已保存 {done} 张面单")
    if checked.already:
        said = said.then(f"; {checked.already} there already", f"；{checked.already} 张早已存在")
    return yes(command.key, done, said, imports.shown(checked.troubles))


def void_label(turn: Turn, command: VoidLabel) -> Reply:
    """The old label is refused from now on; the new one stands in its place."""
    old, new = command.label, command.new_label
    order = orders.order_of_label(turn.database, old)
    if order is None:
        return no(command.key, Words(f"no order has label {old}", f"没有面单 {old}"))
    trouble = _void_trouble(turn, order, old, new)
    if trouble is not None:
        return no(command.key, trouble)
    labels.void(turn.database, order.order_no, old, new, command.reason)
    en = f"label {old} is void, {new} stands in its place. Destroy every paper of the old one"
    return yes(command.key, 1, Words(en, f"面单 {old} 已作废，由 {new} 代替，请销毁旧面单"))


def _void_trouble(turn: Turn, order: orders.OrderRow, old: str, new: str) -> Words | None:
    name, stands = order.order_no, labels.standing(turn.database, old)
    if stands == "void":
        return Words(f"label {old} is void already", f"面单 {old} 已作废")
    if stands == "gone" or order.status in GONE:
        words = status_words(order.status)
        return Words(f"the parcel of {old} has left, or {name} is {words.en}", f"面单 {old} 的包裹已离开或订单已结束")
    if order.status in AT_A_BENCH:
        en = f"order {name} is at {order.station}. Set the parcel aside there first (PL:ASIDE)"
        return Words(en, f"订单 {name} 在 {order.station}，请先将包裹放到一旁")
    if not imports.is_scannable(new):
        return Words(f"label {new!r} cannot be scanned. Use printable text", f"面单 {new!r} 无法扫描")
    owner = orders.order_of_label(turn.database, new)
    if owner is not None:
        return Words(f"label {new} belongs to order {owner.order_no}", f"面单 {new} 属于订单 {owner.order_no}")
    return None


def _label_now(turn: Turn, new: NewLabel) -> LabelNow | None:
    order = orders.order_of_label(turn.database, new.label)
    if order is None:
        return None
    stored = labels.document(turn.database, new.label)
    return LabelNow(
        order.order_no,
        void=labels.standing(turn.database, new.label) == "void",
        printed=labels.printing(turn.database, new.label).times > 0,
        same=stored == labels.Document(new.document, new.body) and new.order_no in ("", order.order_no),
    )


def _order_now(turn: Turn, order_no: str) -> tuple[str, int] | None:
    order = orders.order(turn.database, order_no)
    return (order.status, len(labels.more(turn.database, order_no))) if order else None
