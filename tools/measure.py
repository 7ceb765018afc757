"""What can be measured in one Python file: sizes, depth, and the constructs that are not allowed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

FILE_LINES_MAX = 300  # above this files stop being read as a whole
FUNCTION_LINES_MAX = 40  # one screen
NESTING_MAX = 3  # deeper, and one condition too many must be kept in mind

PROGRAM = frozenset({"wire", "edge", "central", "cli", "sim", "bench"})
BROAD = frozenset({"Exception", "BaseException"})
# Errors whose text is not ours and that no operator ever reads.
NOT_READ_BY_OPERATORS = frozenset(
    {"SystemExit", "CancelledError", "KeyboardInterrupt", "TimeoutError", "IntegrityError", "FrozenInstanceError"}
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_LEVELS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True)
class Breach:
    """One place that breaks a rule, and its cure."""

    path: str
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}. {self.cure}."


@dataclass(frozen=True)
class FileMeasure:
    """One file's numbers: lines, and of each function its lines and depth."""

    path: str
    lines: int
    function_lines: tuple[int, ...]
    depths: tuple[int, ...]
    breaches: tuple[Breach, ...]


def measure(path: str, text: str) -> FileMeasure:
    """Measure the file `path` (relative to the project) with content `text`. Raises SyntaxError."""
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, _Function)]
    lines = text.count("\n")
    return FileMeasure(
        path=path,
        lines=lines,
        function_lines=tuple(_length(function) for function in functions),
        depths=tuple(depth(function) for function in functions),
        breaches=tuple(_breaches(path, tree, functions, lines)),
    )


def depth(function: _Function) -> int:
    """How many of if/for/while/try/with/match stand inside each other at the deepest place; `elif` adds none."""
    return max((_depth(statement) for statement in function.body), default=0)


def is_test(path: str) -> bool:
    """True for what lies under tests/."""
    return PurePosixPath(path).parts[0] == "tests"


def _depth(node: ast.AST) -> int:
    if isinstance(node, _SCOPES):
        return 0
    if isinstance(node, ast.If):
        return max(1 + _deepest(node.body), _depth_of_else(node.orelse))
    return (1 if isinstance(node, _LEVELS) else 0) + _deepest(list(ast.iter_child_nodes(node)))


def _depth_of_else(orelse: list[ast.stmt]) -> int:
    match orelse:
        case [ast.If() as elif_]:
            return _depth(elif_)
        case _:
            return 1 + _deepest(orelse)


def _deepest(nodes: list[ast.AST] | list[ast.stmt]) -> int:
    return max((_depth(node) for node in nodes), default=0)


