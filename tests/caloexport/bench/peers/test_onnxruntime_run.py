"""ONNX Runtime through run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.networks import four_inputs


@pytest.mark.parametrize("activation", CHAINS)
def test_outputs_are_those_of_the_reference(activation: str, tmp_path: Path) -> None:
    check("onnxruntime-run", CHAINS[activation], "float32", tmp_path)


def test_inputs_keep_their_order(tmp_path: Path) -> None:
    order = ("geometry", "z", "energy", "angle")
    check("onnxruntime-run", four_inputs(order).network, "float32", tmp_path)
