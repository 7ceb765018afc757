"""What the rules of a zone in a node profile need of each other, and where buttons hang apart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from wire.ids import MaybeText
from wire.toml_check import Mistake, did_you_mean

WALL_HANDS_MAX: Final = 5  # red, green and yellow say something else at a wall
BATCH_TOTES_MAX: Final = 5  # one of the six colours shows the total


class ButtonPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the button of a module hangs that is not on its lamp's unit. `bus` and `profile` empty: as the lamp's."""

    bus: MaybeText = ""
    unit: Annotated[int, Meta(ge=1, le=247, description="a Modbus unit from 1 to 247")]
    index: Annotated[int, Meta(ge=0, le=255, description="0 to 255, counted within the unit")] = 0
    profile: MaybeText = ""


def rule_mistakes(zone: Mapping[str, object]) -> Iterator[Mistake]:
    """What is wrong between the rules of a raw [zone] table; values of a wrong type are told elsewhere."""
    mode, induct, totes = zone.get("mode", "discrete"), zone.get("induct", False), zone.get("totes_max", 1)
    many = isinstance(totes, int) and totes > 1
    if many and mode != "batch" and not induct:
        cure = 'Set induct = true, or mode = "batch"'
        yield Mistake("zone.totes_max", "several totes, and nothing says which colour is whose", cure)
    if mode == "batch" and isinstance(totes, int) and totes > BATCH_TOTES_MAX:
        yield Mistake("zone.totes_max", "one colour shows the total of a batch", f"At most {BATCH_TOTES_MAX} totes")
    if induct and "scanner" not in zone:
        yield Mistake("zone.induct", "totes are scanned in, and there is no scanner", "Add [zone.scanner]")
    if zone.get("scan_first", "no") != "no" and "scanner" not in zone:
        yield Mistake("zone.scan_first", "places or items are scanned, and there is no scanner", "Add [zone.scanner]")
    if mode == "wall" and "scanner" not in zone:
        yield Mistake("zone.mode", "items are scanned at a wall, and there is no scanner", "Add [zone.scanner]")
    scanners = zone.get("scanner")
    if mode == "wall" and isinstance(scanners, list) and len(scanners) > WALL_HANDS_MAX:
        cure = f"At most {WALL_HANDS_MAX} scanners"
        yield Mistake("zone.scanner", "each scanner at a wall needs a colour of its own", cure)
    yield from _pack_side_mistakes(mode, zone.get("module"))
    yield from _button_mistakes(zone.get("module"), zone.get("bus"))


def _button_mistakes(modules: object, buses: object) -> Iterator[Mistake]:
    """Buttons that hang apart from their lamps: on a bus that exists, and where no module hangs."""
    places = [one for one in modules if isinstance(one, Mapping)] if isinstance(modules, list) else []
    names = [str(one.get("name")) for one in buses if isinstance(one, Mapping)] if isinstance(buses, list) else []
    lamps = {(str(one.get("bus")), one.get("unit"), one.get("index", 0)) for one in places}
    for index, place in enumerate(places):
        button, where = place.get("button"), f"zone.module[{index}].button"
        if not isinstance(button, Mapping):
            continue
        bus = str(button.get("bus") or place.get("bus"))
        if bus not in names:
            yield Mistake(f"{where}.bus", f"no bus {bus!r}", did_you_mean(bus, names))
        if (bus, button.get("unit"), button.get("index", 0)) in lamps:
            yield Mistake(where, "a module hangs there", "Correct its unit or index")


def _pack_side_mistakes(mode: object, modules: object) -> Iterator[Mistake]:
    """A module on the pack side is the back of a cubby of this wall, and of no other."""
    places = [one for one in modules if isinstance(one, Mapping)] if isinstance(modules, list) else []
    cubbies = {one.get("location") for one in places if one.get("role", "pick") == "pick"}
    seen: set[object] = set()
    for index, place in enumerate(places):
        where, cubby = f"zone.module[{index}]", place.get("cubby", "")
        if place.get("role") != "pack_side":
            continue
        if mode != "wall":
            yield Mistake(f"{where}.role", "only a wall has a pack side", 'Set mode = "wall", or another role')
        if cubby not in cubbies:
            yield Mistake(f"{where}.cubby", f"no cubby {cubby!r} here", "Name the location of the cubby's front module")
        if cubby in seen:
            yield Mistake(f"{where}.cubby", f"cubby {cubby!r} has a back already", "Name another cubby")
        seen.add(cubby)
