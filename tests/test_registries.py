"""Every registry, found by walking the house: each entry is documented and has its cases."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from collections.abc import Sized
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from caloexport.runtime.activations import activations
from caloexport.runtime.layers import layers
from caloexport.runtime.registry import Registry
from tests.house import TESTS, modules, tree

#: these parametrise over both registries of the network, so whoever uses them tests each entry
EVERY_LAYER = "tests.every_layer"


@cache
def registries() -> dict[str, Registry[Any]]:
    """Return every registry by the name of its package."""
    import caloexport.converters.engines  # noqa: F401  # adds a package to the backends

    found = {}
    for name, path in modules().items():
        if "Registry(" in path.read_text() and name != Registry.__module__:
            for value in vars(importlib.import_module(name)).values():
                if isinstance(value, Registry):
                    found[value.packages[0]] = value
    return found


def entries() -> list[tuple[str, str]]:
    return [(package, entry) for package, found in registries().items() for entry in found]


def home(registry: Registry[Any], name: str) -> tuple[ModuleType, Any]:
    """Return the module that an entry was written in, and the function or class that it is."""
    entry = registry[name]
    parts = vars(entry).values() if hasattr(entry, "__dict__") else ()
    for part in (entry, type(entry), *parts):
        module = getattr(part, "__module__", None) or ""
        if module.rpartition(".")[0] in registry.packages:
            named = "<" not in getattr(part, "__qualname__", "<")  # no lambda, no inner function
            return importlib.import_module(module), part if named else None
    for package in registry.packages:  # an entry that is data is found by its name
        module = f"{package}.{name.replace('-', '_')}"
        if importlib.util.find_spec(module):
            return importlib.import_module(module), None
    pytest.fail(f"entry '{name}' of {registry.packages} lives outside its folder")


def test_the_walk_finds_the_seams() -> None:
    assert {
        "caloexport.runtime.layers",
        "caloexport.runtime.activations",
        "caloexport.runtime.encodings",
        "caloexport.runtime.output_maps",
        "caloexport.runtime.backends",
        "caloexport.converters.targets",
    } <= set(registries())
    assert all(registry.names() for registry in registries().values())


@pytest.mark.parametrize(("package", "entry"), entries())
def test_every_entry_is_documented(package: str, entry: str) -> None:
    module, part = home(registries()[package], entry)
    assert module.__doc__, f"{module.__name__} has no docstring"
    if part is not None:
        assert part.__doc__, f"'{entry}' in {module.__name__} has no docstring"


def mirror(module: str) -> Path:
    """Return the test file of a module."""
    floor, *rooms, name = module.split(".")[1:]
    if floor not in ("runtime", "converters", "cpp_snippets"):
        floor = f"caloexport/{floor}"
    return TESTS.joinpath(floor, *rooms, f"test_{name}.py")


def modules_of_runtime_entries() -> list[str]:
    found = [home(registries()[package], entry)[0].__name__ for package, entry in entries()]
    return sorted({name for name in found if name.startswith("caloexport.runtime.")})


@pytest.mark.parametrize("module", modules_of_runtime_entries())
def test_every_entry_of_the_runtime_has_cases_in_a_file_of_its_own(module: str) -> None:
    path = mirror(module)
    assert path.is_file(), f"{module} has no test file {path}"
    spec = importlib.util.spec_from_file_location(f"cases_of_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    cases: Sized = getattr(loaded, "CASES", ())
    assert len(cases) > 0, f"{path} has no CASES"


@cache
def named_in_tests(floor: str) -> set[str]:
    """Return every string that stands in the tests of a floor, and what they walk through."""
    words: set[str] = set()
    for path in (TESTS / floor).rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            if isinstance(node, ast.ImportFrom) and node.module == EVERY_LAYER:
                words |= {*activations, *layers}
    return words


@pytest.mark.parametrize(
    ("package", "entry"), [pair for pair in entries() if ".runtime." not in pair[0]]
)
def test_every_entry_above_is_named_by_a_test_of_its_floor(package: str, entry: str) -> None:
    floor = package.split(".")[1]
    folders = ("converters", "cpp") if floor == "converters" else ("caloexport",)
    named = any(entry in named_in_tests(folder) for folder in folders)
    assert named, f"no test in tests/{' or '.join(folders)} names '{entry}'"