def _length(function: _Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _breaches(path: str, tree: ast.Module, functions: list[_Function], lines: int) -> Iterator[Breach]:
    if lines > FILE_LINES_MAX:
        yield Breach(path, 1, f"{lines} lines, the limit is {FILE_LINES_MAX}", "Split the file by what it is about")
    yield from _heading(path, tree)
    for function in functions:
        yield from _of_function(path, function)
    for node in ast.walk(tree):
        yield from _of_node(path, node)
    if is_test(path):
        yield from _of_test(path, tree)
        yield from _bare_sleeps(path, tree)


def _heading(path: str, tree: ast.Module) -> Iterator[Breach]:
    if not tree.body:
        return
    if ast.get_docstring(tree) is None:
        yield Breach(path, 1, "no docstring", "Say in one line what the file is")
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    if len(tree.body) > 1 and not future:
        yield Breach(path, 1, "annotations are evaluated", "Add: from __future__ import annotations")


def _of_function(path: str, function: _Function) -> Iterator[Breach]:
    length, deep = _length(function), depth(function)
    if length > FUNCTION_LINES_MAX:
        what = f"{function.name} has {length} lines, the limit is {FUNCTION_LINES_MAX}"
        yield Breach(path, function.lineno, what, "Give its parts names of their own")
    if deep > NESTING_MAX:
        what = f"{function.name} is {deep} levels deep, the limit is {NESTING_MAX}"
        yield Breach(path, function.lineno, what, "Return early, or move the inner loop to a function")
    if is_test(path):
        return
    for node in ast.walk(function):
        if isinstance(node, ast.Import | ast.ImportFrom):
            what = f"import inside {function.name}"
            yield Breach(path, node.lineno, what, "Move it to the top; if that makes a cycle, mend the cycle")


def _of_node(path: str, node: ast.AST) -> Iterator[Breach]:
    match node:
        case ast.ExceptHandler(type=kind) if _is_broad(kind) and not _may_catch_all(path, node):
            cure = "Catch what can happen, or end in a bare raise; only a tasks.py supervisor may more"
            yield Breach(path, node.lineno, "broad except", cure)
        case ast.Call(func=func, args=kinds) if _last_name(func) == "suppress" and any(map(_is_broad, kinds)):
            yield Breach(path, node.lineno, "suppress of everything", "Name what may be passed over")
        case ast.Assert() if not is_test(path):
            yield Breach(
                path, node.lineno, "assert in source", "Raise an error that says what to do (-O drops asserts)"
            )
        case ast.Import() | ast.ImportFrom() if "unittest.mock" in _imported(node):
            yield Breach(path, node.lineno, "unittest.mock", "Use the simulator, or a real peer")
        case _:
            return


def _of_test(path: str, tree: ast.Module) -> Iterator[Breach]:
    unread = NOT_READ_BY_OPERATORS | _foreign_names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.withitem():
                yield from _of_raises(path, node, unread)
            case ast.arg(arg="monkeypatch"):
                yield Breach(path, node.lineno, "monkeypatch", "Hand the value in, or use a real peer")
            case _:
                continue


def _foreign_names(tree: ast.Module) -> frozenset[str]:
    """Names a test file defines itself or takes from other tests and libraries: not our program's errors."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.ImportFrom(module=str(module), names=imported) if module.partition(".")[0] not in PROGRAM:
                names.update(alias.asname or alias.name for alias in imported)
            case _:
                continue
    return frozenset(names)


def _of_raises(path: str, item: ast.withitem, unread: frozenset[str]) -> Iterator[Breach]:
    match item:
        case ast.withitem(context_expr=ast.Call(func=func, args=[kind, *_], keywords=keywords), optional_vars=None):
            checked = _last_name(func) != "raises" or any(keyword.arg == "match" for keyword in keywords)
        case _:
            return  # `as caught`: the test looks at the error itself
    if not checked and not _names(kind) <= unread:
        yield Breach(path, item.context_expr.lineno, "raises without match=", "Say which words a person will read")


def _bare_sleeps(path: str, tree: ast.Module) -> Iterator[Breach]:
    """Sleeps outside a loop: inside one they are the pace of waiting for a condition."""
    looped = {id(inner) for loop in ast.walk(tree) if isinstance(loop, ast.While | ast.For) for inner in ast.walk(loop)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=0)]) if _last_name(func) == "sleep":
                continue  # only lets other tasks run
            case ast.Call(func=func) if _last_name(func) == "sleep" and id(node) not in looped:
                yield Breach(path, node.lineno, "a test sleeps", "Wait for the condition, with a deadline")
            case _:
                continue


def _may_catch_all(path: str, handler: ast.ExceptHandler) -> bool:
    """The supervisor, and whoever only tidies up and lets the error go on."""
    last = handler.body[-1]
    return PurePosixPath(path).name == "tasks.py" or (isinstance(last, ast.Raise) and last.exc is None)


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or bool(_names(kind) & BROAD)


def _names(kind: ast.expr) -> set[str]:
    parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return {_last_name(part) for part in parts}


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    module = node.module or ""
    return {module} | {f"{module}.{name.name}" for name in node.names}
