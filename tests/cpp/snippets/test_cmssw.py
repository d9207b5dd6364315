"""The CMSSW plugins, on stand-ins for the framework and the libraries of the Python wheels."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.onnxruntime_wheels import OnnxRuntime
from tests.cpp.showers import refusal
from tests.cpp.tensorflow_wheel import tensorflow_options

pytestmark = pytest.mark.system

PRODUCER = Path(__file__).parent.parent / "programs" / "cmssw_producer.cc"
FRAMEWORK = STANDINS / "cmssw", STANDINS / "clhep"
AGREE = "4 of 4 reference showers agree (cylinder)"


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    return snippet_folder("cmssw-onnx", "onnx")


@pytest.fixture(scope="module")
def unit_test(any_compiler: Compiler, folder: Path, onnxruntime: OnnxRuntime) -> Path:
    """The unit test of the ONNX plugin."""
    options = onnxruntime.options | {"flags": SANITIZED}
    return compiled(any_compiler, folder / "test_showers.cc", folder, options)


@pytest.fixture(scope="module")
def producer(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, onnxruntime: OnnxRuntime
) -> Path:
    """The ONNX plugin, by the other compiler."""
    clang = Compiler("clang++", tmp_path_factory.mktemp("clang"))
    return compiled(clang, PRODUCER, folder, onnxruntime.options | {"flags": SANITIZED})


def compiled(compiler: Compiler, source: Path, folder: Path, options: dict[str, Any]) -> Path:
    return compiler.program([source], includes=[folder, *FRAMEWORK], **options)


def test_the_unit_test_reports_agreement(unit_test: Path, folder: Path) -> None:
    assert run(unit_test, folder=folder).splitlines()[0] == AGREE
    assert run(unit_test, folder / "generator.onnx").splitlines()[0] == AGREE


def require_events(printed: str) -> None:
    """Hold four events of two streams: a shower in each, and no two the same."""
    described, *events, agree = printed.splitlines()
    assert described.split() == ["model", "energy_mev", "theta_rad", "geometry"]
    totals = [float(event.split()[2]) for event in events]
    assert [event.split()[:2] for event in events] == [["energiesMeV", "120"]] * 4
    assert all(1_000 < total < 100_000 for total in totals)
    assert len(set(totals)) == 4
    assert agree == AGREE


def test_the_plugin_puts_a_shower_of_its_stream_into_each_event(
    producer: Path, folder: Path
) -> None:
    require_events(run(producer, folder / "generator.onnx", "50000", "siw"))


def test_the_plugin_refuses_what_is_no_shower(producer: Path, folder: Path) -> None:
    model = folder / "generator.onnx"

    def told(*words: str) -> str:
        return refusal(producer, model, *words, chatty=True)

    assert told("5e9", "siw") == "a condition is outside the trained range"
    assert told("50000", "glass") == "geometry 'glass' is unknown"


def test_another_file_is_refused_in_one_line(
    unit_test: Path, folder: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    other = snippet_folder("onnxruntime", "onnx", "layered", "fastcalosim-v2") / "generator.onnx"
    assert "belongs to manifest" in refusal(unit_test, other)
    absent = tmp_path / "absent.onnx"
    assert refusal(unit_test, absent) == f"{absent}: cannot be read"
    whole = (folder / "generator.onnx").read_bytes()
    for size in range(0, len(whole), len(whole) // 12):
        cut = tmp_path / "cut.onnx"
        cut.write_bytes(whole[:size])
        line = refusal(unit_test, cut)
        told = (
            f"{cut}: is no ONNX file, or a damaged one",
            f"{cut}: carries no manifest hash of caloexport",
            f"Load model from {cut} failed",  # what is cut comes after the hash
        )
        assert line.startswith(told)


def _rename_input(model: onnx.ModelProto) -> None:
    model.graph.input[0].name = "z"
    model.graph.node[0].input[0] = "z"


def _rename_output(model: onnx.ModelProto) -> None:
    model.graph.output[0].name = "energies"
    model.graph.node.add(op_type="Identity", input=["output"], output=["energies"])


def _lose_cells(model: onnx.ModelProto) -> None:
    for name, value in (("from", 0), ("to", 9), ("along", 1)):
        number = onnx.numpy_helper.from_array(np.array([value]), name)
        model.graph.initializer.append(number)
    last = model.graph.node[-1]
    last.output[0] = "all"
    model.graph.node.add(op_type="Slice", input=["all", "from", "to", "along"], output=["output"])
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 9


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (_rename_input, "Input z is not provided!"),
        (_rename_output, "has no single output 'output'"),
        (_lose_cells, "gives 9 numbers, expected 120"),
    ],
)
def test_another_interface_is_refused_before_the_first_event(
    edit: Callable[[onnx.ModelProto], None],
    expected: str,
    unit_test: Path,
    folder: Path,
    tmp_path: Path,
) -> None:
    model = onnx.load(folder / "generator.onnx")
    edit(model)
    onnx.save(model, tmp_path / "edited.onnx")
    assert refusal(unit_test, tmp_path / "edited.onnx", chatty=True).endswith(expected)


def test_the_tensorflow_plugin_puts_showers_into_events(
    any_compiler: Compiler, snippet_folder: SnippetFolder
) -> None:
    folder = snippet_folder("cmssw-tensorflow", "savedmodel")
    program = compiled(any_compiler, PRODUCER, folder, tensorflow_options())
    model = folder / "generator" / "saved_model.pb"
    require_events(run(program, model, "50000", "siw"))


@pytest.mark.parametrize(
    ("name", "target", "model"),
    [
        ("cmssw-onnx", "onnx", "generator.onnx"),
        ("cmssw-tensorflow", "savedmodel", "generator/saved_model.pb"),
    ],
)
def test_build_files_and_configuration_name_the_files_of_the_package(
    name: str, target: str, model: str, snippet_folder: SnippetFolder
) -> None:
    folder = snippet_folder(name, target)
    (library,) = ET.fromstring(f"<all>{(folder / 'BuildFile.xml').read_text()}</all>")
    assert (folder / library.attrib["file"]).is_file()
    program, test = ET.fromstring(f"<all>{(folder / 'test_BuildFile.xml').read_text()}</all>")
    assert (folder / program.attrib["file"]).is_file()
    where = f"Showers/Cylinder/data/{model}"
    assert test.attrib["command"] == f"test_cylinder_showers ${{LOCALTOP}}/src/{where}"
    configuration = (folder / "showers_cfg.py").read_text()
    ast.parse(configuration)
    assert f'cms.FileInPath("{where}")' in configuration
    assert 'geometry=cms.string("scipb")' in configuration
