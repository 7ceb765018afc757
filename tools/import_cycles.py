"""Groups of modules that import each other, typing imports included: there must be none."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tools.measure import Breach


def cycles(files: Mapping[str, str]) -> list[Breach]:
    """Every knot among `files` (path → text), reported once at its first module."""
    paths = {_module(path): path for path in files}
    graph = {name: _imports(name, files[path], paths) for name, path in paths.items()}
    return [
        Breach(
            paths[knot[0]], 1, "import cycle: " + " → ".join([*knot, knot[0]]), "Move what both need to a file below"
        )
        for knot in _knots(graph)
    ]


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(module: str, text: str, known: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = {f"{node.module}.{name.name}" for name in node.names}
            submodules = inner & known.keys()
            found |= submodules if len(submodules) == len(inner) else submodules | {node.module}
    return (found & known.keys()) - {module}


def _knots(graph: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """A shortest way round for each set of modules that reach each other."""
    told: set[str] = set()
    for module in sorted(graph):
        way = _way_back(module, graph)
        if way and not told & set(way):
            told |= set(way)
            yield way


def _way_back(start: str, graph: Mapping[str, set[str]]) -> list[str]:
    ways = [[start]]
    seen = {start}
    for way in ways:
        for following in sorted(graph[way[-1]]):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []
