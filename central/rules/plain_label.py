"""The label central makes where none was imported: its number as Code 128 and the order's number, in ZPL. Pure."""

from __future__ import annotations

from typing import Final

# 10 × 15 cm at 203 dpi, 812 dots wide. Code 128 set B has 11 modules a character, and 35 for start, check and stop.
WIDE_MODULES: Final = ((20, 3), (33, 2), (64, 1))  # characters at most, dots a module


def plain_label(label: str, order_no: str) -> bytes | None:
    """The label in ZPL II; None if its number is nothing that Code 128 can hold."""
    if not all(" " <= letter <= "~" for letter in label):
        return None
    dots = next(module for longest, module in WIDE_MODULES if len(label) <= longest)
    barcode = _field(label.replace(">", ">0"))
    return (
        f"^XA^CI28^PW812^LL1218^FO40,40^A0N,50,50{_field('Order ' + order_no)}^FO40,110^GB732,4,4^FS"
        f"^BY{dots},3,200^FO40,160^BCN,200,N,N,N{barcode}^FO40,390^A0N,50,50{_field(label)}^XZ"
    ).encode()


def _field(text: str) -> str:
    """A field of these characters, none of them read as a command."""
    if not any(letter in text for letter in "^~_\\"):
        return f"^FD{text}^FS"
    return "^FH_^FD" + "".join(f"_{ord(letter):02X}" if letter in "^~_\\" else letter for letter in text) + "^FS"
