"""Compiled kernels are known by everything that they were made from."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import pytest

from caloexport.runtime.kernels import identity
from tests.house import HOUSE, imports, modules, tree

ROOM = "caloexport.runtime.kernels."


def test_it_is_the_same_twice() -> None:
    assert identity.identity() == identity.identity()
    assert all(identity.identity().values())


def test_a_library_without_metadata_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = identity.version_of("llvmlite")

    def no_metadata(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", no_metadata)
    assert identity.version_of("llvmlite") == expected


@pytest.mark.parametrize("name", ["dense.py", "storages/int8.py", "a_new_kernel.py"])
def test_it_changes_with_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shutil.copytree(HOUSE / "runtime" / "kernels", tmp_path / "kernels")
    monkeypatch.setattr(identity, "__file__", str(tmp_path / "kernels" / "identity.py"))
    before = identity.source_hash()
    with (tmp_path / "kernels" / name).open("a") as stream:
        stream.write("\n")
    assert identity.source_hash() != before


def test_modules_whose_constants_are_compiled_are_part_of_it() -> None:
    """Names in capitals, and modules as a whole, that kernels take from outside their room."""
    taken = set()
    for path in (path for name, path in modules().items() if name.startswith(ROOM)):
        names = imports(tree(path))
        if not any(one.startswith((ROOM + "compiled", "numba", "llvmlite")) for one in names):
            continue
        for one in names:
            module, _, part = one.rpartition(".")
            if one in modules():
                module = one
            elif not part.isupper():
                continue
            if module.startswith("caloexport.runtime.") and not (module + ".").startswith(ROOM):
                taken.add(module.removeprefix("caloexport.runtime.").replace(".", "/") + ".py")
    assert taken == set(identity.CONSTANTS)
