"""The Gaussino tool, compiled against a stand-in whose model server is ONNX Runtime itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from caloexport.converters.open import open_model
from caloexport.runtime.tolerance import compare
from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.onnxruntime_wheels import OnnxRuntime

pytestmark = pytest.mark.system

SOURCE = Path(__file__).parents[1] / "programs" / "gaussino.cc"
INCLUDES = [STANDINS / name for name in ("gaussino", "clhep", "geant4")]
AGREE = "4 of 4 reference showers agree (cylinder)"


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    """The folder of the snippet."""
    return snippet_folder("gaussino-onnx", "onnx", "cylinder")


@pytest.fixture(scope="module")
def program(any_compiler: Compiler, folder: Path, onnxruntime: OnnxRuntime) -> Path:
    """The tool in a program, with the sanitizers."""
    return any_compiler.program(
        [SOURCE], includes=[folder, *INCLUDES], flags=SANITIZED, **onnxruntime.options
    )


def test_showers_are_those_of_the_reference(program: Path, folder: Path) -> None:
    model = folder / "generator.onnx"
    said, no_mesh, *lines, outside = run(program, model, model, "siw").splitlines()
    assert said == AGREE
    assert no_mesh == "cylinder: MeshNumber must be (4, 6, 5)"
    assert outside == "cylinder: a condition is outside the trained range"
    rows = [np.array([float.fromhex(word) for word in line.split()]) for line in lines]
    generator = open_model(model)
    for latents, energies in (rows[:2], rows[2:]):
        conditions = {"energy_mev": 50000.0, "theta_rad": 1.25, "geometry": "siw"}
        expected = generator.decode(latents[None].astype(np.float32), conditions)
        difference = compare(energies[None], expected.reshape(1, -1), "float32")
        assert difference.equal, difference
    assert (rows[1] != rows[3]).any()


def test_clamping_is_an_option(program: Path, folder: Path) -> None:
    model = folder / "generator.onnx"
    *_, clamped = run(program, model, model, "scipb", "clamp").splitlines()
    total = sum(float.fromhex(word) for word in clamped.split())
    assert 0 < total < 2 * 1000.0  # 5 MeV became the least trained energy


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("pbwo4",), "cylinder: has no condition 'geometry' with a category 'pbwo4'"),
        (("siw", "cut"), "cylinder: OutOfRange is 'cut', expected error, clamp or extrapolate"),
    ],
)
def test_wrong_options_are_refused_in_one_line(
    options: tuple[str, ...], expected: str, program: Path, folder: Path
) -> None:
    model = folder / "generator.onnx"
    assert run(program, model, model, *options, status=1).splitlines() == [expected]


def test_another_model_is_refused_in_one_line(
    program: Path, folder: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    ours = folder / "generator.onnx"
    other = snippet_folder("onnxruntime", "onnx", "layered", "fastcalosim-v2") / "generator.onnx"
    [line] = run(program, ours, other, "siw", status=1).splitlines()
    assert line.startswith(f"{other}: belongs to manifest ")
    [line] = run(program, other, ours, "siw", status=1).splitlines()  # served, but not checked
    assert line != AGREE
    bare = onnx.load(ours)
    del bare.metadata_props[:]
    path = tmp_path / "bare.onnx"
    onnx.save(bare, path)
    [line] = run(program, ours, path, "siw", status=1).splitlines()
    assert line.startswith(f"{path}: carries no manifest hash")
    spoilt = onnx.load(ours)
    weight = spoilt.graph.initializer[0]
    values = onnx.numpy_helper.to_array(weight) * np.float32(0.5)
    weight.CopyFrom(onnx.numpy_helper.from_array(values, weight.name))
    onnx.save(spoilt, path)
    [line] = run(program, path, path, "siw", status=1).splitlines()
    assert line.startswith("cylinder: reference shower 0: ")
    shutil.rmtree(tmp_path)
    [line] = run(program, ours, path, "siw", status=1).splitlines()
    assert line == f"{path}: cannot be read"
