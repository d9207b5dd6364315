"""Tails of functions that decoders end with: cells at the readout cut of an energetic shower."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate

FUNCTIONS = ["exponential", "log_sigmoid", "mish", "softplus", "squareplus"]


@pytest.mark.parametrize("target", ["numba", "onnx", "savedmodel"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_small_values_are_accurate_in_every_format(
    function: str, target: str, tmp_path: Path
) -> None:
    x = np.linspace(-25, 25, 3001, dtype=np.float32)[None]
    node = Node("y", "activation", ("x",), {"function": function})
    network = Network({"x": (x.size,)}, [node], ["y"])
    path = tmp_path / f"tail{targets[target].suffix}"
    export(Generator.from_network(network), target, path)
    found = backends[targets[target].engine].open(path).run(x)
    np.testing.assert_allclose(found, evaluate(network, {"x": x}), rtol=5e-6)
