"""The TensorFlow C snippet, compiled against the libraries of the Python wheel."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cpp.cmake_program import cmake_program
from tests.cpp.compiling import SANITIZED, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.showers import PROGRAM, refusal, require_same_showers
from tests.cpp.tensorflow_wheel import fast_linker, tensorflow_options, tensorflow_wheel

pytestmark = pytest.mark.system

SAMPLER = (
    '-DSAMPLER="tensorflow_generator.h"',
    "-DMODEL=TensorFlowModel",
    "-DGENERATOR=TensorFlowGenerator",
)
#: the library keeps memory until the process ends
QUIET = {"ASAN_OPTIONS": "detect_leaks=0"}


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    return snippet_folder("tensorflow-c", "savedmodel", "cylinder")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """The program of the snippet."""
    linker = f"CMAKE_EXE_LINKER_FLAGS={' '.join(fast_linker())}"
    definitions = (f"TENSORFLOW_WHEEL={tensorflow_wheel()}", linker)
    return cmake_program(folder, tmp_path_factory.mktemp("build"), "cylinder_showers", definitions)


@pytest.fixture(scope="module")
def threads(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """The program with several threads, by the other compiler and with the sanitizers."""
    clang = Compiler("clang++", tmp_path_factory.mktemp("clang"))
    flags = [*SAMPLER, "-pthread", *SANITIZED]
    return clang.program([PROGRAM], includes=[folder], flags=flags, **tensorflow_options())


def test_the_program_reports_agreement_a_shower_and_its_cost(program: Path, folder: Path) -> None:
    agree, shower, cost = run(program, folder=folder).splitlines()
    assert agree == "4 of 4 reference showers agree (cylinder)"
    assert shower.startswith("a shower of ")
    assert cost.endswith(" us per shower of 120 cells")


def test_showers_are_those_of_the_reference_in_every_thread(threads: Path, folder: Path) -> None:
    artifact = folder / "generator"
    require_same_showers(run(threads, artifact, environment=QUIET), artifact)


def test_another_artifact_is_refused_in_one_line(
    program: Path, folder: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    own = folder / "generator"
    other = snippet_folder("tensorflow-c", "savedmodel", "layered") / "generator"
    assert "belongs to manifest" in refused(program, other)
    assert refused(program, tmp_path / "absent") == f"{tmp_path}/absent: cannot be read"
    replaced = tmp_path / "replaced"
    shutil.copytree(other, replaced)
    shutil.copytree(own / "assets.extra", replaced / "assets.extra", dirs_exist_ok=True)
    expected = f"{replaced}: 'serving_default_x:0' holds 7 numbers, expected 14"
    assert refused(program, replaced) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda graph: graph[:999], "TensorFlow rejects it: "),
        (
            lambda graph: graph.replace(b"StatefulPartitionedCall", b"StatefulPartitionedTell"),
            "has no tensor 'StatefulPartitionedCall:0'",
        ),
    ],
    ids=["damaged", "renamed"],
)
def test_a_damaged_graph_is_refused_in_one_line(
    change: Callable[[bytes], bytes], expected: str, program: Path, folder: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(folder / "generator", damaged)
    graph = damaged / "saved_model.pb"
    graph.write_bytes(change(graph.read_bytes()))
    assert refused(program, damaged).startswith(f"{damaged}: {expected}")


def refused(program: Path, artifact: Path) -> str:
    """Return what the program says after the library's own log."""
    return refusal(program, artifact, chatty=True)
