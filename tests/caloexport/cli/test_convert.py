from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.export import export
from caloexport.shifts import report
from tests.converters.contracts.generators import bare
from tests.converters.keras_models import keras, saved
from tests.cpp.generators import cylinder
from tests.networks_large import large_decoder
from tests.programs import require_program


@pytest.fixture
def decoder(tmp_path: Path) -> Path:
    """Write the bare decoder that Par04's training code makes, as one of our files."""
    model = bare({"input_9": 10, "input_6": 1, "input_7": 1, "input_8": 2}, 24)
    return export(model, "numba", tmp_path / "decoder.safetensors").path


Convert = Callable[..., tuple[int, str, str]]


@pytest.fixture
def convert(capsys: pytest.CaptureFixture[str]) -> Convert:
    """Run the command; return exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = exit_code(["convert", *arguments])
        return code, *capsys.readouterr()

    return run


def test_a_bare_decoder_becomes_a_file_for_par04(
    decoder: Path, tmp_path: Path, convert: Convert
) -> None:
    out = tmp_path / "Generator.onnx"
    options = ("--to", "onnx", "--contract", "par04-vae", "--choose", "mesh=2x3x4", "-o", str(out))
    code, stdout, stderr = convert(str(decoder), *options)
    assert code == 0, stderr
    assert stdout.strip() == str(out)
    assert "assumed, as the file does not tell: inputs are latents, energy, theta" in stderr
    assert "read by Geant4 11.0 to 11.4" in stderr
    assert "note: before setInferenceLibrary set /Par04/inference/setNbOfRhoCells 2" in stderr
    code, stdout, _ = convert(str(decoder), *options, "--json")
    data = json.loads(stdout)
    assert data["assumed"].startswith("inputs are latents")
    assert any("its energy window test is always true" in note for note in data["notes"])


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--contract", "par04-vae"), 4, "reads 40500 outputs"),
        (("--contract", "par04-vae", "--choose", "mesh"), 2, "not of the form NAME=VALUE"),
        (("--contract", "par04-vae", "--choose", "colour=red"), 2, "leaves no choice 'colour'"),
        (("--contract", "par04"), 2, "unknown contract 'par04'"),
        (("--fix", "theta=90deg"), 4, "a bare network does not say"),
    ],
)
def test_what_does_not_work(
    decoder: Path, convert: Convert, options: tuple[str, ...], code: int, text: str
) -> None:
    found, _, stderr = convert(str(decoder), "--to", "onnx", *options)
    assert found == code
    assert text in stderr


@pytest.fixture
def sorting(tmp_path: Path) -> Path:
    """Write a Keras model with a layer that networks cannot express."""
    x = keras().layers.Input((4,), name="x")
    return saved(keras().Model(x, keras().ops.sort(x, axis=1)), tmp_path, "keras")


def test_keras_own_exporter_is_offered_and_chosen(sorting: Path, convert: Convert) -> None:
    pytest.importorskip("tf2onnx")
    code, stdout, stderr = convert(str(sorting), "--to", "onnx")
    assert (code, stdout) == (4, "")
    assert "convert --to onnx --exporter keras" in stderr
    code, stdout, stderr = convert(str(sorting), "--to", "onnx", "--exporter", "keras")
    assert code == 0, stderr
    assert stdout.strip() == str(sorting.with_suffix(".onnx"))
    assert "written by Keras" in stderr
    assert "equal to the reference over 16 vectors by onnxruntime" in stderr
    assert exit_code(["verify", stdout.strip()]) == 0


def test_keras_own_exporter_tells_programs_what_it_did(sorting: Path, convert: Convert) -> None:
    pytest.importorskip("tf2onnx")
    code, stdout, _ = convert(str(sorting), "--to", "onnx", "--exporter", "keras", "--json")
    data = json.loads(stdout)
    assert code == 0
    assert data["schema"] == "caloexport.convert/1"
    assert (data["verified"], data["verification"]["equal"]) == (True, True)
    assert data["notes"][0].startswith("written by Keras")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--to", "lwtnn"), "Keras' exporter writes onnx, not lwtnn"),
        (("--to", "onnx", "--contract", "par04-vae"), "--contract means nothing"),
        (("--to", "onnx", "--fix", "a=1"), "--fix means nothing"),
        (("--to", "onnx", "--no-verify"), "--no-verify means nothing"),
        (("--to", "onnx", "--precision", "int8"), "--precision means nothing"),
    ],
)
def test_keras_own_exporter_takes_no_other_options(
    decoder: Path, convert: Convert, options: tuple[str, ...], text: str
) -> None:
    code, _, stderr = convert(str(decoder), *options, "--exporter", "keras")
    assert code == 2
    assert text in stderr


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a decoder that says what its inputs and outputs mean, with large kernels."""
    monkeypatch.setattr(report, "SHOWERS", 900)
    return export(large_decoder(), "numba", tmp_path / "large.safetensors").path


