"""Labels to print, and a second opinion on what came out: zxing-cpp reads the picture."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import zxingcpp

from sim.label_printer.code128 import bars

POINT = 72 / 203  # a dot at 203 dpi


def zpl(code: str, copies: int = 1) -> bytes:
    """A shipping label as a carrier's system makes it."""
    return (
        f"^XA^PW812^LL1218^FO40,40^A0N,40,40^FDTo: 张三, Calle Mayor 1^FS^FO40,100^GB730,4,4^FS"
        f"^BY3,3,160^FO60,200^BCN,160,Y,N,N^FD{code}^FS^FO40,420^GFA,8,8,1,FF818181818181FF^FS^PQ{copies}^XZ"
    ).encode()


def pdf(code: str) -> bytes:
    """The same as a one-page PDF, its bars drawn as rectangles."""
    x, drawn = 40.0, []
    for place, width in enumerate(bars(code)):
        if place % 2 == 0:
            drawn.append(f"{x:.3f} 200 {width * 3 * POINT:.3f} 60 re f")
        x += width * 3 * POINT
    content = "\n".join(drawn).encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    document, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(document)
    document += b"xref\n0 5\n0000000000 65535 f \n" + table
    return document + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def codes_on(picture: Path) -> list[str]:
    """What a scanner reads off the printed label."""
    wide, high, dots = _gray(picture.read_bytes())
    return [found.text for found in zxingcpp.read_barcodes(memoryview(dots).cast("B", shape=[high, wide]))]


def _gray(png: bytes) -> tuple[int, int, bytes]:
    """Dots of a PNG of 8 bit gray."""
    wide, high = struct.unpack(">II", png[16:24])
    assert png[24:26] == b"\x08\x00", "8 bit gray"
    place, packed = 8, b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + size]
        place += size + 12
    raw = zlib.decompress(packed)
    lines = [raw[line * (wide + 1) : (line + 1) * (wide + 1)] for line in range(high)]
    assert all(line[0] == 0 for line in lines), "the simulated printer filters no lines"
    return wide, high, b"".join(line[1:] for line in lines)
