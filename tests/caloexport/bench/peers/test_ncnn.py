"""ncnn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.bench.peers import peers
from caloexport.bench.peers.ncnn import stages_of
from caloexport.bench.workloads import workloads
from caloexport.runtime.network import Network, Node
from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.networks import dense, four_inputs

NCNN = peers["ncnn"]


def swish(reads: str, beta: list[float]) -> Node:
    weights = {"beta": np.array(beta, np.float32)}
    return Node("swish", "activation", (reads,), {"function": "swish"}, weights)


@pytest.mark.parametrize("activation", CHAINS)
def test_outputs_are_those_of_the_reference(activation: str, tmp_path: Path) -> None:
    check("ncnn", CHAINS[activation], "float32", tmp_path)


@pytest.mark.parametrize("beta", [[0.7], [0.5, -2.0, 1e-3, 4.0]])
def test_beta_goes_into_the_kernels(beta: list[float], tmp_path: Path) -> None:
    nodes = [dense("a", "x", 3, 4), swish("a", beta), dense("b", "swish", 4, 5)]
    network = Network({"x": (3,)}, nodes, ["b"])
    check("ncnn", network, "float32", tmp_path)
    assert [stage.function for stage in stages_of(network)] == ["swish", "linear"]


def test_activations_go_into_the_layer_before(tmp_path: Path) -> None:
    NCNN.write(tmp_path, CHAINS["leaky_relu"], "float32", (1,))
    lines = (tmp_path / "network.param").read_text().splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["Input"] + ["InnerProduct"] * 3
    assert " 9=2 -23310=1,0.3" in lines[3]
    assert lines[-1].endswith(" 9=4")


@pytest.mark.parametrize("name", workloads.names())
def test_it_takes_the_workloads(name: str) -> None:
    assert NCNN.obstacle(workloads[name]().network) is None


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        ([Node("y", "activation", ("x",), {"function": "relu"})], "no relu here"),
        ([dense("a", "x", 3, 1), swish("a", [1.0])], "takes its β"),
        ([dense("a", "x", 3, 1), swish("a", [0.0]), dense("y", "swish", 1, 1)], "a β of 0"),
        ([dense("a", "x", 3, 2), dense("y", "x", 3, 2)], "'y': chains"),
        ([Node("y", "reduce", ("x",), {"function": "sum", "axes": [0]})], "no reduce"),
    ],
)
def test_what_it_lacks_is_an_obstacle(nodes: list[Node], reason: str) -> None:
    assert reason in str(NCNN.obstacle(Network({"x": (3,)}, nodes, [nodes[-1].name])))


def test_it_takes_one_input() -> None:
    assert "one input" in str(NCNN.obstacle(four_inputs().network))
