"""What goes over the wire for each model, byte for byte as its maker's manual or another's program has it."""

from __future__ import annotations

import pytest

from edge.drivers.modbus_pdu import Request, pdu_of
from edge.drivers.model_parts import FaceBlock
from edge.drivers.module_model import load_model
from edge.drivers.ports import DARK, Face

LIT, BLINKING = Face("green", 12), Face("green", 12, blink=True)
# model, module, face, the PDUs in order. Read from the register maps named in each profile, not from the profile.
WRITES: list[tuple[str, int, Face, list[str]]] = [
    ("waveshare-relay-8", 0, LIT, ["05 0000 ff00"]),
    ("waveshare-relay-8", 2, DARK, ["05 0002 0000"]),
    ("waveshare-relay-32", 31, LIT, ["05 001f ff00"]),
    ("eletechsup-n4d8b08", 0, LIT, ["06 0001 0100"]),
    ("eletechsup-n4d8b08", 7, DARK, ["06 0008 0200"]),
    ("r421a08", 0, LIT, ["06 0001 0100"]),
    ("r421b16", 15, DARK, ["06 0010 0200"]),
    ("lctech-8r", 3, LIT, ["05 0003 ff00"]),
    ("armfly-led-485", 0, LIT, ["06 0000 000c"]),
    ("armfly-led-485", 0, DARK, ["10 0080 0003 06 0000 0000 0000"]),
    ("patlite-la6-poe", 0, LIT, ["10 0000 0001 02 0101"]),
    ("patlite-la6-poe", 4, BLINKING, ["10 0004 0001 02 0102"]),
    ("patlite-la6-poe", 1, DARK, ["10 0001 0001 02 0100"]),
    ("moxa-e1211", 15, LIT, ["05 001f 0000", "0f 000f 0001 01 01"]),
    ("moxa-e1214", 5, BLINKING, ["05 000b ff00", "0f 0005 0001 01 01"]),
    ("wago-750", 9, LIT, ["0f 0009 0001 01 01"]),
    ("beckhoff-ek9000", 3, LIT, ["0f 0003 0001 01 01"]),
    ("watchgas-rgb", 0, Face("red"), ["10 0000 0004 08 0003 00ff 0000 0000"]),
    ("watchgas-rgb", 0, Face("blue", 0, blink=True), ["10 0000 0004 08 0005 0000 0000 00ff"]),
    ("generic-registers", 7, Face("red"), ["10 0007 0001 02 0002"]),
    ("generic-display-key", 0, LIT, ["06 0001 0012", "06 0000 0002"]),
    ("generic-display-key", 0, DARK, ["06 0001 ffff", "06 0000 0000"]),
    ("picklight-display", 0, LIT, ["17 0000 0005 0002 0003 06 0008 000c 0000"]),
]


@pytest.mark.parametrize(("name", "index", "face", "pdus"), WRITES)
def test_a_face_is_written_as_the_device_wants_it(name: str, index: int, face: Face, pdus: list[str]) -> None:
    written = []
    for block in load_model(name).blocks:
        function, address, words = block.write(index, [face])
        read = {"address": 0, "count": 5} if isinstance(block, FaceBlock) else {}
        written.append(pdu_of(Request(1, function, write_address=address, words=words, **read)))

    assert written == [bytes.fromhex(pdu.replace(" ", "")) for pdu in pdus]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("waveshare-relay-8", (1,)),
        ("eletechsup-n4d8b08", (1,)),
        ("r421a08", (1,)),
        ("patlite-la6-poe", (1,)),
        ("wago-750", (1,)),
        ("watchgas-rgb", (3, 0, 255, 0)),
    ],
)
def test_a_lit_lamp_reads_back_as_the_device_says_it(name: str, seen: tuple[int, ...]) -> None:
    block = load_model(name).blocks[-1]

    assert block.agrees(LIT, seen, phase=True)
    assert not block.agrees(DARK, seen, phase=True)


def test_outputs_of_a_wago_coupler_read_back_at_0x0200() -> None:
    reading = load_model("wago-750").blocks[0].reading

    assert reading is not None
    assert (reading.function, reading.span(0, 15)) == (1, (0x0200, 16))


def test_eight_lamps_of_coils_are_one_frame() -> None:
    function, address, words = load_model("generic-coils").blocks[0].write(0, [LIT, DARK] * 4)

    assert pdu_of(Request(1, function, write_address=address, words=words)) == bytes.fromhex("0f0000000801" + "55")
