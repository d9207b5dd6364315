"""The tail of the sigmoid: cells at the readout cut of an energetic shower."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from tests.programs import require_program


@pytest.mark.parametrize("name", targets.names())
def test_small_fractions_are_accurate_in_every_format(name: str, tmp_path: Path) -> None:
    if name == "cpp":
        require_program("g++")
    x = np.linspace(-25, 5, 3001, dtype=np.float32)[None]
    same = {"scale": np.ones(x.size, "f4"), "offset": np.zeros(x.size, "f4")}
    nodes = [
        Node("weights", "normalization", ("x",), {}, same),  # a checkpoint needs some
        Node("y", "activation", ("weights",), {"function": "sigmoid"}),
    ]
    generator = Generator.from_network(Network({"x": (x.size,)}, nodes, ["y"]))
    path = tmp_path / f"sigmoid{targets[name].suffix}"
    export(generator, name, path)
    found = backends[targets[name].engine].open(path).run(x)
    expected = 1 / (1 + np.exp(-x.astype(np.float64)))
    np.testing.assert_allclose(found, expected, rtol=2e-6)


def test_the_ends_do_not_overflow(tmp_path: Path) -> None:
    node = Node("y", "activation", ("x",), {"function": "sigmoid"})
    generator = Generator.from_network(Network({"x": (4,)}, [node], ["y"]))
    path = export(generator, "onnx", tmp_path / "sigmoid.onnx").path
    x = np.array([[-1e4, -200.0, 200.0, 1e4]], dtype=np.float32)
    found = backends["onnxruntime"].open(path).run(x)
    np.testing.assert_array_equal(found, [[0.0, 0.0, 1.0, 1.0]])
