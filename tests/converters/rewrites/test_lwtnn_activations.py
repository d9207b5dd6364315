"""Activations that LWTNN lacks, said with those that it has: the same function everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.rewrites.celu_as_elu import celu_as_elu
from caloexport.converters.rewrites.leaky_rectifiers import leaky_rectifiers
from caloexport.converters.rewrites.plain_clips import plain_clips
from caloexport.converters.rewrites.prelu_as_maxout import UNITS_LIMIT, prelu_as_maxout
from caloexport.converters.rewrites.shrinks_as_sums import shrinks_as_sums
from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import VARIANTS, activation_network, wide_inputs
from tests.networks import dense

X = wide_inputs(40, 6)
ALPHA = np.array([0.2, -0.5, 0.0, 1.0, 2.5, 0.7])
Rewrite = Callable[[Network], Network]

#: name -> rewrite, activation, its weights, and what it becomes
CASES: dict[str, tuple[Rewrite, dict[str, Any], dict[str, Array], list[str]]] = {
    "abs": (leaky_rectifiers, {"function": "abs"}, {}, ["leaky_relu"]),
    "prelu of one slope": (
        leaky_rectifiers, {"function": "prelu"}, {"alpha": np.full(6, 1.5)}, ["leaky_relu"],
    ),
    "prelu": (prelu_as_maxout, {"function": "prelu"}, {"alpha": ALPHA}, ["maxout"]),
    "prelu up to 1": (
        prelu_as_maxout, {"function": "prelu"}, {"alpha": np.minimum(ALPHA, 1)}, ["maxout"],
    ),
    "prelu of one value": (
        prelu_as_maxout, {"function": "prelu"}, {"alpha": np.array([3.0])}, ["maxout"],
    ),
    "celu": (celu_as_elu, {"function": "celu"}, {}, ["elu"]),
    "celu of a scale": (celu_as_elu, {"function": "celu", "alpha": 0.3}, {}, ["elu"]),
    "clip": (
        plain_clips, {"function": "clip", "minimum": -1.0, "maximum": 2.5}, {}, ["hard_sigmoid"],
    ),
    "clip below": (plain_clips, {"function": "clip", "minimum": -1.5}, {}, ["relu"]),
    "clip above": (plain_clips, {"function": "clip", "maximum": 0.5}, {}, ["relu"]),
    "clip without bounds": (plain_clips, {"function": "clip"}, {}, ["linear"]),
    "clip to one value": (
        plain_clips, {"function": "clip", "minimum": 2.0, "maximum": 1.0}, {}, [],
    ),
    "continuous threshold": (
        plain_clips, {"function": "threshold", "threshold": 0.5, "value": 0.5}, {}, ["relu"],
    ),
    "tanh_shrink": (shrinks_as_sums, {"function": "tanh_shrink"}, {}, ["tanh"]),
    "soft_shrink": (shrinks_as_sums, {"function": "soft_shrink"}, {}, ["relu", "relu"]),
    "soft_shrink by more": (
        shrinks_as_sums, {"function": "soft_shrink", "threshold": 3.0}, {}, ["relu", "relu"],
    ),
}  # fmt: skip

#: kinds around what a rewrite makes
PASSIVE = ("dense", "normalization", "concatenate", "add")


def alone(attributes: dict[str, Any], weights: dict[str, Array]) -> list[Node]:
    return [Node("act", "activation", ("x",), attributes, weights)]


def between(attributes: dict[str, Any], weights: dict[str, Array]) -> list[Node]:
    act = Node("act", "activation", ("first",), attributes, weights)
    return [dense("first", "x", 6, 6), act, dense("last", "act", 6, 3)]


def shared(attributes: dict[str, Any], weights: dict[str, Array]) -> list[Node]:
    """Let others read the dense layer in front."""
    act = Node("act", "activation", ("first",), attributes, weights)
    return [dense("first", "x", 6, 6), act, Node("both", "concatenate", ("first", "act"))]


PLACES = {"alone": alone, "between": between, "shared": shared}


def of(nodes: list[Node]) -> Network:
    return Network({"x": (6,)}, nodes, [nodes[-1].name])


def assert_equal(found: Network, expected: Network, x: Array = X) -> None:
    (name,) = expected.inputs
    y = evaluate(expected, {name: x})
    np.testing.assert_allclose(
        evaluate(found, {name: x}), y, rtol=0, atol=1e-12 * float(np.abs(y).max())
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CASES)
def test_it_is_the_same_function(name: str, place: str) -> None:
    rewrite, attributes, weights, becomes = CASES[name]
    network = of(PLACES[place](attributes, weights))
    found = rewrite(network)
    assert found.outputs == network.outputs
    made = [n.attributes.get("function", n.kind) for n in found.nodes]
    assert sorted(f for f in made if f not in PASSIVE) == sorted(becomes)
    assert_equal(found, network)


def test_the_dense_layer_in_front_goes_into_the_maxout() -> None:
    network = of(between({"function": "prelu"}, {"alpha": ALPHA}))
    kinds = [node.kind for node in prelu_as_maxout(network).nodes]
    assert kinds == ["maxout", "normalization", "dense"]


def test_a_wide_prelu_becomes_a_sum() -> None:
    units = UNITS_LIMIT + 1
    weights = {"alpha": np.linspace(-1, 3, units)}
    node = Node("act", "activation", ("x",), {"function": "prelu"}, weights)
    network = Network({"x": (units,)}, [node], ["act"])
    found = prelu_as_maxout(network)
    assert [n.kind for n in found.nodes][-1] == "add"
    assert found.parameters == 4 * units
    assert_equal(found, network, wide_inputs(4, units))


def test_sequences_take_a_maxout_per_step() -> None:
    node = Node("act", "activation", ("x",), {"function": "prelu"}, {"alpha": ALPHA})
    network = Network({"x": (3, 6)}, [node], ["act"])
    assert_equal(prelu_as_maxout(network), network, wide_inputs(5, 18).reshape(5, 3, 6))


@pytest.mark.parametrize(
    ("rewrite", "attributes"),
    [
        (plain_clips, {"function": "clip", "minimum": -1e6, "maximum": 1.0}),
        (plain_clips, {"function": "threshold", "threshold": 0.5, "value": 0.0}),
        (celu_as_elu, {"function": "celu", "alpha": -1.0}),
        (shrinks_as_sums, {"function": "soft_shrink", "threshold": -1.0}),
        (shrinks_as_sums, {"function": "hard_shrink"}),
    ],
    ids=lambda given: getattr(given, "__name__", None) or str(given),
)
def test_what_has_no_exact_rewrite_stays(rewrite: Rewrite, attributes: dict[str, Any]) -> None:
    network = of(alone(attributes, {}))
    assert [dict(node.attributes) for node in rewrite(network).nodes] == [attributes]


@pytest.mark.parametrize("function", ["tanh_shrink", "soft_shrink"])
def test_sequences_are_not_added(function: str) -> None:
    node = Node("act", "activation", ("x",), {"function": function})
    network = Network({"x": (3, 6)}, [node], ["act"])
    assert shrinks_as_sums(network).nodes[0].attributes["function"] == function


EXPRESSIBLE = [
    "abs", "celu", "clip", "elu", "grouped_softmax", "hard_sigmoid", "leaky_relu", "linear",
    "prelu", "relu", "selu", "sigmoid", "soft_shrink", "softmax", "swish", "tanh", "tanh_shrink",
]  # fmt: skip
REFUSED = [
    "cos", "erf", "exponential", "gelu", "hard_shrink", "hard_swish", "log", "log_sigmoid",
    "log_softmax", "mish", "reciprocal", "rsqrt", "sin", "softplus", "softsign", "sparse_plus",
    "sqrt", "square", "squareplus", "threshold",
]  # fmt: skip


def placed(function: str, variant: dict[str, Any], place: str) -> Network:
    node = activation_network(function, variant).nodes[0]
    return of(PLACES[place](dict(node.attributes), dict(node.weights)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("function", EXPRESSIBLE)
def test_lwtnn_computes_it(function: str, place: str, tmp_path: Path) -> None:
    for variant in VARIANTS.get(function, [{}]):
        if variant.get("threshold") and function == "relu":
            continue  # jumps
        network = placed(function, variant, place)
        path = export(Generator.from_network(network), "lwtnn", tmp_path / "a.json").path
        found = backends["lwtnn"].open(path).run(X)
        expected = evaluate(network, {"x": X})
        assert compare(found, expected, "text").equal, variant


@pytest.mark.parametrize("function", ["abs", "celu", "clip", "prelu", "selu", "swish"])
def test_lwtnn_computes_it_step_by_step(function: str, tmp_path: Path) -> None:
    node = activation_network(function, VARIANTS.get(function, [{}])[-1]).nodes[0]
    network = Network({"x": (3, 6)}, [node], ["act"])
    path = export(Generator.from_network(network), "lwtnn", tmp_path / "a.json").path
    x = wide_inputs(10, 18)
    expected = evaluate(network, {"x": x.reshape(10, 3, 6)}).reshape(10, 18)
    assert compare(backends["lwtnn"].open(path).run(x), expected, "text").equal


@pytest.mark.parametrize("function", REFUSED)
def test_lwtnn_refuses_what_is_not_exact(function: str, tmp_path: Path) -> None:
    (variant, *_) = VARIANTS.get(function, [{}])
    generator = Generator.from_network(placed(function, variant, "between"))
    with pytest.raises(UnsupportedError, match=rf"layer 'act': .*'{function}'.*onnx"):
        export(generator, "lwtnn", tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


def test_every_activation_is_either_or() -> None:
    assert sorted([*EXPRESSIBLE, *REFUSED]) == activations.names()
