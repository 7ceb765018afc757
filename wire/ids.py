"""Names of things on the floor, kept apart by type, and the limits of text from outside."""

from __future__ import annotations

from typing import Annotated, NewType

from msgspec import Meta

NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,31}$"  # sites and nodes: they become MQTT topic levels and user names
TEXT_MAX = 64  # longest id we store; a GS1 element string of one item fits in 48
PHOTO_BYTES_MAX = 48 * 1024  # a JPEG of 1024 × 768 at quality 60 is about 45 kB
SCAN_MAX = 256  # longest text a scan may carry onward; longer scans are refused at the node

SiteName = NewType("SiteName", str)
NodeName = NewType("NodeName", str)
ZoneId = NewType("ZoneId", str)
StationName = NewType("StationName", str)
LocationId = NewType("LocationId", str)
Sku = NewType("Sku", str)
OrderNo = NewType("OrderNo", str)
LabelId = NewType("LabelId", str)
ToteId = NewType("ToteId", str)
WaveId = NewType("WaveId", str)
PickId = NewType("PickId", str)
ScanId = NewType("ScanId", str)
TicketId = NewType("TicketId", str)
BadgeCode = NewType("BadgeCode", str)


def again_id(pick_id: str) -> str:
    """The name of a pick that was confirmed and taken back, when it is asked for again: `W1-P7`, `W1-P7~2`, …"""
    first, mark, number = pick_id.rpartition("~")
    return f"{first}~{int(number) + 1}" if mark and number.isascii() and number.isdigit() else f"{pick_id}~2"


NO_NEWLINE = r"(?!\n)"  # "$" alone also matches before a newline at the end
Name = Annotated[str, Meta(pattern=NAME_PATTERN + NO_NEWLINE)]
Text = Annotated[str, Meta(min_length=1, max_length=TEXT_MAX)]
MaybeText = Annotated[str, Meta(max_length=TEXT_MAX)]
Sentence = Annotated[str, Meta(max_length=200)]
Photo = Annotated[str, Meta(max_length=PHOTO_BYTES_MAX * 4 // 3, pattern=r"^[A-Za-z0-9+/]*={0,2}$" + NO_NEWLINE)]
ScanText = Annotated[str, Meta(max_length=SCAN_MAX)]
Pieces = Annotated[int, Meta(ge=1, le=99_999)]
PiecesOrNone = Annotated[int, Meta(ge=0, le=99_999)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]  # JSON numbers stay exact in every reader up to here
Day = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" + NO_NEWLINE)]  # YYYY-MM-DD, or none
Nanoseconds = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Digest = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$" + NO_NEWLINE)]  # sha-256, or empty before the first
