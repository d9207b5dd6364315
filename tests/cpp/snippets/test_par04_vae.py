"""Par04 with its own input vector: what it opens, what it refuses, and how its sources are edited."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.lwtnn_library import LwtnnLibrary, lwtnn_library
from tests.cpp.onnxruntime_wheels import OnnxRuntime
from tests.cpp.showers import refusal
from tests.programs import require_program

__all__ = ["lwtnn_library"]

pytestmark = pytest.mark.system

HERE = Path(__file__).parent
GEANT4 = (STANDINS / "geant4", STANDINS / "par04")
AGREE = "4 of 4 reference showers agree (cylinder)\n"


@pytest.fixture(scope="module")
def onnx_check(
    any_compiler: Compiler, snippet_folder: SnippetFolder, onnxruntime: OnnxRuntime
) -> Path:
    """The program that computes the reference showers with our ONNX class."""
    folder = snippet_folder("par04-vae", "onnx")
    return any_compiler.program(
        [folder / "check_par04.cc", folder / "Par04CheckedOnnxInference.cc"],
        includes=[folder, *GEANT4],
        flags=["-DUSE_INFERENCE", *SANITIZED],
        **onnxruntime.options,
    )


def test_the_onnx_class_makes_the_reference_showers(
    onnx_check: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    folder = snippet_folder("par04-vae", "onnx")
    assert run(onnx_check, folder=folder) == AGREE
    other = snippet_folder("onnxruntime", "onnx", "layered", "fastcalosim-v2") / "generator.onnx"
    line = refusal(onnx_check, other)
    assert line.startswith(f"{other}: belongs to manifest ")
    assert refusal(onnx_check, tmp_path / "absent.onnx").startswith(str(tmp_path / "absent.onnx"))


def test_the_onnx_class_serves_threads_and_refuses_sizes_of_another_macro(
    compiler: Compiler, snippet_folder: SnippetFolder, onnxruntime: OnnxRuntime
) -> None:
    folder = snippet_folder("par04-vae", "onnx")
    program = compiler.program(
        [HERE.parent / "programs" / "par04_onnx.cc", folder / "Par04CheckedOnnxInference.cc"],
        includes=[folder, *GEANT4],
        flags=["-DUSE_INFERENCE", "-pthread"],
        **onnxruntime.options,
    )
    *threads, latents, mesh = run(program, folder / "generator.onnx").splitlines()
    assert threads == ["same"] * 4
    commands = "/Par04/inference/setSizeLatentVector and setSizeConditionVector"
    assert latents == f"{commands}: 12 numbers, cylinder has 14"
    commands = "/Par04/inference/setNbOfRhoCells, setNbOfPhiCells and setNbOfZCells"
    assert mesh == f"{commands}: 121 numbers, cylinder has 120"


def test_the_lwtnn_class_of_the_example_makes_the_reference_showers(
    any_compiler: Compiler, snippet_folder: SnippetFolder, lwtnn_library: LwtnnLibrary
) -> None:
    folder = snippet_folder("par04-vae", "lwtnn")
    program = any_compiler.program(
        [folder / "check_par04.cc"],
        flags=["-DUSE_INFERENCE", "-DUSE_INFERENCE_LWTNN"],
        **lwtnn_library.options(folder, *GEANT4),
    )
    assert run(program, folder=folder) == AGREE
    other = snippet_folder("physics", "lwtnn", "layered") / "generator.json"
    assert refusal(program, other).startswith(f"{other}: belongs to manifest ")


#: what the places look like that lines are added to: names of the example, nothing of its text
EXAMPLE = {
    "CMakeLists.txt": "project(Par04)\nadd_executable(examplePar04)\n",
    "src/Par04MLFastSimModel.cc": '#ifdef USE_INFERENCE\n#  include "Par04MLFastSimModel.hh"\n\n'
    "G4bool Par04MLFastSimModel::ModelTrigger(const G4FastTrack& aFastTrack)\n{\n  rest;\n}\n",
    "src/Par04InferenceSetup.cc": '#ifdef USE_INFERENCE\n#include "Par04InferenceSetup.hh"\n'
    "void Par04InferenceSetup::SetInferenceLibrary(G4String aName)\n{\n  rest;\n}\n"
    "void Par04InferenceSetup::GetEnergies(std::vector<G4double>& aEnergies,\n"
    "                                      G4double aInitialEnergy, G4float aTheta)\n{\n}\n",
}


def edited(folder: Path, par04: Path) -> subprocess.CompletedProcess[str]:
    """Edit a copy of the example."""
    command = [require_program("cmake"), f"-DPAR04={par04}", "-P", folder / "edit_par04.cmake"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def par04(tmp_path: Path) -> Path:
    """A folder like the example's."""
    for name, text in EXAMPLE.items():
        path = tmp_path / "Par04" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "Par04"


def test_the_example_is_edited_once(snippet_folder: SnippetFolder, par04: Path) -> None:
    folder = snippet_folder("par04-vae", "onnx")
    assert edited(folder, par04).returncode == 0
    texts = {name: (par04 / name).read_text() for name in EXAMPLE}
    assert texts["CMakeLists.txt"].endswith(f'\ninclude("{folder}/par04.cmake")\n')
    trigger = "{\n  if (!in_trained_range(aFastTrack)) return false;\n  rest;\n}"
    assert trigger in texts["src/Par04MLFastSimModel.cc"]
    assert '\n#include "trained_range.h"\n' in texts["src/Par04MLFastSimModel.cc"]
    setup = texts["src/Par04InferenceSetup.cc"]
    assert '\n#include "Par04CheckedOnnxInference.hh"\n' in setup
    assert 'SetInferenceLibrary(G4String aName)\n{\n  if (aName == "ONNX_CHECKED") {\n' in setup
    assert "return;\n  }\n  rest;" in setup
    assert "edited already" in edited(folder, par04).stdout
    assert {name: (par04 / name).read_text() for name in EXAMPLE} == texts


def test_a_folder_without_the_places_is_refused(snippet_folder: SnippetFolder, par04: Path) -> None:
    folder = snippet_folder("par04-vae", "lwtnn")
    done = edited(folder, par04.parent)
    assert done.returncode != 0
    assert "must name the folder of the example Par04" in done.stderr
    (par04 / "src/Par04MLFastSimModel.cc").write_text("")
    done = edited(folder, par04)
    assert done.returncode != 0
    assert "add the lines of README.md by hand" in done.stderr
    assert (par04 / "CMakeLists.txt").read_text() == EXAMPLE["CMakeLists.txt"]


def test_the_macro_sets_everything_before_the_library(snippet_folder: SnippetFolder) -> None:
    lines = (snippet_folder("par04-vae", "lwtnn") / "par04.mac").read_text().splitlines()
    commands = [line.split() for line in lines if line.startswith("/")]
    names = [words[0].removeprefix("/Par04/inference/") for words in commands]
    library = names.index("setInferenceLibrary")
    sizes = {words[0].rpartition("/")[2]: words[-1] for words in commands[:library]}
    expected = {
        "setSizeLatentVector": "10",
        "setSizeConditionVector": "4",
        "setNbOfRhoCells": "4",
        "setNbOfPhiCells": "6",
        "setNbOfZCells": "5",
        "setModelPathName": "generator.json",
    }
    assert sizes | expected == sizes
    activated = [words[1] for words in commands if words[0] == "/param/ActivateModel"]
    assert activated == ["defineMesh", "inferenceModel"]
    assert library < names.index("/param/ActivateModel")
