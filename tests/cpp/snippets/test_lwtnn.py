"""The snippets for lwtnn, compiled against the stand-in and, where it is told, the real library."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.lwtnn_library import LwtnnLibrary, lwtnn_library
from tests.cpp.showers import PROGRAM, refusal, require_same_showers
from tests.programs import require_program

__all__ = ["lwtnn_library"]

pytestmark = pytest.mark.system

SNIPPETS = ["lwtnn-graph", "lwtnn-fastgraph"]
#: compiler -> snippet, generator and contract: one input node or two, our names or a consumer's
CASES = {
    "g++": [
        ("lwtnn-graph", "layered", "fastcalosim-v2"),
        ("lwtnn-fastgraph", "cylinder", None),
    ],
    "clang++": [
        ("lwtnn-graph", "cylinder", "par04-vae"),
        ("lwtnn-fastgraph", "layered", "fastcalosim-v2"),
    ],
}
SAMPLER = ('-DSAMPLER="lwtnn_generator.h"', "-DMODEL=LwtnnModel", "-DGENERATOR=LwtnnGenerator")
Edit = Callable[[Any], None]


@pytest.fixture(params=SNIPPETS)
def folder(request: pytest.FixtureRequest, snippet_folder: SnippetFolder) -> Path:
    return snippet_folder(request.param, "lwtnn", "layered", "fastcalosim-v2")


@pytest.fixture
def program(any_compiler: Compiler, folder: Path, lwtnn_library: LwtnnLibrary) -> Path:
    """The program of a snippet for a file with two inputs, with the sanitizers."""
    source, options = folder / "lwtnn_showers.cc", lwtnn_library.options(folder)
    return any_compiler.program([source], flags=SANITIZED, optimisation="-O0", **options)


def test_the_program_reports_agreement_a_shower_and_its_cost(program: Path, folder: Path) -> None:
    agree, shower, cost = run(program, folder=folder).splitlines()
    assert agree == "4 of 4 reference showers agree (layered)"
    assert shower.startswith("a shower of ")
    assert cost.endswith(" us per shower of 17 cells")


@pytest.mark.parametrize("case", [0, 1], ids=SNIPPETS)
def test_showers_are_those_of_the_reference_in_every_thread(
    case: int,
    compiler: Compiler,
    snippet_folder: SnippetFolder,
    lwtnn_library: LwtnnLibrary,
) -> None:
    name, generator, contract = CASES[compiler.name][case]
    folder = snippet_folder(name, "lwtnn", generator, contract)
    flags = [*SAMPLER, "-pthread"]
    options = lwtnn_library.options(folder)
    built = compiler.program([PROGRAM], flags=flags, optimisation="-O0", **options)
    artifact = folder / "generator.json"
    require_same_showers(run(built, artifact), artifact)


def _rename_node(graph: Any) -> None:
    graph["inputs"][1]["name"] = "node_2"


def _swap_nodes(graph: Any) -> None:
    graph["inputs"].reverse()


def _swap_variables(graph: Any) -> None:
    variables = graph["inputs"][0]["variables"]
    variables[0], variables[1] = variables[1], variables[0]


def _drop_node(graph: Any) -> None:
    del graph["inputs"][1]


def _drop_variable(graph: Any) -> None:
    del graph["inputs"][0]["variables"][5]


def _add_output(graph: Any) -> None:
    graph["outputs"]["copy"] = next(iter(graph["outputs"].values()))


def _drop_label(graph: Any) -> None:
    next(iter(graph["outputs"].values()))["labels"].pop()


def _swap_labels(graph: Any) -> None:
    next(iter(graph["outputs"].values()))["labels"].reverse()


def _shorten_layer(graph: Any) -> None:
    layer = graph["layers"][-1]
    n_in = len(layer["weights"]) // len(layer["bias"])
    del layer["weights"][-n_in:], layer["bias"][-1]


def _drop_layers(graph: Any) -> None:
    del graph["layers"]


def _unknown_activation(graph: Any) -> None:
    graph["layers"][-1]["activation"] = "relu"


def _move_hash(graph: Any) -> None:
    graph["caloexport"]["manifest_sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (_rename_node, "input node 1 is 'node_2', expected 'node_1'"),
        (_swap_nodes, "input node 0 is 'node_1', expected 'node_0'"),
        (_swap_variables, "variable 0 of 'node_0' is 'variable_1', expected 'variable_0'"),
        (_drop_node, "has 1 input nodes and 0 sequences, expected 2 and 0"),
        (_drop_variable, "'node_0' has 5 variables, expected 6"),
        (_add_output, "has 2 outputs, expected 1"),
        (_drop_label, "names 16 output values, expected 17"),
        (_swap_labels, "output value 0 is 'out_16', expected 'out_0'"),
        (_shorten_layer, "its last layer gives 16 values, expected 17"),
        (_drop_layers, "lwtnn cannot read it: No such node (layers)"),
        (_unknown_activation, "lwtnn cannot read it: "),
        (_move_hash, "belongs to manifest 000000000000..."),
    ],
)
def test_another_interface_is_refused_in_one_line(
    edit: Edit, expected: str, program: Path, folder: Path, tmp_path: Path
) -> None:
    graph = json.loads((folder / "generator.json").read_text())
    edit(graph)
    path = tmp_path / "edited.json"
    path.write_text(json.dumps(graph))
    assert refusal(program, path).startswith(f"{path}: {expected}")


def test_other_files_are_refused_in_one_line(
    program: Path, folder: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    other = snippet_folder("lwtnn-graph", "lwtnn", "cylinder", "par04-vae") / "generator.json"
    assert "belongs to manifest" in refusal(program, other)
    assert "cannot be read" in refusal(program, tmp_path / "absent.json")
    cut = tmp_path / "cut.json"
    cut.write_bytes((folder / "generator.json").read_bytes()[:1000])
    assert refusal(program, cut).startswith(f"{cut}: lwtnn cannot read it: ")


def test_another_alignment_than_the_library_has_does_not_compile(
    any_compiler: Compiler, snippet_folder: SnippetFolder, lwtnn_library: LwtnnLibrary
) -> None:
    folder = snippet_folder("lwtnn-fastgraph", "lwtnn", "layered", "fastcalosim-v2")
    options = lwtnn_library.options(folder)
    flags = [f"-I{one}" for one in (*options["includes"], *options["system_includes"])]
    told = any_compiler.refusal(folder / "lwtnn_showers.cc", "-std=c++17", "-mavx2", *flags)
    assert "compile this with the -march of the lwtnn library" in told


def test_cmake_finds_the_library(
    snippet_folder: SnippetFolder, lwtnn_library: LwtnnLibrary, tmp_path: Path
) -> None:
    cmake = require_program("cmake")
    copied = tmp_path / "copied"
    folder = snippet_folder("lwtnn-fastgraph", "lwtnn", "layered", "fastcalosim-v2")
    shutil.copytree(folder, copied)
    prefix = lwtnn_library.prefix or STANDINS / "lwtnn"
    for command in (
        [
            *(cmake, "-S", copied, "-B", tmp_path / "build"),
            *("-DCMAKE_BUILD_TYPE=Debug", f"-DCMAKE_PREFIX_PATH={prefix}"),
        ],
        [cmake, "--build", tmp_path / "build"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    told = run(tmp_path / "build" / "layered_showers", copied / "generator.json")
    assert told.startswith("4 of 4 reference showers agree (layered)")
