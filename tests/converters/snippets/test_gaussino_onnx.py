from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from tests.cpp import generators


class Configurable(SimpleNamespace):
    """What Gaudi's configurables do here: keep what they are given, and hold tools."""

    def addTool(self, kind: type[Configurable], name: str) -> None:
        setattr(self, name, kind())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Stand-ins for Gaudi's Python modules; the configurables that were made, by name."""
    made: dict[str, Any] = {}

    def configurable(name: str) -> Any:
        def make(**options: Any) -> Configurable:
            made.setdefault(name, Configurable(TopAlg=[])).__dict__.update(options)
            one: Configurable = made[name]
            return one

        return make

    module = ModuleType("Configurables")
    names = ("ApplicationMgr", "Gaussino", "Gsino__CaloChallenge__GetMLCaloHitsAlg")
    for name in (*names, "CaloexportModel"):
        setattr(module, name, configurable(name))
    kernel = ModuleType("GaudiKernel")
    kernel.SystemOfUnits = SimpleNamespace(mm=1.0)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "Configurables", module)
    monkeypatch.setitem(sys.modules, "GaudiKernel", kernel)
    yield made


def written(generator: Generator, place: Path, **choices: str) -> Path:
    fitted = apply_contract(generator, "gaussino-onnx", "onnx", choices=choices)
    export(fitted, "onnx", place / "g.onnx")
    return write_snippets("gaussino-onnx", place / "g.onnx", place / "gaussino").folder


def test_job_options_hold_what_the_manifest_tells(made: dict[str, Any], tmp_path: Path) -> None:
    folder = written(generators.cylinder(), tmp_path)
    path = folder / "options.py"
    exec(compile(path.read_text(), str(path), "exec"), {"__file__": str(path)})  # noqa: S102
    assert made["Gaussino"].MLOptions["ModelPath"] == str(folder / "g.onnx")
    assert made["Gaussino"].MLOptions["IntraOpThreads"] == 1
    hits = made["Gsino__CaloChallenge__GetMLCaloHitsAlg"]
    assert hits.MeshNumber == (4, 6, 5)
    assert hits.MeshSize == (2.325, 1, 3.4)
    assert hits.CaloexportModel.Categories == {"geometry": "scipb"}
    assert hits.CaloexportModel.ModelPath == str(folder / "g.onnx")
    assert made["ApplicationMgr"].TopAlg == [hits]


def test_what_the_example_cannot_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="has layers of its own"):
        written(generators.layered(), tmp_path)
    with pytest.raises(UnsupportedError, match="dtype=float32"):
        written(generators.cylinder(), tmp_path, dtype="float64")
    generator = generators.cylinder()
    assert generator.sampling is not None
    assert isinstance(generator.sampling.mesh, CylinderMesh)
    turned = replace(generator.sampling.mesh, phi_origin_rad=0.0)
    sampling = replace(generator.sampling, mesh=turned)
    with pytest.raises(UnsupportedError, match="counts azimuth from -π, the mesh from 0"):
        written(Generator.from_network(generator.network, sampling, name="turned"), tmp_path)