def test_a_coarser_precision_reports_every_observable(
    described: Path, tmp_path: Path, convert: Convert
) -> None:
    out = tmp_path / "small.safetensors"
    options = ("--to", "numba", "--precision", "int8", "--max-shift", "0.2", "-o", str(out))
    code, stdout, stderr = convert(str(described), *options)
    assert code == 0, stderr
    assert stdout.strip() == str(out)
    for title in (
        "total energy",
        "mean depth",
        "cells above the readout cut",
        "log10(cell energy / MeV)",
    ):
        assert title in stderr
    assert "largest shift of 900 showers in int8: the " in stderr
    code, stdout, _ = convert(str(described), *options, "--json")
    data = json.loads(stdout)
    assert data["precision"] == "int8"
    assert data["physics"]["showers"] == 900
    assert {s["observable"] for s in data["physics"]["shifts"]} >= {"layer_energy", "occupancy"}
    assert data["verified"] is True


@pytest.mark.system
def test_cpp_is_one_header_and_the_file_that_python_samples(
    tmp_path: Path, convert: Convert
) -> None:
    require_program("g++")
    model = export(cylinder(), "numba", tmp_path / "siw.safetensors", verify=False).path
    before = model.read_bytes()
    out = tmp_path / "siw.h"
    code, stdout, stderr = convert(str(model), "--to", "cpp", "-o", str(out))
    assert code == 0, stderr
    assert stdout.strip() == str(out)
    assert "by cpp" in stderr
    assert model.read_bytes() == before
    assert exit_code(["verify", str(out)]) == 0
    assert exit_code(["inspect", str(out)]) == 0


def test_cpp_shares_over_a_readout(tmp_path: Path, convert: Convert) -> None:
    model = export(cylinder(), "numba", tmp_path / "a.safetensors", verify=False).path
    readout = tmp_path / "pads.toml"
    readout.write_text(
        '[[layers]]\ndepth = ["0mm", "3mm"]\ncell = ["5mm", "5mm"]\ncells = [20, 20]\n'
    )
    out = tmp_path / "a.h"
    to_cpp = (str(model), "--to", "cpp", "--no-verify", "-o", str(out), "--readout", str(readout))
    code, _, stderr = convert(*to_cpp)
    assert code == 0, stderr
    assert "class Readout {" in out.read_text()
    code, _, stderr = convert(*to_cpp, "--exporter", "keras")
    assert code == 2
    readout.write_text("title = 3")
    code, _, stderr = convert(*to_cpp)
    assert code == 3
    assert "pads.toml: a readout needs at least one [[layers]]" in stderr


def test_cpp_weights_go_inside_or_where_the_user_says(tmp_path: Path, convert: Convert) -> None:
    model = export(cylinder(), "numba", tmp_path / "a.safetensors", verify=False).path
    place = tmp_path / "out"
    place.mkdir()
    to_cpp = (str(model), "--to", "cpp", "--no-verify", "-o")
    code, _, stderr = convert(*to_cpp, str(place / "one.h"), "--embed")
    assert code == 0, stderr
    assert [path.name for path in place.iterdir()] == ["one.h"]
    code, _, stderr = convert(*to_cpp, str(place / "two.h"), "--weights", str(tmp_path / "w.bin"))
    assert code == 0, stderr
    assert sorted(path.name for path in place.iterdir()) == ["one.h", "two.h"]
    assert (tmp_path / "w.bin").read_bytes() == model.read_bytes()
    code, _, stderr = convert(*to_cpp, str(place / "three.h"), "--weights", str(model))
    assert code == 0, stderr  # what is there is what would be written


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--to", "onnx", "--embed"), 2, "--embed means nothing"),
        (("--to", "onnx", "--weights", "w.bin"), 2, "--weights means nothing"),
        (("--to", "cpp", "--embed", "--weights", "w.bin"), 2, "leave one of them out"),
        (("--to", "cpp", "--precision", "bfloat16-a16"), 4, "does not store weights"),
        (("--to", "cpp", "--weights", "a.h"), 2, "holds something else"),
    ],
)
def test_options_of_cpp_that_make_no_sense(
    options: tuple[str, ...],
    code: int,
    text: str,
    tmp_path: Path,
    convert: Convert,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    model = export(cylinder(), "numba", tmp_path / "a.safetensors", verify=False).path
    (tmp_path / "a.h").write_text("mine")
    found, _, stderr = convert(str(model), *options, "--no-verify", "-o", "b.out")
    assert found == code, stderr
    assert text in stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.h", "a.safetensors"]
    assert (tmp_path / "a.h").read_text() == "mine"


def test_a_shift_beyond_the_limit_leaves_no_file(
    described: Path, tmp_path: Path, convert: Convert
) -> None:
    out = tmp_path / "small.safetensors"
    options = ("--to", "numba", "--precision", "int8-a8", "--max-shift", "1e-6", "-o", str(out))
    code, stdout, stderr = convert(str(described), *options)
    assert code == 1
    assert stdout == ""
    assert "int8-a8 shifts an observable beyond 1e-06: the " in stderr
    assert "--max-shift" in stderr
    assert [path.name for path in tmp_path.iterdir()] == ["large.safetensors"]


def test_without_verification_nothing_is_executed(
    described: Path, tmp_path: Path, convert: Convert
) -> None:
    out = tmp_path / "small.safetensors"
    options = ("--to", "numba", "--precision", "int8", "--no-verify", "--max-shift", "0")
    code, stdout, _ = convert(str(described), *options, "-o", str(out), "--json")
    assert code == 0
    assert json.loads(stdout)["physics"] is None
