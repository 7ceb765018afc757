"""What the rules of a zone in a node profile need of each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from wire.toml_check import Mistake

BATCH_TOTES_MAX: Final = 5  # one of the six colours shows the total


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
    if mode == "wall" and "scanner" not in zone:
        yield Mistake("zone.mode", "items are scanned at a wall, and there is no scanner", "Add [zone.scanner]")
    yield from _pack_side_mistakes(mode, zone.get("module"))


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
