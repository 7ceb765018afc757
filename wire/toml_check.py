"""A TOML file to frozen values: every mistake at once, each with its path and its cure."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, TypeGuard, TypeVar, get_args, get_origin, get_type_hints

import msgspec

FILE_BYTES_MAX: Final = 1024 * 1024  # 4,000 light modules at 200 bytes a table, with room

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True)
class Mistake:
    """One thing wrong: where in the file (`zone.bus[1].baud`), what, and what to do about it."""

    path: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}. {self.cure}" if self.path else f"{self.what}. {self.cure}"


class TomlWrong(ValueError):
    """A file that cannot be used. `mistakes` are all of them; the text has one a line, each beginning with the file."""

    def __init__(self, file: Path, mistakes: Iterable[Mistake]) -> None:
        self.file, self.mistakes = file, tuple(mistakes)
        super().__init__("\n".join(f"{file}: {mistake}" for mistake in self.mistakes))


def read_toml(file: Path, shape: type[T], check: Callable[[T], Iterable[Mistake]] = lambda _: ()) -> T:
    """The file as a `shape`: a frozen Struct of values, Structs and tuples of Structs, its `Meta` limits obeyed.

    `check` adds what only a look at the whole can find (names twice, a bus nobody defined). Raises TomlWrong.
    """
    tree = _parse(file)
    mistakes = list(_struct_mistakes("", tree, shape))
    if mistakes:
        raise TomlWrong(file, mistakes)
    value = msgspec.convert(tree, shape)
    mistakes = list(check(value))
    if mistakes:
        raise TomlWrong(file, mistakes)
    return value


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The cure for a name nobody knows."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(names) or 'none'}."


def twice(path: str, names: Iterable[str], what: str) -> Iterator[Mistake]:
    """A mistake for each name that stands in the list `path` more than once."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            yield Mistake(f"{path}[{index}]", f"{what} {name!r} is already used by {path}[{seen[name]}]", "Rename one")
        seen.setdefault(name, index)


def _parse(file: Path) -> dict[str, object]:
    try:
        if file.stat().st_size > FILE_BYTES_MAX:
            raise TomlWrong(file, [Mistake("", f"larger than {FILE_BYTES_MAX} bytes", "Is this the right file?")])
        return tomllib.loads(file.read_bytes().decode("utf-8"))
    except OSError as error:
        cure = "Check the path and who may read it"
        raise TomlWrong(file, [Mistake("", f"cannot be read ({error.strerror})", cure)]) from error
    except UnicodeDecodeError as error:
        raise TomlWrong(file, [Mistake("", f"not UTF-8 text (byte {error.start})", "Save it as UTF-8")]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TomlWrong(file, [Mistake("", f"not TOML: {error}", "Correct that line")]) from error


def _struct_mistakes(path: str, tree: object, shape: type[msgspec.Struct]) -> Iterator[Mistake]:
    if not isinstance(tree, Mapping):
        yield Mistake(path, f"a table is needed here, not {tree!r}", f"Write it as [{path}]")
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    hints = get_type_hints(shape, include_extras=True)
    for key in sorted(map(str, tree.keys() - fields.keys())):
        yield Mistake(_join(path, key), "no such key", did_you_mean(key, fields))
    for key, field in fields.items():
        kind = hints[field.name]
        if key in tree:
            yield from _value_mistakes(_join(path, key), tree[key], kind)
        elif field.required:
            yield Mistake(_join(path, key), "missing", f"Add it: {_wanted(kind)}")


def _value_mistakes(path: str, value: object, kind: Any) -> Iterator[Mistake]:
    inner = [_bare(part) for part in get_args(_bare(kind))] or [_bare(kind)]
    structs = [part for part in [_bare(kind), *inner] if _is_struct(part)]
    if not structs:
        yield from _plain_mistakes(path, value, kind)
    elif get_origin(_bare(kind)) in (tuple, list) or (isinstance(value, list) and _also_a_list(inner)):
        yield from _list_mistakes(path, value, structs[0])
    else:
        yield from _struct_mistakes(path, value, structs[0])


def _also_a_list(parts: Iterable[Any]) -> bool:
    """Whether a table may as well stand several times: `[x]` or `[[x]]`."""
    return any(get_origin(part) in (tuple, list) for part in parts)


def _list_mistakes(path: str, value: object, shape: type[msgspec.Struct]) -> Iterator[Mistake]:
    if not isinstance(value, list):
        yield Mistake(path, "a list of tables is needed here", f"Write it as [[{path}]]")
        return
    for index, item in enumerate(value):
        yield from _struct_mistakes(f"{path}[{index}]", item, shape)


def _plain_mistakes(path: str, value: object, kind: Any) -> Iterator[Mistake]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        what = str(error).partition(" - at `")[0]
        yield Mistake(path, _plainly(what, value), f"Write {_wanted(kind)}")


def _plainly(what: str, value: object) -> str:
    """A mistake without programmers' words; the cure beside it says what is wanted."""
    if "matching regex" in what:
        return f"{_short(value)} does not fit"
    return f"{what[:1].lower()}{what[1:]}, not {_short(value)}"


def _wanted(kind: Any) -> str:
    for note in getattr(kind, "__metadata__", ()):
        if isinstance(note, msgspec.Meta) and note.description:
            return note.description
    bare = _bare(kind)
    if get_origin(bare) is not None:
        return f"one of {', '.join(repr(choice) for choice in get_args(bare))}"
    names = {"str": "a text in quotes", "int": "a whole number", "bool": "true or false", "float": "a number"}
    name = getattr(bare, "__name__", str(bare))
    return names.get(name, f"a {name}")


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_struct(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _short(value: object, length_max: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= length_max else f"{text[: length_max - 1]}…"
