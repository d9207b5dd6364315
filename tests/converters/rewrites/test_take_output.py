"""One output of several: what it needs stays, the other branches go."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.rewrites.take_output import take_output
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate, evaluate_all


def branching() -> Network:
    nodes = [
        Node("trunk", "activation", ("x",), {"function": "tanh"}),
        Node("left", "multiply", ("trunk", "y")),
        Node("right", "activation", ("trunk",), {"function": "relu"}),
    ]
    return Network({"x": (3,), "y": (3,)}, nodes, ["left", "right"])


@pytest.mark.parametrize(
    ("output", "nodes"), [("left", ["trunk", "left"]), ("right", ["trunk", "right"]), ("x", [])]
)
def test_what_is_needed_stays(output: str, nodes: list[str]) -> None:
    one = take_output(branching(), output)
    assert [node.name for node in one.nodes] == nodes
    assert one.inputs == branching().inputs
    x = dict(zip("xy", np.random.default_rng(0).normal(size=(2, 4, 3)), strict=True))
    np.testing.assert_array_equal(evaluate(one, x), evaluate_all(branching(), x)[output])
