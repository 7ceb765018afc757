"""The slip that a self-test prints: the bench, the person's badge and each part, as ZPL or PDF. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edge.drivers.bench_ports import PrintLanguage
from wire.shift_deeds import PartResult

_FONT: Final = "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def slip(language: PrintLanguage, station: str, packer: str, results: Sequence[PartResult], at: str) -> bytes:
    """The slip's bytes. `at`: the time as it should stand there. What is not ASCII prints as `?`."""
    lines = [f"{station}  SELF-TEST", at, packer or "-"]
    lines += [f"{result.part}: {'OK' if result.ok else 'NOT OK ' + result.why}" for result in results]
    plain = [line.encode("ascii", "replace").decode("ascii") for line in lines]
    return _zpl(plain) if language == "zpl" else _pdf(plain)


def _zpl(lines: Sequence[str]) -> bytes:
    fields = [
        f"^FO30,{30 + 48 * row}^A0N,40,36^FH^FD{''.join(_hex(char) for char in line)}^FS"
        for row, line in enumerate(lines)
    ]
    return "\n".join(["^XA", *fields, "^XZ"]).encode("ascii")


def _hex(char: str) -> str:
    """ZPL's own signs go as their codes."""
    return f"_{ord(char):02X}" if char in "^~\\_" else char


def _pdf(lines: Sequence[str]) -> bytes:
    """One page of 100 x 150 mm in a font that every reader has."""
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    text = f"BT /F 14 Tf 20 TL 20 395 Td {shown} ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 283 425] /Contents 4 0 R {_FONT} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{end}".encode("ascii")


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
