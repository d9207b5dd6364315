"""The ONNX Runtime snippet, compiled against the library of the Python wheel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest

from caloexport.bench.workloads.par04 import decoder
from caloexport.runtime.mesh import CylinderMesh
from tests.cpp import generators
from tests.cpp.cmake_program import cmake_program
from tests.cpp.compiling import SANITIZED, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.onnxruntime_wheels import OnnxRuntime
from tests.cpp.showers import PROGRAM, refusal, require_same_showers

pytestmark = pytest.mark.system

SAMPLER = ('-DSAMPLER="onnx_generator.h"', "-DMODEL=OnnxModel", "-DGENERATOR=OnnxGenerator")
AGREE = "4 of 4 reference showers agree ({})"
Edit = Callable[[onnx.ModelProto], None]


@pytest.fixture(scope="module", autouse=True)
def many_cells() -> Iterator[None]:
    """Put a decoder for 4200 cells among the generators that folders are made of."""
    mesh = CylinderMesh(10, 20, 21, 2.325, 3.4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(generators.GENERATORS, "many cells", lambda: decoder("many", mesh))
        yield


@pytest.fixture(scope="module")
def program(
    tmp_path_factory: pytest.TempPathFactory,
    snippet_folder: SnippetFolder,
    onnxruntime: OnnxRuntime,
) -> Path:
    """The program of the snippet for a file with two inputs, with the sanitizers."""
    folder = snippet_folder("onnxruntime", "onnx", "layered", "fastcalosim-v2")
    definitions = (
        f"ONNXRUNTIME_INCLUDE={onnxruntime.headers}",
        f"ONNXRUNTIME_LIBRARY={onnxruntime.libraries / 'libonnxruntime.so'}",
    )
    build = tmp_path_factory.mktemp("build")
    return cmake_program(folder, build, "layered_showers", definitions, SANITIZED)


def test_the_program_reports_agreement_a_shower_and_its_cost(
    program: Path, snippet_folder: SnippetFolder
) -> None:
    folder = snippet_folder("onnxruntime", "onnx", "layered", "fastcalosim-v2")
    agree, shower, cost = run(program, folder=folder).splitlines()
    assert agree == AGREE.format("layered")
    assert shower.startswith("a shower of ")
    assert cost.endswith(" us per shower of 17 cells")


#: compiler -> generator, contract and choices: many cells, for which the session has an option of
#: its own, from one input with an open batch axis, or few from two of float64
CASES: dict[str, tuple[str, str, dict[str, str]]] = {
    "g++": ("many cells", "par04-vae", {}),
    "clang++": ("layered", "fastcalosim-v2", {"dtype": "float64", "batch": "1"}),
}


def test_showers_are_those_of_the_reference_in_every_thread(
    compiler: Compiler, snippet_folder: SnippetFolder, onnxruntime: OnnxRuntime
) -> None:
    generator, contract, choices = CASES[compiler.name]
    folder = snippet_folder("onnxruntime", "onnx", generator, contract, **choices)
    flags = [*SAMPLER, "-pthread", *SANITIZED]
    built = compiler.program([PROGRAM], includes=[folder], flags=flags, **onnxruntime.options)
    artifact = folder / "generator.onnx"
    require_same_showers(run(built, artifact), artifact)


def _rename_input(model: onnx.ModelProto) -> None:
    model.graph.input[0].name = "z"
    for node in model.graph.node:
        node.input[:] = ["z" if name == "Noise" else name for name in node.input]


def _add_input(model: onnx.ModelProto) -> None:
    extra = model.graph.input.add()
    extra.CopyFrom(model.graph.input[1])
    extra.name = "more"


def _add_output(model: onnx.ModelProto) -> None:
    model.graph.output.add().CopyFrom(model.graph.output[0])
    model.graph.output[1].name = "copy"
    model.graph.node.add(op_type="Identity", input=["output"], output=["copy"])


def _fix_batch(model: onnx.ModelProto) -> None:
    for tensor in (*model.graph.input, *model.graph.output):
        tensor.type.tensor_type.shape.dim[0].dim_value = 4


def _lose_cells(model: onnx.ModelProto) -> None:
    for name, value in (("from", 0), ("to", 9), ("along", 1)):
        number = onnx.numpy_helper.from_array(np.array([value]), name)
        model.graph.initializer.append(number)
    sliced = ["output", "from", "to", "along"]
    model.graph.node.add(op_type="Slice", input=sliced, output=["fewer"])
    model.graph.output[0].name = "fewer"
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 9


def _lose_hash(model: onnx.ModelProto) -> None:
    del model.metadata_props[:]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (_rename_input, "has no input 'Noise'"),
        (_add_input, "has 3 inputs and 1 outputs, expected 2 and 1"),
        (_add_output, "has 2 inputs and 2 outputs, expected 2 and 1"),
        (_fix_batch, "takes 4 showers at a time, expected 1: convert it with --choose batch=1"),
        (_lose_cells, "'output' holds 9 numbers, expected 17"),
        (_lose_hash, "carries no manifest hash of caloexport"),
    ],
)
def test_another_interface_is_refused_in_one_line(
    edit: Edit, expected: str, program: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    folder = snippet_folder("onnxruntime", "onnx", "layered", "fastcalosim-v2")
    model = onnx.load(folder / "generator.onnx")
    edit(model)
    path = tmp_path / "edited.onnx"
    onnx.save(model, path)
    line = refusal(program, path)
    assert line.startswith(f"{path}: {expected}")


def test_other_files_are_refused_in_one_line(
    program: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    other = snippet_folder("onnxruntime", "onnx", "cylinder", "par04-vae") / "generator.onnx"
    assert "belongs to manifest" in refusal(program, other)
    assert "File doesn't exist" in refusal(program, tmp_path / "absent.onnx")
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(other.read_bytes()[:1000])
    assert refusal(program, cut).startswith(f"{cut}: ONNX Runtime rejects it: ")
