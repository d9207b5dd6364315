from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export, reference_vectors
from caloexport.converters.onnx.envelope import read_metadata
from caloexport.converters.precision_shift import precision_shift
from caloexport.converters.verify import verify
from caloexport.runtime.errors import AnswerIsNo, UnknownName, UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from tests.networks import decoder
from tests.networks_large import large_decoder


def test_each_change_has_its_own_measure() -> None:
    exact = np.array([[1.0, 2.0, 1.0, 0.0]])
    rounded = np.array([[1.0, 2.2, 0.8, 0.0]])
    shift = precision_shift("int8", rounded, exact, np.array([0, 0, 1, 1]))
    assert shift.cell == pytest.approx(0.1)  # 0.2 of 2
    assert shift.layer == pytest.approx(0.05)  # 0.2 of 4, up in one layer and down in the other
    assert shift.total == pytest.approx(0.0)


def test_too_large_a_change_is_an_answer() -> None:
    shift = precision_shift("float16", np.array([[1.1, 1.0]]), np.ones((1, 2)), np.zeros(2, int))
    with pytest.raises(AnswerIsNo, match=r"float16 changes a cell by up to 1\.0e-01 .* accepted"):
        shift.require_small("file")


@pytest.mark.parametrize(
    ("precision", "bytes_per_weight"), [("float16", 2), ("int8", 1), ("int8-qdq", 1)]
)
def test_the_file_is_smaller_and_proves_itself(
    precision: str, bytes_per_weight: int, tmp_path: Path
) -> None:
    generator = decoder()
    whole = export(generator, "onnx", tmp_path / "whole.onnx")
    small = export(generator, "onnx", tmp_path / "small.onnx", precision=precision)
    assert small.verification is not None and small.verification.equal
    assert small.shift is not None and 0 < small.shift.cell < 0.05
    assert verify(small.path).equal
    kernels = sum(n.weights["kernel"].size for n in generator.network.nodes if n.kind == "dense")
    saved = whole.path.stat().st_size - small.path.stat().st_size
    assert saved > (4 - bytes_per_weight) * kernels - 4000  # names and scales take some of it
    assert f'"precision":"{precision}"' in read_metadata(small.path)["caloexport.manifest"]


@pytest.mark.parametrize("precision", ["float16", "int8", "int8-qdq"])
def test_narrow_layers_keep_their_digits_in_the_file(precision: str, tmp_path: Path) -> None:
    small = export(large_decoder(), "onnx", tmp_path / "small.onnx", precision=precision)
    assert verify(small.path).equal
    first = large_decoder().network["first"].weights["kernel"]
    assert first.tobytes() in small.path.read_bytes()


def test_the_vectors_are_those_of_the_rounded_network(tmp_path: Path) -> None:
    small = export(decoder(), "onnx", tmp_path / "small.onnx", precision="int8")
    exact = reference_vectors(decoder())
    rounded = reference_vectors(small.generator)
    assert not np.allclose(exact.expected, rounded.expected, rtol=1e-5)


def test_showers_that_rounding_spoils_are_not_written(tmp_path: Path) -> None:
    generator = decoder()
    node = generator.network.nodes[-2]
    kernel = node.weights["kernel"].copy()
    # for one cell the inputs differ by orders of magnitude: then no size of a row suits all cells
    kernel[:, 0] = 10.0 ** np.linspace(0, 5, len(kernel))
    spoilt = node.with_weights(kernel=kernel)
    changed = [spoilt if n is node else n for n in generator.network.nodes]
    network = Network(generator.network.inputs, changed, generator.network.outputs)
    poor = Generator.from_network(network, generator.sampling)
    with pytest.raises(AnswerIsNo, match=r"small.onnx: int8 changes a cell by up to"):
        export(poor, "onnx", tmp_path / "small.onnx", precision="int8")
    assert list(tmp_path.iterdir()) == []


def test_targets_say_what_they_store(tmp_path: Path) -> None:
    with pytest.raises(
        UnsupportedError, match=r"lwtnn does not store .* int8 .*do: cpp, numba, onnx"
    ):
        export(decoder(), "lwtnn", tmp_path / "small.json", precision="int8")
    with pytest.raises(UnknownName, match="unknown precision 'int4'"):
        export(decoder(), "onnx", tmp_path / "small.onnx", precision="int4")
