from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap
import threading
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from caloexport.runtime import registry as registry_module
from caloexport.runtime.errors import UnknownName
from caloexport.runtime.registry import Registry


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A package with two entries, under a name of its own for every test."""
    name = f"plugins_{abs(hash(request.node.name))}"
    folder = tmp_path / name
    folder.mkdir()
    head = f"""
        from caloexport.runtime.registry import Registry
        things = Registry("thing", "{name}", "{name}.group")
    """
    (folder / "__init__.py").write_text(textwrap.dedent(head))
    for entry in ("stone", "wood"):
        (folder / f"{entry}.py").write_text(
            f"from {name} import things\nthings.register('{entry}')('{entry}'.upper())\n"
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def things_of(package: str) -> Registry[str]:
    __import__(package)
    found: Registry[str] = sys.modules[package].things
    return found


def test_entries_are_the_files_of_the_folder(package: str) -> None:
    things = things_of(package)
    assert f"{package}.wood" not in sys.modules  # not before someone asks
    assert things.names() == list(things) == ["stone", "wood"]
    assert things["wood"] == "WOOD"
    assert "wood" in things
    assert "glass" not in things


def test_unknown_name_lists_the_nearest(package: str) -> None:
    with pytest.raises(UnknownName, match=r"unknown thing 'stome' .did you mean 'stone'\? known:"):
        things_of(package)["stome"]


def test_a_name_is_taken_once(package: str) -> None:
    things = things_of(package)
    assert things["wood"]
    with pytest.raises(ValueError, match="thing 'wood' is registered twice"):
        things.register("wood")("again")


def test_another_package_adds_entries(package: str, tmp_path: Path) -> None:
    things = things_of(package)
    assert things.names() == ["stone", "wood"]
    upper = tmp_path / f"{package}_upper"
    upper.mkdir()
    (upper / "__init__.py").write_text("")
    (upper / "glass.py").write_text(f"from {package} import things\nthings.register('glass')('G')")
    things.add_package(f"{package}_upper")
    things.add_package(f"{package}_upper")
    assert things.names() == ["glass", "stone", "wood"]
    assert things.packages == (package, f"{package}_upper")


def test_plugins_add_and_broken_ones_are_named_but_harmless(
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / f"{package}_good.py").write_text(
        f"from {package} import things\nthings.register('gold')('GOLD')"
    )
    (tmp_path / f"{package}_bad.py").write_text("raise RuntimeError('out of order')")
    group = f"{package}.group"
    points = [
        EntryPoint("rotten", f"{package}_bad", group),
        EntryPoint("gold", f"{package}_good", group),
        EntryPoint("absent", f"{package}_nowhere", group),
    ]
    asked = []

    def entry_points(group: str) -> list[EntryPoint]:
        asked.append(group)
        return points

    monkeypatch.setattr(registry_module, "entry_points", entry_points)
    with caplog.at_level(logging.ERROR):
        assert things_of(package).names() == ["gold", "stone", "wood"]
    assert asked == [group]
    assert "plugin rotten" in caplog.text
    assert "out of order" in caplog.text
    assert "plugin absent" in caplog.text


def test_threads_that_ask_first_all_get_every_entry(package: str) -> None:
    things = things_of(package)
    barrier, seen = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        seen.append(things.names())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["stone", "wood"]] * 8


def test_registering_imports_nothing_heavy() -> None:
    program = """
        import json, sys
        from caloexport.runtime.activations import activations
        from caloexport.runtime.backends import backends
        from caloexport.runtime.encodings import encodings
        from caloexport.runtime.layers import layers
        from caloexport.runtime.output_maps import output_maps
        for registry in (activations, backends, encodings, layers, output_maps):
            assert registry.names()
        third = {m.split(".")[0] for m in sys.modules if not m.startswith("_")}
        print(json.dumps(sorted(third - sys.stdlib_module_names)))
    """
    child = subprocess.run(
        [sys.executable, "-I", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(child.stdout))
    heavy = {"tensorflow", "keras", "onnx", "onnxruntime", "numba", "matplotlib", "hist", "h5py"}
    assert {"numpy", "caloexport"} <= loaded
    assert not loaded & heavy
