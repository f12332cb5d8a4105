"""The program's own text, read for the tests of the house: modules, imports, functions."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SELF = ("self", "cls")
_COMPILERS = frozenset({"kernel", "inner", "merged", "tiny"})
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One module that another one names."""

    target: str
    line: int
    is_for_types: bool
    """Under `if TYPE_CHECKING`: never carried out."""


@dataclass(frozen=True)
class Function:
    """A function or method with its place and size."""

    name: str
    line: int
    lines: int
    """Of the body, docstring not counted."""
    by_place: int
    """Parameters that may be given without their name; `self` and `cls` not counted."""
    by_name: int
    """Parameters that must be named."""
    is_compiled: bool
    """To machine code: a call costs, and what it works on is plain arrays."""
    is_command: bool
    """Of the command line: called by its options' names only."""

    @property
    def is_private(self) -> bool:
        """Whether only its own module uses it."""
        return self.name.startswith("_")


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        """Its path from the root of the project."""
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())


@cache
def modules(package: str) -> tuple[Module, ...]:
    """Every module of `dispatch` or `matching`."""
    return tuple(_read(path) for path in sorted((ROOT / package).rglob("*.py")))


def parse(text: str, name: str = "dispatch.planted") -> Module:
    """A module that is not there: what a test plants."""
    return Module(name, ROOT / "planted.py", text, ast.parse(text))


def imports_of(module: Module) -> list[Import]:
    """What `module` imports, wherever in it; names are resolved to modules."""
    return list(_imports(module.tree, module, is_for_types=False))


def functions_of(module: Module) -> list[Function]:
    """Every function and method of `module`."""
    return [
        _measure(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def calls_of(module: Module, name: str) -> list[int]:
    """The lines on which `module` calls something named `name`, bare or after a dot."""
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _last_name(node.func) == name
    ]


def mentions_of(module: Module, dotted: str) -> list[int]:
    """The lines on which `module` names `dotted`, such as `os.environ`."""
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == dotted
    ]


def takes_from(node: ast.stmt, module: str, name: str) -> bool:
    """Whether `node` is `from module import name`."""
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == module
        and any(alias.name == name for alias in node.names)
    )


def _read(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text()
    return Module(name, path, text, ast.parse(text))


@cache
def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _imports(node: ast.AST, module: Module, *, is_for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, is_for_types)
        elif isinstance(child, ast.ImportFrom):
            start = _start_of(child, module)
            for alias in child.names:
                full = f"{start}.{alias.name}"
                yield Import(full if _is_module(full) else start, child.lineno, is_for_types)
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for inner in child.body:
                block = ast.Module([inner], [])
                yield from _imports(block, module, is_for_types=True)
        else:
            yield from _imports(child, module, is_for_types=is_for_types)


def _start_of(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    if module.path.name != "__init__.py":
        parts = parts[:-1]
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def _measure(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
    arguments = node.args
    places = [one for one in (*arguments.posonlyargs, *arguments.args) if one.arg not in _SELF]
    marks = {_last_name(getattr(mark, "func", mark)) for mark in node.decorator_list}
    return Function(
        node.name,
        node.lineno,
        lines,
        by_place=len(places),
        by_name=len(arguments.kwonlyargs),
        is_compiled=bool(marks & _COMPILERS),
        is_command="command" in marks,
    )


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
