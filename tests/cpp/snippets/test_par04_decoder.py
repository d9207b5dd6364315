"""The generated decoder as a library of Par04: energies, what it refuses, and its places."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cpp.references import SEED, STEPS
from caloexport.runtime.generator import Generator
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import spread
from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.programs import require_program

pytestmark = pytest.mark.system

PROGRAM = Path(__file__).parent.parent / "programs" / "par04_decoder.cc"


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    """What ``caloexport snippets`` writes."""
    return snippet_folder("par04-decoder", "cpp")


@pytest.fixture(scope="module")
def printed(any_compiler: Compiler, folder: Path) -> list[str]:
    """What the decoder gave in a stand-in of Par04, under the sanitizers."""
    program = any_compiler.program(
        [PROGRAM, folder / "Par04DecoderInference.cc"],
        includes=[folder, STANDINS / "geant4", STANDINS / "par04"],
        flags=["-DUSE_INFERENCE", *SANITIZED],
    )
    return run(program, folder / "decoder.safetensors").splitlines()


def test_energies_are_those_of_python(printed: list[str], cylinder_generator: Generator) -> None:
    assert cylinder_generator.sampling is not None
    for number, line in enumerate(printed[-4:]):
        given = {
            one.name: spread(one, turn)[STEPS[number]]
            for turn, one in enumerate(cylinder_generator.sampling.conditions)
        }
        given["geometry"] = "siw"
        expected = cylinder_generator.sample(1, seed=SEED, first=number, **given).reshape(1, -1)
        found = np.array([[float.fromhex(word) for word in line.split()]])
        difference = compare(found, expected, "float32")
        assert difference.equal, difference
        assert ((found == 0) == (expected == 0)).all()


def test_what_cannot_be_a_trained_shower_ends_the_program(printed: list[str]) -> None:
    category, name, chosen, angle, vector = printed[:-4]
    where = "Par04DecoderInference: "
    hint = ": let ModelTrigger ask in_trained_range, and the macro /Par04/decoder/choose"
    assert category == f"{where}a category was not set, or is not a known one{hint}"
    unknown = "/Par04/decoder/choose geometry cheese: no such condition or category"
    assert name == f"{where}{unknown}"
    assert chosen == "1"
    assert angle == f"{where}a condition is outside the trained range{hint}"
    assert vector.startswith(f"{where}Par04InferenceSetup::GetEnergies must hand energy")


@pytest.mark.parametrize(
    ("angles", "handed_on"),
    [("G4float aInitialAngle", "aInitialAngle"), ("G4float aTheta, G4float aPhi", "aTheta, aPhi")],
    ids=["11.0 to 11.3", "11.4"],
)
def test_the_edit_hands_on_what_the_release_has(
    angles: str, handed_on: str, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "CMakeLists.txt").write_text("")
    (tmp_path / "src/Par04MLFastSimModel.cc").write_text(
        "#ifdef USE_INFERENCE\nG4bool Par04MLFastSimModel::ModelTrigger(T)\n{\n}\n"
    )
    setup = tmp_path / "src/Par04InferenceSetup.cc"
    setup.write_text(
        "#ifdef USE_INFERENCE\nvoid Par04InferenceSetup::SetInferenceLibrary(T)\n{\n}\n"
        f"void Par04InferenceSetup::GetEnergies(A aEnergies, {angles})\n{{\n  rest;\n}}\n"
    )
    command = [require_program("cmake"), f"-DPAR04={tmp_path}", "-P", folder / "edit_par04.cmake"]
    subprocess.run(command, check=True, capture_output=True)
    text = setup.read_text()
    assert f"decoder->GetEnergies(aEnergies, aInitialEnergy, {handed_on});\n" in text
    assert text.index("GetEnergies(A aEnergies") < text.index("dynamic_cast") < text.index("rest")


def test_the_macro_chooses_the_geometry_after_the_library(folder: Path) -> None:
    lines = (folder / "par04.mac").read_text().splitlines()
    library = lines.index("/Par04/inference/setInferenceLibrary DECODER")
    assert lines[library - 1] == "/Par04/inference/setModelPathName decoder.safetensors"
    assert lines.index("/Par04/decoder/choose geometry siw") > library
    assert not any("setSizeLatentVector" in line for line in lines)


def test_the_cmake_fragment_builds_the_class_and_the_check(folder: Path, tmp_path: Path) -> None:
    includes = " ".join(str(STANDINS / name) for name in ("geant4", "par04"))
    (tmp_path / "main.cc").write_text("int main() {}\n")
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(Par04 LANGUAGES CXX)\n"
        f"include_directories({includes})\nadd_executable(examplePar04 main.cc)\n"
        f'include("{folder}/par04.cmake")\n'
    )
    cmake, build = require_program("cmake"), tmp_path / "build"
    for command in ([cmake, "-S", tmp_path, "-B", build], [cmake, "--build", build]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    line = "4 of 4 reference showers agree (cylinder)\n"
    assert run(build / "checkPar04", folder=build) == line
    assert (build / "par04.mac").is_file()
