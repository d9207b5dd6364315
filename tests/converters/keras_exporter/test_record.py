"""Files that claim to carry vectors of Keras' exporter, and lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from caloexport.converters.keras_exporter.record import RECORD, execute, replay, to_metadata
from caloexport.converters.verify import verify
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.vectors import make_inputs, make_vectors
from tests.converters.onnx.models import model

pytest.importorskip("onnxruntime")


def doubling(path: Path, factor: float = 2.0, n_in: int = 3) -> onnx.ModelProto:
    """Write a file that says it doubles three numbers."""
    inputs = make_inputs(None, 3)
    metadata = to_metadata({"written_by": "us"}, make_vectors(inputs, 2 * inputs, None))
    node = helper.make_node("Mul", ["x", "two"], ["y"])
    file = model([node], {"x": ["batch", n_in]}, {"two": np.float32(factor)})
    file.graph.output[0].type.tensor_type.shape.CopyFrom(file.graph.input[0].type.tensor_type.shape)
    helper.set_model_props(file, metadata)
    path.write_bytes(file.SerializeToString())
    return file


def test_vectors_come_back(tmp_path: Path) -> None:
    doubling(tmp_path / "a.onnx")
    replayed = replay(tmp_path / "a.onnx")
    assert replayed is not None
    np.testing.assert_array_equal(replayed.outputs, 2 * replayed.vectors.inputs)
    assert json.loads(onnx.load(tmp_path / "a.onnx").metadata_props[0].value)["written_by"] == "us"


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    doubling(tmp_path / "a.onnx", factor=2.001)
    assert not verify(tmp_path / "a.onnx").equal


def test_files_without_a_record_are_not_ours(tmp_path: Path) -> None:
    file = doubling(tmp_path / "a.onnx")
    del file.metadata_props[:]
    (tmp_path / "a.onnx").write_bytes(file.SerializeToString())
    assert replay(tmp_path / "a.onnx") is None


def without_vectors(file: onnx.ModelProto) -> None:
    kept = [entry for entry in file.metadata_props if entry.key == RECORD]
    del file.metadata_props[:]
    file.metadata_props.extend(kept)


def not_base64(file: onnx.ModelProto) -> None:
    for entry in file.metadata_props:
        entry.value = "☃"


def open_size(file: onnx.ModelProto) -> None:
    file.graph.input[0].type.tensor_type.shape.dim[1].dim_param = "any"


def no_shape(file: onnx.ModelProto) -> None:
    file.graph.input[0].type.tensor_type.ClearField("shape")


def texts(file: onnx.ModelProto) -> None:
    file.graph.input[0].type.tensor_type.elem_type = TensorProto.STRING
    file.graph.output[0].type.tensor_type.elem_type = TensorProto.STRING
    file.graph.node[0].CopyFrom(helper.make_node("Identity", ["x"], ["y"]))


def one_for_all(file: onnx.ModelProto) -> None:
    file.graph.node[0].CopyFrom(helper.make_node("ReduceSum", ["x"], ["y"], keepdims=0))
    file.graph.output[0].type.tensor_type.ClearField("shape")


def elsewhere(file: onnx.ModelProto) -> None:
    tensor = file.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (without_vectors, "test vectors are missing or damaged"),
        (not_base64, "test vectors are damaged"),
        (open_size, "expected \\(batch, numbers\\)"),
        (no_shape, "expected \\(batch, numbers\\)"),
        (texts, "expected numbers"),
        (one_for_all, "one array of numbers for each of 16"),
        (elsewhere, "keeps weights in other files"),
    ],
)
def test_lies_are_found(
    damage: Callable[[onnx.ModelProto], None], text: str, tmp_path: Path
) -> None:
    file = doubling(tmp_path / "a.onnx")
    damage(file)
    (tmp_path / "a.onnx").write_bytes(file.SerializeToString())
    with pytest.raises(InputFileError, match=text):
        verify(tmp_path / "a.onnx")


def test_other_inputs_than_those_of_the_vectors(tmp_path: Path) -> None:
    doubling(tmp_path / "a.onnx", n_in=4)
    with pytest.raises(InputFileError, match="takes 4 inputs, its test vectors have 3"):
        verify(tmp_path / "a.onnx")


def test_what_fails_while_it_runs(tmp_path: Path) -> None:
    node = helper.make_node("Reshape", ["x", "shape"], ["y"])
    file = model([node], {"x": ["batch", 3]}, {"shape": np.array([7], np.int64)})
    (tmp_path / "a.onnx").write_bytes(file.SerializeToString())
    with pytest.raises(InputFileError, match="ONNX Runtime cannot execute it"):
        execute(tmp_path / "a.onnx", np.zeros((2, 3), np.float32))
