"""Where the rooms of the house are, for the tests that look at all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import caloexport

TESTS = Path(__file__).parent
HOUSE = Path(next(iter(caloexport.__path__)))
FLOORS = ("runtime", "converters", "cpp_snippets")


@cache
def modules() -> dict[str, Path]:
    """Return every module of caloexport, from the listing of its folders through the links."""
    found = {}
    for path in sorted(_python_files(HOUSE)):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        found[".".join(("caloexport", *(p for p in parts if p != "__init__")))] = path
    return found


def _python_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name != "__pycache__":
            yield from _python_files(path)
        elif path.suffix == ".py":
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text())


def imports(nodes: ast.AST) -> set[str]:
    """Return the absolute names of the modules that are imported anywhere below a node."""
    found = set()
    for node in ast.walk(nodes):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imports_at_top(module: ast.Module) -> set[str]:
    """Return the modules that are imported as soon as the file is: not those inside functions."""
    found: set[str] = set()
    waiting: list[ast.stmt] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= imports(node)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            waiting += [child for child in ast.walk(node) if isinstance(child, ast.stmt)][1:]
    return found
