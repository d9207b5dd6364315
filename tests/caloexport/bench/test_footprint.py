"""Bytes that a precision cannot do without."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.bench.footprint import footprint
from caloexport.bench.workloads import workloads
from caloexport.runtime.network import Network, Node


def test_a_quarter_of_the_kernels_in_8_bits() -> None:
    network = workloads["W1"]().network
    exact, rounded = footprint(network, "float32"), footprint(network, "int8")
    assert exact == 4 * network.parameters
    assert rounded is not None
    vectors = 14 + 20 + 50 + 100 + 40_500
    # every output has a bias and a scale of four bytes each
    assert rounded == network.parameters - vectors + 2 * 4 * vectors
    assert footprint(network, "int8-a8") == rounded


@pytest.mark.parametrize("precision", ["bfloat16", "bfloat16-a16", "float16"])
def test_half_of_the_kernels_in_16_bits(precision: str) -> None:
    kernel = {"kernel": np.ones((10, 6)), "bias": np.ones(6)}
    network = Network({"x": (10,)}, [Node("y", "dense", ("x",), {}, kernel)], ["y"])
    assert footprint(network, precision) == 2 * 60 + 4 * 6


def test_an_unknown_precision_has_none() -> None:
    assert footprint(workloads["W3b"]().network, "posit8") is None


def test_tables_do_not_count_because_one_row_is_read() -> None:
    nodes = [
        Node("rows", "embedding", ("x",), {"column": 0}, {"table": np.ones((1000, 4))}),
        Node("y", "normalization", ("rows",), {}, {"scale": np.ones(4), "offset": np.ones(4)}),
    ]
    assert footprint(Network({"x": (1,)}, nodes, ["y"]), "float32") == 2 * 4 * 4
