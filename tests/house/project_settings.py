"""Every key of every settings file, found by looking at the structs that read it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from central.settings import Settings
from edge.drivers.model_file import ModuleFile
from edge.packstation.guard.config import GuardConfig
from edge.profile import _File as NodeFile

NEEDED = "needed"


@dataclass(frozen=True)
class Section:
    """One kind of settings file: the heading of docs/settings.md that documents it, and the struct that reads it."""

    title: str
    shape: type[msgspec.Struct]


SECTIONS = (
    Section("Site file", Settings),
    Section("Node profile", NodeFile),
    Section("Guard", GuardConfig),
    Section("Module profile", ModuleFile),
)


def keys(section: Section) -> dict[str, str]:
    """Key as it is written in the page (`zone.bus[].baud`) → its default as written there."""
    return dict(_keys("", section.shape))


def _keys(prefix: str, shape: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(shape, include_extras=True)
    for field in msgspec.structs.fields(shape):
        inner, many = _inner(hints[field.name])
        key = prefix + field.encode_name
        if inner is None:
            yield key, _default(field)
        else:
            yield from _keys(f"{key}[]." if many else f"{key}.", inner)


def _inner(hint: Any) -> tuple[type[msgspec.Struct] | None, bool]:
    """The struct inside `hint`, and whether there may be many of it."""
    origin, parts = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint, False
    if origin in (Annotated, tuple):
        inner, many = _inner(parts[0])
        return inner, many or origin is tuple
    if origin in (Union, types.UnionType):
        return next((found for part in parts if (found := _inner(part))[0] is not None), (None, False))
    return None, False


def _default(field: msgspec.structs.FieldInfo) -> str:
    match field.default:
        case msgspec.NODEFAULT:
            return NEEDED if field.default_factory is msgspec.NODEFAULT else "none"
        case None:
            return "none"
        case bool() as flag:
            return str(flag).lower()
        case str() as text:
            return f'"{text}"'.replace("\r", r"\r")
        case other:
            return str(other)
