"""ONNX Runtime through io-binding."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from caloexport.bench.peers import peers
from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.networks import four_inputs

NAME = "onnxruntime-binding"


@pytest.mark.parametrize("precision", peers[NAME].precisions)
@pytest.mark.parametrize("activation", CHAINS)
def test_outputs_are_those_of_the_reference(
    activation: str, precision: str, tmp_path: Path
) -> None:
    check(NAME, CHAINS[activation], precision, tmp_path)


def test_inputs_keep_their_order(tmp_path: Path) -> None:
    check(NAME, four_inputs(("geometry", "z", "energy", "angle")).network, "float32", tmp_path)


def test_int8_makes_its_products_of_whole_numbers(tmp_path: Path) -> None:
    peers[NAME].write(tmp_path, CHAINS["swish"], "int8", (1,))
    (path,) = tmp_path.iterdir()
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    assert kinds.count("MatMulInteger") == kinds.count("DynamicQuantizeLinear") == 3
