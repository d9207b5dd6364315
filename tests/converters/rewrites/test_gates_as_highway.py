"""Gates as highway layers, for LWTNN, which cannot multiply."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.rewrites.gates_as_highway import UNITS_LIMIT, gates_as_highway
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import wide_inputs
from tests.networks import dense

X = wide_inputs(30, 6)


def sigmoid(reads: str) -> Node:
    return Node("open", "activation", (reads,), {"function": "sigmoid"})


def halves(name: str = "both") -> list[Node]:
    parts = {"value": 0, "gate": 4}
    common = {"axis": 0, "step": 1, "length": 4}
    return [
        dense(name, "x", 6, 8),
        *(Node(part, "slice", (name,), {**common, "start": k}) for part, k in parts.items()),
    ]


#: a gated linear unit; a gate that others read, too; two gates that share one; the gate first
NETWORKS = {
    "glu": [*halves(), sigmoid("gate"), Node("y", "multiply", ("value", "open"))],
    "gate read twice": [
        *halves(), sigmoid("gate"), Node("product", "multiply", ("value", "open")),
        Node("y", "concatenate", ("product", "open")),
    ],
    "shared gate": [
        dense("a", "x", 6, 6), sigmoid("a"), Node("first", "multiply", ("x", "open")),
        Node("second", "multiply", ("open", "a")), Node("y", "add", ("first", "second")),
    ],
}  # fmt: skip


def of(nodes: list[Node]) -> Network:
    return Network({"x": (6,)}, nodes, ["y"])


@pytest.mark.parametrize("name", NETWORKS)
def test_it_is_the_same_function(name: str) -> None:
    network = of(NETWORKS[name])
    found = gates_as_highway(network)
    assert "multiply" not in [node.kind for node in found.nodes]
    y = evaluate(network, {"x": X})
    np.testing.assert_allclose(evaluate(found, {"x": X}), y, rtol=1e-12, atol=1e-200)


def test_a_gate_that_nobody_else_reads_goes() -> None:
    assert "open" not in [node.name for node in gates_as_highway(of(NETWORKS["glu"])).nodes]
    kept = gates_as_highway(of(NETWORKS["gate read twice"]))
    assert "open" in [node.name for node in kept.nodes]


@pytest.mark.parametrize("name", NETWORKS)
def test_lwtnn_computes_it(name: str, tmp_path: Path) -> None:
    network = of(NETWORKS[name])
    path = export(Generator.from_network(network), "lwtnn", tmp_path / "a.json").path
    found = backends["lwtnn"].open(path).run(X)
    assert compare(found, evaluate(network, {"x": X}), "text").equal


def test_other_products_stay() -> None:
    tanh = Node("open", "activation", ("x",), {"function": "tanh"})
    cases = [
        Network({"x": (6,)}, [tanh, Node("y", "multiply", ("x", "open"))], ["y"]),
        Network({"x": (2, 6)}, [sigmoid("x"), Node("y", "multiply", ("x", "open"))], ["y"]),
        Network(
            {"x": (UNITS_LIMIT + 1,)}, [sigmoid("x"), Node("y", "multiply", ("x", "open"))], ["y"]
        ),
        Network(
            {"x": (6,), "g": (1,)}, [sigmoid("g"), Node("y", "multiply", ("x", "open"))], ["y"]
        ),
    ]
    for network in cases:
        assert [n.kind for n in gates_as_highway(network).nodes] == ["activation", "multiply"]


def test_what_stays_is_refused_by_name(tmp_path: Path) -> None:
    tanh = Node("open", "activation", ("x",), {"function": "tanh"})
    generator = Generator.from_network(of([tanh, Node("y", "multiply", ("x", "open"))]))
    with pytest.raises(UnsupportedError, match="layer 'y': LWTNN has no multiply node"):
        export(generator, "lwtnn", tmp_path / "a.json")
