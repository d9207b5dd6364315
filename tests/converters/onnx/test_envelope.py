"""Files that are damaged, foreign or hostile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError
from tests.networks import decoder

TARGET = targets["onnx"]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("onnx") / "toy.onnx"
    return export(decoder(), "onnx", path).path.read_bytes()


def foreign_model() -> onnx.ModelProto:
    """Return a valid model that caloexport did not write."""
    weight = numpy_helper.from_array(np.ones((3, 2), np.float32), "w")
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, None]) for n in "xy")
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    return helper.make_model(helper.make_graph(nodes, "g", [x], [y], [weight]))


def test_the_proof_comes_back(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "toy.bin"  # recognised by its content
    path.write_bytes(good)
    assert TARGET.recognises(path)
    assert TARGET.proof(path).manifest.name == "toy"
    assert TARGET.proof(path).vectors.expected.shape == (16, 60)


@pytest.mark.parametrize("fraction", [0.02, 0.3, 0.6, 0.95, 0.999])
def test_truncated(good: bytes, fraction: float, tmp_path: Path) -> None:
    path = tmp_path / "toy.onnx"
    path.write_bytes(good[: int(fraction * len(good))])
    assert TARGET.recognises(path)
    with pytest.raises(InputFileError, match="damaged"):
        TARGET.proof(path)
    with pytest.raises(InputFileError, match="damaged"):
        backends["onnxruntime"].open(path)


def test_damaged_inside_the_graph(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "toy.onnx"
    place = good.index(b"Gemm")
    path.write_bytes(good[:place] + b"Nope" + good[place + 4 :])
    with pytest.raises(InputFileError, match="ONNX Runtime rejects it"):
        backends["onnxruntime"].open(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x08\x07",
        b"hello, world",
        b"\x89HDF\r\n\x1a\n" + bytes(100),
        b"\x08\x01\x12\x04\x0a\x02hi",  # the protocol buffer of a SavedModel begins so
        bytes(range(256)),
    ],
    ids=["empty", "version-only", "text", "hdf5", "saved-model", "bytes"],
)
def test_other_files(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    assert not TARGET.recognises(path)
    with pytest.raises(InputFileError):
        TARGET.proof(path)


def test_folders_and_missing_files(tmp_path: Path) -> None:
    assert not TARGET.recognises(tmp_path)
    assert not TARGET.recognises(tmp_path / "none.onnx")
    with pytest.raises(InputFileError, match="cannot be read"):
        TARGET.proof(tmp_path / "none.onnx")


def test_models_of_others_are_recognised_but_have_no_proof(tmp_path: Path) -> None:
    path = tmp_path / "foreign.onnx"
    onnx.save(foreign_model(), path)
    assert TARGET.recognises(path)
    with pytest.raises(InputFileError, match="caloexport did not write"):
        TARGET.proof(path)


@pytest.mark.parametrize("vectors", ["not base64 !", "aGVsbG8=", ""])
def test_damaged_vectors(good: bytes, vectors: str, tmp_path: Path) -> None:
    model = onnx.load_from_string(good)
    (entry,) = (p for p in model.metadata_props if p.key == "caloexport.vectors")
    entry.value = vectors
    onnx.save(model, tmp_path / "toy.onnx")
    with pytest.raises(InputFileError):
        TARGET.proof(tmp_path / "toy.onnx")


@pytest.mark.parametrize("place", ["initializer", "constant", "subgraph"])
def test_weights_in_other_files_are_refused(good: bytes, place: str, tmp_path: Path) -> None:
    model = onnx.load_from_string(good)
    tensor = TensorProto(name="w", dims=[2], data_type=TensorProto.FLOAT)
    onnx.external_data_helper.set_external_data(_with_raw(tensor), location="secret.bin")
    tensor.ClearField("raw_data")
    constant = helper.make_node("Constant", [], ["c"], value=tensor)
    if place == "initializer":
        model.graph.initializer.append(tensor)
    elif place == "constant":
        model.graph.node.append(constant)
    else:
        inner = helper.make_graph([constant], "inner", [], [])
        model.graph.node.append(helper.make_node("If", ["x"], ["y"], then_branch=inner))
    (tmp_path / "secret.bin").write_bytes(bytes(8))
    (tmp_path / "toy.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(InputFileError, match="weights in other files"):
        backends["onnxruntime"].open(tmp_path / "toy.onnx")
    assert TARGET.proof(tmp_path / "toy.onnx")  # reads neither graph nor other files


def _with_raw(tensor: TensorProto) -> TensorProto:
    tensor.raw_data = bytes(8)
    return tensor


def test_graphs_within_graphs_end(good: bytes, tmp_path: Path) -> None:
    model = onnx.load_from_string(good)
    inner = helper.make_graph([], "inner", [], [])
    for _ in range(30):
        node = helper.make_node("If", ["x"], ["y"], then_branch=inner)
        inner = helper.make_graph([node], "inner", [], [])
    model.graph.node.extend(inner.node)
    (tmp_path / "toy.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(InputFileError, match="graphs within graphs"):
        backends["onnxruntime"].open(tmp_path / "toy.onnx")
