"""Imports go down only: caloexport, then converters, then runtime, then numpy."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import FLOORS, HOUSE, imports, imports_at_top, modules, tree

MODULES = modules()


def of_floor(*floors: str) -> list[str]:
    return [name for name in MODULES if name.startswith(tuple(f"caloexport.{f}" for f in floors))]


def outside(names: set[str]) -> set[str]:
    """Return the distributions that are neither the standard library nor ours."""
    tops = {name.split(".")[0] for name in names}
    return tops - sys.stdlib_module_names - {"caloexport"}


@pytest.mark.parametrize("name", of_floor("runtime"))
def test_runtime_imports_numpy_and_itself(name: str) -> None:
    names = imports(tree(MODULES[name]))
    compiled = name.startswith("caloexport.runtime.kernels") or name.endswith("backends.numba")
    assert outside(names) <= {"numpy", *(("numba", "llvmlite") if compiled else ())}
    ours = {one for one in names if one.startswith("caloexport")}
    assert all(one.startswith("caloexport.runtime") for one in ours), ours


@pytest.mark.parametrize("name", of_floor("converters", "cpp_snippets"))
def test_converters_import_themselves_and_runtime(name: str) -> None:
    allowed = (*(f"caloexport.{floor}" for floor in FLOORS), "caloexport.__version__")
    ours = {one for one in imports(tree(MODULES[name])) if one.startswith("caloexport")}
    assert all(one.startswith(allowed) for one in ours), ours


@pytest.mark.parametrize("name", sorted(set(MODULES) - set(of_floor("cli"))))
def test_nobody_calls_the_command_line(name: str) -> None:
    ours = imports(tree(MODULES[name]))
    assert not {one for one in ours if one.startswith("caloexport.cli")}


@pytest.mark.parametrize("name", of_floor("cli"))
def test_commands_import_click_only(name: str) -> None:
    assert outside(imports_at_top(tree(MODULES[name]))) <= {"click", "rich"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_ours_are_imported_by_their_full_name(name: str) -> None:
    relative = [
        node.lineno
        for node in ast.walk(tree(MODULES[name]))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative
    bare = {one for one in imports(tree(MODULES[name])) if one.split(".")[0] in FLOORS}
    assert not bare


def test_the_package_itself_imports_nothing() -> None:
    assert imports(tree(HOUSE / "__init__.py")) <= {"__future__.annotations"}


def test_no_floor_is_loaded_under_a_bare_name() -> None:
    cheap = [name for name in of_floor("runtime", "converters") if "kernels" not in name]
    program = f"""
import importlib, json, sys
for name in {cheap!r}:
    importlib.import_module(name)
print(json.dumps([name for name in sys.modules if name.split(".")[0] in {FLOORS!r}]))
"""
    child = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=HOUSE.parent,
    )
    assert json.loads(child.stdout) == []


@pytest.mark.parametrize("floor", FLOORS)
def test_the_floors_are_links_into_the_package(floor: str) -> None:
    link = HOUSE / floor
    if link.is_symlink():  # a checkout; an installed package and an sdist hold folders
        assert not link.readlink().is_absolute()
        assert link.resolve() == (HOUSE.parent / floor).resolve()
    assert (link / "__init__.py").is_file()


@pytest.mark.parametrize("name", sorted(MODULES))
def test_rooms_are_small(name: str) -> None:
    assert len(MODULES[name].read_text().splitlines()) < 400


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(tree(path))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a body without docstring and inner functions."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    lines: set[int] = set()
    for statement in body:
        lines |= set(range(statement.lineno, (statement.end_lineno or 0) + 1))
    for inner in ast.walk(function):
        if isinstance(inner, ast.FunctionDef) and inner is not function:
            lines -= set(range(inner.lineno, (inner.end_lineno or 0) + 1))
    return len(lines)


def test_functions_fit_on_a_screen() -> None:
    too_long = {}
    for name, path in MODULES.items():
        for function in functions(path):
            if own_lines(function) > 40:
                too_long[f"{name}.{function.name}"] = own_lines(function)
    assert not too_long
