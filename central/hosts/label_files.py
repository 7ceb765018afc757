"""Files of label documents: CSV or JSON, the carrier's bytes in base64."""

from __future__ import annotations

import binascii
from typing import Final, get_args

from central.hosts.fields import Checked
from central.hosts.files import Troubles, listed
from central.hosts.rows import Columns, Kind, read_rows
from wire.commands import NewLabel
from wire.labels import DOCUMENT_BYTES_MAX, LabelKind

LABELS: Final = Columns(("label", "document", "body_base64"), ("order_no",))


def read_labels(data: bytes, kind: Kind) -> tuple[tuple[NewLabel, ...], Troubles]:
    """One row a label. A CSV cell holds at most 128 KiB: larger documents come as JSON."""
    rows, troubles = read_rows(data, kind, LABELS)
    good: list[NewLabel] = []
    kinds: dict[str, LabelKind] = {name: name for name in get_args(LabelKind)}
    for row in rows:
        checked = Checked(row, troubles)
        label, order_no = checked.text("label"), checked.text("order_no", needed=False)
        document, body = checked.choice("document", tuple(kinds)), _body(checked)
        if not checked.bad:
            new = NewLabel(label=label, document=kinds[document], body=body, order_no=order_no, line=row.line)
            good.append(new)
    return tuple(good), listed(troubles)


def _body(checked: Checked) -> bytes:
    value = checked.row.values.get("body_base64", "")
    try:
        body = binascii.a2b_base64(value if isinstance(value, str) else "", strict_mode=True)
    except ValueError:
        body = b""
    if not body:
        checked.trouble("body_base64 is no base64", "Send the carrier's bytes in base64, without line breaks")
    elif len(body) > DOCUMENT_BYTES_MAX:
        checked.trouble(f"the document has {len(body)} bytes", f"At most {DOCUMENT_BYTES_MAX}")
    return body
