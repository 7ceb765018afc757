"""Label documents: the bytes of a shipping label as its carrier made them, and what they must look like. Pure."""

from __future__ import annotations

from typing import Final, Literal

LabelKind = Literal["zpl", "pdf"]
DOCUMENT_BYTES_MAX: Final = 1_000_000  # a 10 × 15 cm label as a bare 300 dpi picture has 530 kB in ZPL's hexadecimal
HEAD_BYTES: Final = 1024  # a PDF says what it is within so much


def looks_like(label: bytes, kind: LabelKind) -> bool:
    """True if these bytes are at least the frame of a document of `kind`."""
    if kind == "pdf":
        return b"%PDF-" in label[:HEAD_BYTES]
    return b"^XA" in label[:HEAD_BYTES] and b"^XZ" in label[-HEAD_BYTES:]
