"""The writes that set a factory-new unit up, in the order its profile gives: pure, for whoever owns the wire."""

from __future__ import annotations

from dataclasses import dataclass

from edge.drivers.modbus_pdu import BROADCAST_UNIT, Request
from edge.drivers.model_file import Commission, ModuleFile
from edge.drivers.model_parts import FUNCTIONS


@dataclass(frozen=True)
class Wanted:
    """How a unit shall be set; 0 or "" leaves that as it is."""

    unit: int = 0
    baud: int = 0
    parity: str = ""


@dataclass(frozen=True)
class Step:
    """One write, and what the technician must know of it."""

    what: str
    request: Request
    note: str


class NotOffered(ValueError):
    """The model cannot be set that way; the text says what it can."""


def commissioning(file: ModuleFile, unit_now: int, wanted: Wanted) -> tuple[Step, ...]:
    """The steps that take the unit at `unit_now` to `wanted`. Raises NotOffered."""
    steps = []
    asked = {"unit": str(wanted.unit or ""), "baud": str(wanted.baud or ""), "parity": wanted.parity}
    for step in file.commission:
        if step.what in asked and not asked[step.what]:
            continue
        request = _write(file, step, unit_now, _value(file, step, asked.get(step.what, "")))
        steps.append(Step(step.what, request, step.note))
    offered = {step.what for step in file.commission}
    for what, value in asked.items():
        if value and what not in offered:
            raise NotOffered(f"{file.name}: {what} is not set over the line. See its manual: switches, or its own page")
    return tuple(steps)


def _value(file: ModuleFile, step: Commission, asked: str) -> int:
    if step.what == "unit":
        return int(asked)
    if asked and asked not in step.values:
        raise NotOffered(f"{file.name}: no {step.what} {asked}. It takes {', '.join(step.values)}")
    return step.values[asked] if asked else next(iter(step.values.values()), 0)


def _write(file: ModuleFile, step: Commission, unit_now: int, value: int) -> Request:
    unit = BROADCAST_UNIT if step.to == "broadcast" else unit_now
    address = step.address - file.link.address_base
    return Request(unit, FUNCTIONS[step.write], write_address=address, words=(value,))
