"""OpenVINO."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.bench.peers import peers
from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.networks import four_inputs


@pytest.mark.parametrize("precision", peers["openvino"].precisions)
@pytest.mark.parametrize("activation", CHAINS)
def test_outputs_are_those_of_the_reference(
    activation: str, precision: str, tmp_path: Path
) -> None:
    check("openvino", CHAINS[activation], precision, tmp_path)


def test_inputs_keep_their_order(tmp_path: Path) -> None:
    order = ("geometry", "z", "energy", "angle")
    check("openvino", four_inputs(order).network, "float32", tmp_path)


def test_int8_multiplies_weights_of_8_bits(tmp_path: Path) -> None:
    import openvino

    peers["openvino"].write(tmp_path, CHAINS["leaky_relu"], "int8", (1,))
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(tmp_path / "network.onnx"), "CPU")
    kinds = {
        str(node.get_rt_info()["layerType"].astype(str)) for node in compiled.get_runtime_model().get_ops()
    }  # fmt: skip
    assert "FullyConnected" in kinds
    assert "Convert" not in kinds  # no kernel is made float32 again when it runs
