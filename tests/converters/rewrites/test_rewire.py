from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caloexport.converters.rewrites.rewire import Wire, rewire
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate, evaluate_all
from caloexport.runtime.tolerance import compare
from tests.converters.rewrites.random_networks import networks
from tests.networks import dense, four_inputs


def fed(wires: list[Wire], x: np.ndarray) -> np.ndarray:
    """Return the old input vectors that wires make of new ones."""
    columns = [
        np.full(len(x), wire.offset)
        if wire.column is None
        else wire.scale * x[:, wire.column] + wire.offset
        for wire in wires
    ]
    return np.stack(columns, axis=1)


def wired(draw: st.DrawFn, n_old: int, n_new: int) -> list[Wire]:
    quarter = st.integers(-8, 8).map(lambda k: k / 4)
    column = st.one_of(st.none(), st.integers(0, n_new - 1))
    return [Wire(draw(column), draw(quarter), draw(quarter)) for _ in range(n_old)]


@given(st.data(), networks(exact=True), st.integers(1, 3), st.integers(0, 2))
def test_the_network_sees_what_the_wires_carry(
    data: st.DataObject, network: Network, first: int, second: int
) -> None:
    sizes = {"a": first, "b": second} if second else {"a": first}
    wires = data.draw(st.composite(wired)(network.n_inputs, first + second))
    changed = rewire(network, {name: (size,) for name, size in sizes.items()}, wires)
    x = NoiseLaw(first + second).draw(3, seed=1).astype(np.float64)
    parts = dict(zip(sizes, np.split(x, [first], axis=1), strict=False))
    old = evaluate_all(network, {"x": fed(wires, x)})
    new = evaluate_all(changed, parts)
    for before, after in zip(network.outputs, changed.outputs, strict=True):
        np.testing.assert_allclose(new[after], old[before], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "order",
    [("z", "energy", "angle", "geometry"), ("geometry", "z", "angle", "energy")],
    ids=["same order", "another order"],
)
def test_inputs_merge_into_the_first_dense_layer(order: tuple[str, ...]) -> None:
    generator = four_inputs(order)
    merged = rewire(generator.network, {"input": (15,)}, [Wire(k) for k in range(15)])
    assert [node.kind for node in merged.nodes].count("dense") == 2
    assert "concatenate" not in {node.kind for node in merged.nodes}
    x = NoiseLaw(15).draw(7, seed=3)
    expected = evaluate(generator.network, generator.split(x))
    np.testing.assert_allclose(evaluate(merged, {"input": x}), expected, rtol=1e-12)


def test_an_input_that_is_no_vector_is_put_into_shape() -> None:
    network = Network(
        {"image": (2, 3)}, [Node("turned", "permute", ("image",), {"order": [1, 0]})], ["turned"]
    )
    changed = rewire(network, {"x": (6,)}, [Wire(k) for k in range(6)])
    x = np.arange(12.0).reshape(2, 6)
    found = evaluate(changed, {"x": x})
    np.testing.assert_array_equal(found, x.reshape(2, 2, 3).transpose(0, 2, 1))


def test_an_input_read_by_something_else_gets_a_layer_that_picks_it() -> None:
    network = four_inputs().network
    tanh = Node("tanh", "activation", ("joint",), {"function": "tanh"})
    nodes = [
        network.nodes[0],
        tanh,
        replace(network.nodes[1], inputs=("tanh",)),
        *network.nodes[2:],
    ]
    network = Network(network.inputs, nodes, network.outputs)
    merged = rewire(network, {"x": (15,)}, [Wire(k) for k in reversed(range(15))])
    x = NoiseLaw(15).draw(5, seed=1)
    parts = np.split(x[:, ::-1], [10, 11, 12], axis=1)
    expected = evaluate(network, dict(zip(network.inputs, parts, strict=True)))
    assert compare(evaluate(merged, {"x": x}), expected, "float32").equal


def test_a_new_name_does_not_meet_one_of_a_layer() -> None:
    network = Network({"x": (2,)}, [dense("Noise", "x", 2, 3)], ["Noise"])
    changed = rewire(network, {"Noise": (2,)}, [Wire(0), Wire(1)])
    assert list(changed.inputs) == ["Noise'"]


def test_inputs_that_only_change_their_names_stay_as_they_are() -> None:
    network = four_inputs().network
    sizes = [(10,), (1,), (1,), (3,)]
    names = dict(zip("abcd", sizes, strict=True))
    changed = rewire(network, names, [Wire(k) for k in range(15)])
    np.testing.assert_array_equal(
        changed["hidden"].weights["kernel"], network["hidden"].weights["kernel"]
    )
    assert changed.parameters == network.parameters
