"""The generated decoder as a network of FastCaloSim."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.showers import refusal
from tests.programs import require_program

pytestmark = pytest.mark.system

PROGRAM = Path(__file__).parents[1] / "programs" / "fastcalosim_network.cc"
PROJECT = Path(__file__).parents[1] / "projects" / "fastcalosim"
INCLUDES = [STANDINS / name for name in ("fastcalosim", "clhep")]
WEIGHTS = "neural_net_22_eta_20_25_High12.safetensors"


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    """The folder of the snippet."""
    return snippet_folder("fastcalosim-decoder", "cpp", "layered")


@pytest.fixture(scope="module")
def program(any_compiler: Compiler, folder: Path) -> Path:
    """A program that finds the network by its file, as the factory does."""
    return any_compiler.program(
        [PROGRAM, folder / "gan_network.cc"],
        includes=[folder, *INCLUDES],
        flags=[*SANITIZED, "-pthread"],
    )


def test_the_network_is_found_by_its_file_and_computes_in_threads(
    program: Path, folder: Path
) -> None:
    printed, outputs, threads, tree, others, missing = run(program, folder / WEIGHTS).splitlines()
    assert printed.startswith("layered with ")
    assert printed.endswith(f" instructions, {folder / WEIGHTS}")
    assert outputs == "17 outputs, 0 to 16"
    assert threads == "4 threads agree"
    assert tree.endswith("a compiled network cannot be kept in a ROOT file")
    assert others == "no compiled network of that name"
    assert missing == "layered: Noise 'variable_5'"


def test_weights_of_another_export_are_refused_in_one_line(
    program: Path, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / WEIGHTS
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert refusal(program, path).startswith(f"{path}: its numbers are not those")


def test_the_cmake_fragment_edits_the_factory(folder: Path, tmp_path: Path) -> None:
    cmake = require_program("cmake")
    shutil.copytree(PROJECT, tmp_path / "project")
    build = tmp_path / "build"
    includes = ";".join(map(str, INCLUDES))
    configure = [cmake, "-S", tmp_path / "project", "-B", build, f"-DSLICE={folder}"]
    for command in ([*configure, f"-DINCLUDES={includes}"], [cmake, "--build", build]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert run(build / "find", folder / "neural_net_22_eta_20_25_High12.*").startswith("layered")
    assert run(build / "find", "other.*", status=1) == "No file found\n"
    told = run(build / "check_neural_net_22_eta_20_25_High12", folder=folder).splitlines()
    assert told[:2] == [
        "4 of 4 reference showers agree (layered)",
        "binning.xml: 17 voxels in the order of the outputs",
    ]
    factory = tmp_path / "project" / "source" / "Core" / "TFCSNetworkFactory.cxx"
    factory.write_text(factory.read_text().replace("resolveGlobs(input)", "resolve(input)"))
    done = subprocess.run(
        [*configure, f"-DINCLUDES={includes}"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "found another version" in " ".join(done.stderr.split())
