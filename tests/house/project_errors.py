"""The project's own error classes, found by reading its source."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("wire", "edge", "central", "cli", "sim", "bench")


def project_errors(root: Path) -> set[str]:
    """Names of all classes that are exceptions, by way of a builtin or of each other; private ones left out."""
    bases = {node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases} for node in _classes(root)}
    errors: set[str] = set()
    while more := {name for name, above in bases.items() if above & errors or any(map(_is_builtin, above))} - errors:
        errors |= more
    return {name for name in errors if not name.startswith("_")}


def _classes(root: Path) -> Iterator[ast.ClassDef]:
    for path in (path for package in PACKAGES for path in (root / package).rglob("*.py")):
        yield from (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef))


def _is_builtin(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)
