"""LiteRT."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.bench.peers import peers
from caloexport.runtime.errors import MissingDependency
from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.networks import four_inputs


@pytest.mark.parametrize("precision", peers["litert"].precisions)
@pytest.mark.parametrize("activation", CHAINS)
def test_outputs_are_those_of_the_reference(
    activation: str, precision: str, tmp_path: Path
) -> None:
    check("litert", CHAINS[activation], precision, tmp_path)


def test_inputs_keep_their_order(tmp_path: Path) -> None:
    order = ("geometry", "z", "energy", "angle")
    check("litert", four_inputs(order).network, "float32", tmp_path)


def test_int8_stores_large_kernels_in_8_bits(tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    peers["litert"].write(tmp_path, CHAINS["swish"], "int8", (2,))
    interpreter = Interpreter(model_path=str(tmp_path / "2.tflite"))
    stored = [one for one in interpreter.get_tensor_details() if one["dtype"] is np.int8]
    assert sorted(tuple(one["shape"]) for one in stored) == [(60, 40), (90, 60)]


def test_it_needs_tensorflow_for_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    found = "caloexport.bench.peers.litert.installed"
    monkeypatch.setattr(found, lambda module: module != "tensorflow")
    with pytest.raises(MissingDependency, match=r"tensorflow.*caloexport\[train\]"):
        peers["litert"].require()
