"""Files of Keras' own exporter: proven equal to Keras, or not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from caloexport.converters.against import compare_models
from caloexport.converters.keras_exporter import export as room
from caloexport.converters.keras_exporter import load
from caloexport.converters.keras_exporter.export import export_with_keras
from caloexport.converters.onnx.envelope import read_metadata
from caloexport.converters.open import open_model
from caloexport.converters.readers import Choices
from caloexport.converters.verify import verify
from caloexport.runtime.errors import (
    AnswerIsNo,
    InputFileError,
    MissingDependency,
    UnknownName,
    UnsupportedError,
    UsageError,
)
from caloexport.runtime.files import sha256_of
from tests.converters.keras_exporter.models import (
    MODELS,
    UNTRANSLATED,
    attended,
    functional,
    written,
)
from tests.converters.keras_models import keras, saved, scrambled

pytest.importorskip("tf2onnx")
pytest.importorskip("onnxruntime")


@pytest.mark.parametrize("name", MODELS)
def test_what_our_reader_refuses_is_exported_and_proven(name: str, tmp_path: Path) -> None:
    model = written(name, tmp_path)
    with pytest.raises(UnsupportedError, match="convert --to onnx --exporter keras"):
        open_model(model)
    exported = export_with_keras(model, tmp_path / "out.onnx")
    assert exported.verification.equal
    assert exported.verification.vectors == 16
    again = verify(exported.path)
    assert again.equal
    assert again.engine == "onnxruntime"


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_names_batch_opset_and_origin_of_the_file(suffix: str, tmp_path: Path) -> None:
    model = written("attention", tmp_path, suffix)
    export_with_keras(model, tmp_path / "out.onnx")
    file = onnx.load(tmp_path / "out.onnx")
    shapes = {
        port.name: [d.dim_param or d.dim_value for d in port.type.tensor_type.shape.dim]
        for port in (*file.graph.input, *file.graph.output)
    }
    assert shapes == {"first": ["batch", 12], "output": ["batch", 3, 4]}
    assert [(entry.domain, entry.version) for entry in file.opset_import] == [("", 17)]
    origin = json.loads(read_metadata(tmp_path / "out.onnx")["caloexport.exported"])
    assert origin["schema"] == "caloexport.exported/1"
    assert origin["source"] == model.name
    assert origin["source_sha256"] == sha256_of(model)
    assert origin["written_by"].startswith(f"Keras {keras().__version__}, tf2onnx ")


def test_any_number_of_showers_by_onnx_runtime_alone(tmp_path: Path) -> None:
    import onnxruntime

    model = functional(*MODELS["attention"])
    export_with_keras(saved(model, tmp_path, "keras"), tmp_path / "out.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "out.onnx"))
    for n in (1, 7):
        x = np.random.default_rng(3).normal(size=(n, 12)).astype(np.float32)
        (found,) = session.run(["output"], {"first": x})
        np.testing.assert_allclose(found, np.asarray(model(x)), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", UNTRANSLATED)
def test_what_the_exporter_only_prints_is_an_error(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    build, operator = UNTRANSLATED[name]
    model = saved(functional((4,), build), tmp_path, "keras")
    capfd.readouterr()
    with pytest.raises(UnsupportedError, match=f"does not translate {operator}, of 'network"):
        export_with_keras(model, tmp_path / "out.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras"]
    assert "nsupported" not in "".join(capfd.readouterr())


def shifted(model: Any) -> None:
    """Change the last weight of a file by one part in a thousand."""
    matrix = next(t for t in model.graph.initializer if len(t.dims) == 2 and t.data_type == 1)
    values = onnx.numpy_helper.to_array(matrix).copy()
    values[-1, -1] *= 1.001
    matrix.CopyFrom(onnx.numpy_helper.from_array(values, matrix.name))


def undefined(model: Any) -> None:
    """Read a tensor that nobody makes."""
    model.graph.node[0].input[0] = "nowhere"


@pytest.mark.parametrize(
    ("damage", "text"),
    [(shifted, "DIFFERS from .*worst at output [0-9]+, vector"), (undefined, "checker rejects")],
)
def test_a_wrong_file_does_not_appear(
    damage: Any, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = room.exported_graph

    def broken(*arguments: Any) -> Any:
        model = real(*arguments)
        damage(model)
        return model

    monkeypatch.setattr(room, "exported_graph", broken)
    model = saved(functional((4,), lambda L, x: L.Dense(3)(x)), tmp_path, "keras")
    with pytest.raises(AnswerIsNo, match=text):
        export_with_keras(model, tmp_path / "out.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras"]


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_no_lambda_ever_runs(suffix: str, tmp_path: Path) -> None:
    mark = tmp_path / "ran"

    def touch(x: Any) -> Any:
        mark.touch()
        return x

    model = saved(functional((4,), lambda L, x: L.Lambda(touch)(x)), tmp_path, suffix)
    mark.unlink()  # building the model ran it
    with pytest.raises(UnsupportedError, match="class Lambda is Python code") as refused:
        export_with_keras(model, tmp_path / "out.onnx")
    assert not mark.exists()
    assert not (tmp_path / "out.onnx").exists()
    assert "Keras' own" not in str(refused.value)
    with pytest.raises(UnsupportedError, match="carries Python code") as read:
        open_model(model)
    assert "Keras' own" not in str(read.value)  # it would not take it either


def two_outputs(tmp_path: Path) -> Path:
    layers = keras().layers
    z, condition = layers.Input((3,), name="z"), layers.Input((2,), name="condition")
    joined = layers.Concatenate()([z, condition])
    outputs = [layers.Dense(2, name="a")(joined), layers.Dense(3, name="b")(z)]
    return saved(scrambled(keras().Model([z, condition], outputs)), tmp_path, "keras")


def test_one_output_of_several_and_inputs_by_name(tmp_path: Path) -> None:
    model = two_outputs(tmp_path)
    with pytest.raises(UnsupportedError, match=r"outputs a, b, targets take one .*--take NAME"):
        export_with_keras(model, tmp_path / "out.onnx")
    with pytest.raises(UnknownName, match="output 'c'"):
        export_with_keras(model, tmp_path / "out.onnx", Choices(output="c"))
    export_with_keras(model, tmp_path / "out.onnx", Choices(output="a"))
    graph = onnx.load(tmp_path / "out.onnx").graph
    assert [port.name for port in graph.input] == ["z", "condition"]
    assert [d.dim_value for d in graph.output[0].type.tensor_type.shape.dim] == [0, 2]


def test_steps_that_the_model_leaves_open(tmp_path: Path) -> None:
    model = saved(functional((None, 4), attended), tmp_path, "keras")
    with pytest.raises((InputFileError, UnsupportedError), match="--steps N"):
        export_with_keras(model, tmp_path / "out.onnx")
    export_with_keras(model, tmp_path / "out.onnx", Choices(steps=3))
    assert open_shape(tmp_path / "out.onnx") == [0, 3, 4]


def open_shape(path: Path) -> list[int]:
    shape = onnx.load(path).graph.input[0].type.tensor_type.shape
    return [size.dim_value for size in shape.dim]


def test_a_graph_that_our_reader_understands_is_compared_with_the_model(tmp_path: Path) -> None:
    dense = keras().layers.Dense(3, activation="swish")
    model = saved(scrambled(keras().Sequential([keras().Input((4,)), dense])), tmp_path, "keras")
    exported = export_with_keras(model, tmp_path / "out.onnx")
    assert compare_models(exported.path, model).equal


def test_a_graph_that_it_does_not_is_said_to_be_so(tmp_path: Path) -> None:
    model = written("attention", tmp_path)
    exported = export_with_keras(model, tmp_path / "out.onnx")
    with pytest.raises(UnsupportedError, match="operator "):
        compare_models(exported.path, model)


def test_numbers_that_are_not_finite_prove_nothing(tmp_path: Path) -> None:
    model = saved(functional((4,), lambda L, x: keras().ops.log(x)), tmp_path, "keras")
    with pytest.raises(UnsupportedError, match="not finite for inputs of scale"):
        export_with_keras(model, tmp_path / "out.onnx")


def test_an_input_cannot_be_called_output(tmp_path: Path) -> None:
    x = keras().layers.Input((4,), name="output")
    model = saved(keras().Model(x, keras().ops.sort(x)), tmp_path, "keras")
    with pytest.raises(UnsupportedError, match="an input cannot be"):
        export_with_keras(model, tmp_path / "out.onnx")


@pytest.mark.parametrize("library", load.LIBRARIES)
def test_a_missing_library(library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = written("sort", tmp_path)
    monkeypatch.setattr(load, "installed", lambda name: name != library)
    expected = rf"{library} is not installed \(pip install 'caloexport\[exporter\]'\)"
    with pytest.raises(MissingDependency, match=expected):
        export_with_keras(model, tmp_path / "out.onnx")


def test_damaged_files_do_not_reach_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = written("sort", tmp_path)
    model.write_bytes(model.read_bytes()[:-100])

    def never() -> Any:
        pytest.fail("Keras was imported")

    monkeypatch.setattr(load, "import_keras", never)
    with pytest.raises(InputFileError, match="truncated"):
        export_with_keras(model, tmp_path / "out.onnx")


@pytest.mark.parametrize(
    ("name", "choices", "text"),
    [
        ("model.json", Choices(), "whole models, in a .keras or .h5 file"),
        ("model.keras", Choices(signature="f"), "--signature means nothing for Keras' exporter"),
    ],
)
def test_wrong_calls(name: str, choices: Choices, text: str, tmp_path: Path) -> None:
    model = functional((4,), lambda L, x: L.Dense(2)(x))
    saved(model, tmp_path, "keras")
    (tmp_path / "model.json").write_text(model.to_json())
    with pytest.raises(UsageError, match=text):
        export_with_keras(tmp_path / name, tmp_path / "out.onnx", choices)
