"""Rebuilds what a disk may hold if the power fails between two system calls of a recorded process.

Kept for sure: what was synced. Of the rest: nothing, a random half, or random 512-byte pieces. A name made or removed
in a folder is sure only once that folder was synced.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

Rest = Literal["none", "half", "torn"]
SECTOR = 512
CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"
_FD = re.compile(r"^(\w+)\((\d+)<([^>]*)>")
_OFFSET = re.compile(r", (?:\d+), (\d+)\)\s+= ")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


@dataclass(frozen=True)
class Write:
    """Bytes put at an offset of a file."""

    path: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """A file made shorter or longer."""

    path: str
    size: int


@dataclass(frozen=True)
class Sync:
    """A file or folder made durable."""

    path: str


@dataclass(frozen=True)
class Made:
    """A name came into being."""

    path: str


@dataclass(frozen=True)
class Removed:
    """A name went."""

    path: str


@dataclass(frozen=True)
class Said:
    """The process told somebody."""

    text: str


Call = Write | Cut | Sync | Made | Removed | Said


def strace(folder: Path, more: list[str], program: list[str], wait_s_max: float = 60) -> tuple[list[str], str]:
    """Run `program` under strace; its calls (a line each, complete) and what it said."""
    log = folder / "calls"
    command = ["strace", "-f", "-y", "-xx", "-s", "2000000", "-e", "signal=none", "-o", str(log), *more, "--", *program]
    done = subprocess.run(command, capture_output=True, timeout=wait_s_max, check=False, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr[-3000:])
    return list(_whole_lines(log.read_text().splitlines())), done.stdout


def python(*args: object) -> list[str]:
    """This Python with these arguments."""
    return [sys.executable, *(str(arg) for arg in args)]


def _whole_lines(lines: list[str]) -> Iterator[str]:
    """Join calls that strace split because another thread came between; they count where they end."""
    begun: dict[str, str] = {}
    for line in lines:
        pid, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[pid] = call.removesuffix("<unfinished ...>").rstrip()
        elif call.startswith("<... "):
            yield begun.pop(pid, "") + call.partition(" resumed>")[2]
        else:
            yield call


def calls_of(lines: list[str], folder: Path) -> Iterator[Call]:
    """The calls that matter: those on files of `folder`, and what was said on standard output."""
    for line in lines:
        if " = -1 " in line or " = ?" in line:
            continue
        call = _call_of(line, str(folder))
        if call is not None:
            yield call


def _call_of(line: str, folder: str) -> Call | None:
    name = line.partition("(")[0]
    if name in ("openat", "unlink"):
        found = _HEX.search(line)
        path = _bytes(found[1]).decode() if found else ""
        if not path.startswith(folder):
            return None
        return Removed(path) if name == "unlink" else Made(path) if "O_CREAT" in line else None
    on = _FD.match(line)
    if on is None:
        return None
    path = _path(on[3])
    if name == "write" and on[2] == "1":
        return Said(_bytes(_HEX.search(line)[1]).decode().strip())  # type: ignore[index]
    if not path.startswith(folder):
        return None
    return _file_call(name, path, line)


def _file_call(name: str, path: str, line: str) -> Call | None:
    match name:
        case "pwrite64":
            data = _HEX.search(line)
            offset = _OFFSET.search(line[data.end() :] if data else "")
            if data is None or data[2] or offset is None:
                raise AssertionError(f"cannot read {line[:200]}")
            return Write(path, int(offset[1]), _bytes(data[1]))
        case "ftruncate":
            return Cut(path, int(line.rpartition(") ")[0].rpartition(", ")[2]))
        case "fsync" | "fdatasync":
            return Sync(path)
        case _:
            raise AssertionError(f"the replay does not know {line[:200]}")


def _path(shown: str) -> str:
    return _bytes(shown).decode() if shown.startswith("\\x") else shown


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class _File:
    sure: bytearray = field(default_factory=bytearray)
    unsure: list[Write | Cut] = field(default_factory=list)
    named: bool = False  # its name is durable


class Disk:
    """What is on the disk for sure, and what may be."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._gone: set[str] = set()

    def feed(self, call: Call) -> None:
        """The process made this call."""
        match call:
            case Write(path) | Cut(path):
                self._files.setdefault(path, _File()).unsure.append(call)
            case Made(path):
                self._files.setdefault(path, _File())
                self._gone.discard(path)
            case Removed(path):
                self._gone.add(path)
            case Sync(path) if path in self._files:
                one = self._files[path]
                for change in one.unsure:
                    _apply(one.sure, change)
                one.unsure.clear()
            case Sync(path):
                self._sync_folder(path)
            case Said():
                pass

    def after_a_power_cut(self, rest: Rest, luck: Random) -> dict[str, bytes]:
        """One possible content of the disk, by file name."""
        found = {}
        for path, one in self._files.items():
            exists = one.named or (rest != "none" and luck.random() < 0.5)
            removed = path in self._gone and luck.random() < 0.5
            if exists and not removed:
                found[Path(path).name] = _with_rest(one, rest, luck)
        return found

    def _sync_folder(self, folder: str) -> None:
        for path, one in list(self._files.items()):
            if str(Path(path).parent) == folder:
                one.named = True
                if path in self._gone:
                    del self._files[path]
        self._gone &= set(self._files)


def _with_rest(one: _File, rest: Rest, luck: Random) -> bytes:
    content = bytearray(one.sure)
    for change in one.unsure if rest != "none" else ():
        for piece in _pieces(change, rest):
            if luck.random() < 0.5:
                _apply(content, piece)
    return bytes(content)


def _pieces(change: Write | Cut, rest: Rest) -> Iterator[Write | Cut]:
    if rest == "half" or isinstance(change, Cut):
        yield change
        return
    start = change.offset
    while start < change.offset + len(change.data):
        end = (start // SECTOR + 1) * SECTOR
        yield Write(change.path, start, change.data[start - change.offset : end - change.offset])
        start = end


def _apply(content: bytearray, change: Write | Cut) -> None:
    if isinstance(change, Cut):
        if change.size < len(content):
            del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    end = change.offset + len(change.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[change.offset : end] = change.data
