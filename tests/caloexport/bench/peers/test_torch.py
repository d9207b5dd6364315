"""PyTorch. It is in no extra, so what needs it is tested where somebody installed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.bench.peers import peers
from caloexport.bench.workloads import workloads
from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.extras import installed
from caloexport.runtime.network import Network, Node
from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.networks import four_inputs

TORCH = peers["torch"]

if installed("torch"):

    @pytest.mark.parametrize("precision", TORCH.precisions)
    @pytest.mark.parametrize("activation", CHAINS)
    def test_outputs_are_those_of_the_reference(
        activation: str, precision: str, tmp_path: Path
    ) -> None:
        check("torch", CHAINS[activation], precision, tmp_path)

    def test_inputs_keep_their_order(tmp_path: Path) -> None:
        order = ("geometry", "z", "energy", "angle")
        network = four_inputs(order).network
        nodes = [node for node in network.nodes if node.kind != "normalization"]
        chained = Node("cells", "dense", ("leaky",), {}, network["cells"].weights)
        nodes = [chained if node.name == "cells" else node for node in nodes]
        check("torch", Network(network.inputs, nodes, network.outputs), "float32", tmp_path)


@pytest.mark.parametrize("name", workloads.names())
def test_it_takes_the_workloads(name: str) -> None:
    assert TORCH.obstacle(workloads[name]().network) is None


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (Node("y", "activation", ("x",), {"function": "mish"}), "'y': mish is not among relu"),
        (Node("y", "reduce", ("x",), {"function": "sum", "axes": [0]}), "no reduce"),
    ],
)
def test_what_it_lacks_is_an_obstacle(node: Node, reason: str) -> None:
    assert reason in str(TORCH.obstacle(Network({"x": (3,)}, [node], ["y"])))


def test_the_install_line_avoids_the_build_for_graphics_cards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("caloexport.bench.peers.installed", lambda module: False)
    with pytest.raises(MissingDependency, match=r"pip install torch --index-url .*/cpu"):
        TORCH.require()
