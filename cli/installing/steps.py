"""What an installation is made of: each step a value that says in one line what it does. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MakeFolder:
    """A folder, owned by root."""

    target: str
    mode: int = 0o755

    def __str__(self) -> str:
        return f"make folder  {self.target}  ({self.mode:04o})"


@dataclass(frozen=True)
class PutFile:
    """A file, whole or not at all, owned by root."""

    target: str
    content: bytes
    is_new: bool = True

    def __str__(self) -> str:
        return f"{'put file   ' if self.is_new else 'renew file '}  {self.target}"


@dataclass(frozen=True)
class CopyCode:
    """An environment of its own at `target` for `python`, with the same packages this program runs with."""

    target: str
    python: str

    def __str__(self) -> str:
        return f"copy code    {self.target}  (for {self.python})"


@dataclass(frozen=True)
class LinkCode:
    """The environment of this checkout, used where it is."""

    target: str
    environment: str

    def __str__(self) -> str:
        return f"link code    {self.target} -> {self.environment}"


@dataclass(frozen=True)
class Run:
    """A program of the system's. `may_fail`: what it does can also be done later."""

    argv: tuple[str, ...]
    may_fail: bool = False

    def __str__(self) -> str:
        return f"run          {' '.join(self.argv)}"


@dataclass(frozen=True)
class Remove:
    """A file, or a folder with all that is in it."""

    target: str

    def __str__(self) -> str:
        return f"remove       {self.target}"


Step = MakeFolder | PutFile | CopyCode | LinkCode | Run | Remove
