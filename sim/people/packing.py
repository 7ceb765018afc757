"""In which order a packer scans what lies on the table; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.goods import Unit


@dataclass(frozen=True)
class Plan:
    """Units in the order they will be scanned. `odd`: the screen wants no such parcel and no scan would tell."""

    units: tuple[Unit, ...]
    odd: bool


def plan(table: Sequence[Unit], asked: Mapping[str, int]) -> Plan:
    """How the bench rule 'everything from the tote is scanned, odd things first' is followed.

    `asked` is what the screen shows: pieces by SKU. What is not on the screen comes first; then the SKUs of which
    more lies there than asked; then the rest. If the surplus would only be found after the parcel is complete (a
    single SKU, say), the packer declares it instead of scanning.
    """
    lying = _pieces(table)
    strange = [unit for unit in table if unit.sku not in asked]
    surplus = {sku for sku, pieces in asked.items() if lying.get(sku, 0) > pieces}
    doubled = sorted((unit for unit in table if unit.sku in surplus), key=lambda unit: unit.pieces)
    rest = [unit for unit in table if unit.sku in asked and unit.sku not in surplus]
    return Plan((*strange, *doubled, *rest), odd=bool(surplus) and not strange and not rest)


def _pieces(units: Iterable[Unit]) -> dict[str, int]:
    total: dict[str, int] = {}
    for unit in units:
        total[unit.sku] = total.get(unit.sku, 0) + unit.pieces
    return total
