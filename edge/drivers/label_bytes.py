"""Is this a label that the printer can take? Looked at before a byte is sent. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from edge.drivers.bench_ports import PrintLanguage, PrintOutcome
from wire.labels import looks_like

LABEL_BYTES_MAX: Final = 2_000_000  # a 10 × 15 cm label as a bare 300 dpi picture has 530 kB in ZPL's hexadecimal


def unprintable(label: bytes, language: PrintLanguage, languages: Collection[PrintLanguage]) -> PrintOutcome | None:
    """Why these bytes are not sent; None: they may be."""
    if len(label) > LABEL_BYTES_MAX:
        return PrintOutcome("failed", "too_large", f"{len(label)} bytes, at most {LABEL_BYTES_MAX}")
    if language not in languages:
        return PrintOutcome("failed", "wrong_language", f"this printer takes {' and '.join(sorted(languages))}")
    if not looks_like(label, language):
        return PrintOutcome("failed", "wrong_language", f"these bytes are no {language.upper()}")
    return None
