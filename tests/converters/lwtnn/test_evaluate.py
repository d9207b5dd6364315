from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.lwtnn.activations import sigmoid, swish
from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.runtime.errors import UsageError
from tests.converters.lwtnn.graphs import small_graph, written


def test_athena_sequential_toy(tmp_path: Path) -> None:
    """The numbers of Athena's GenericNetwork_test."""
    variables = [{"name": name, "offset": 0, "scale": 1} for name in ("node_1", "node_2")]
    weights = {"weights": [1, 0.5, 0.5, 0], "bias": [1, 0], "activation": "rectified"}
    network = {
        "inputs": variables,
        "layers": [{"architecture": "dense", **weights}],
        "outputs": ["out_0", "out_1"],
    }
    graph = read_lwtnn(written(tmp_path, network))
    np.testing.assert_allclose(evaluate_graph(graph, np.array([[1.0, 2.0]])), [[3.0, 0.5]])


def test_athena_graph_toy(tmp_path: Path) -> None:
    def variable(name: str) -> dict[str, Any]:
        return {"name": name, "offset": 0, "scale": 1}

    data = small_graph()
    data["inputs"] = [
        {"name": "node_0", "variables": [variable("0")]},
        {"name": "node_1", "variables": [variable("0"), variable("1")]},
    ]
    data["layers"][0]["weights"] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    data["layers"][0]["bias"] = [0.1, 0.2, 0.3]
    data["outputs"]["out"]["labels"] = ["out_0", "out_1", "out_2"]
    graph = read_lwtnn(written(tmp_path, data))
    found = evaluate_graph(graph, np.array([[0.0, 0.0, 1.0]]))
    np.testing.assert_allclose(found, [[0.4, 0.8, 1.2]], rtol=1e-15)


def test_offset_and_scale_come_before_the_network(tmp_path: Path) -> None:
    graph = read_lwtnn(written(tmp_path, small_graph()))
    # the third input becomes (4 - 1)·2 = 6
    found = evaluate_graph(graph, np.array([[1.0, 2.0, 4.0]]))
    np.testing.assert_array_equal(found, [[1 + 4 + 18 + 0.5, 4 + 10 + 39 - 0.5]])


def test_not_a_number_stays_one(tmp_path: Path) -> None:
    graph = read_lwtnn(written(tmp_path, small_graph()))
    assert np.isnan(evaluate_graph(graph, np.array([[np.nan, 0.0, 0.0]]))).all()


def test_inputs_of_another_width_are_refused(tmp_path: Path) -> None:
    graph = read_lwtnn(written(tmp_path, small_graph()))
    with pytest.raises(UsageError, match=r"shape \(1, 4\), expected \(n, 3\)"):
        evaluate_graph(graph, np.zeros((1, 4)))


def test_clamps() -> None:
    x = np.array([-1e300, -30.000001, -30.0, 30.0, 30.000001, 1e300])
    found = sigmoid(x)
    assert found[[0, 1, 4, 5]].tolist() == [0.0, 0.0, 1.0, 1.0]
    assert 0 < found[2] < 1e-13 and 1 - 1e-13 < found[3] < 1
    assert swish(np.array([-16.0, 16.0]), 2.0).tolist() == [0.0, 16.0]


def test_a_shared_node_is_used_by_all_its_readers(tmp_path: Path) -> None:
    data = small_graph()
    data["nodes"].append({"type": "add", "sources": [3, 3, 3]})
    data["outputs"]["out"]["node_index"] = 4
    once = evaluate_graph(read_lwtnn(written(tmp_path, small_graph())), np.ones((1, 3)))
    thrice = evaluate_graph(read_lwtnn(written(tmp_path, data)), np.ones((1, 3)))
    np.testing.assert_allclose(thrice, 3 * once)


def test_one_of_several_outputs(tmp_path: Path) -> None:
    data = small_graph()
    data["outputs"]["inner"] = {"labels": ["p", "q", "r"], "node_index": 2}
    graph = read_lwtnn(written(tmp_path, data), output="inner")
    assert graph.labels == ["p", "q", "r"]
    assert evaluate_graph(graph, np.array([[1.0, 2.0, 4.0]])).tolist() == [[1.0, 2.0, 6.0]]
