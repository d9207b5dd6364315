"""The numba backend against the float64 reference."""

from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.activations import activations
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import codes
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import activation_cases, inputs_of, layer_cases, wide_inputs
from tests.networks import decoder, dense

CASES = dict(activation_cases() + layer_cases())
#: what the numpy backend runs instead: kinds, and some of their variants
INTERPRETED = (
    "lstm", "gru", "simple_rnn", "embedding",
    "conv-1d_groups", "conv-2d_depthwise", "conv-3d_groups",
)  # fmt: skip
INTERPRETED_FUNCTIONS = set(activations) - {*codes.ACTIVATIONS, *codes.SOFTMAXES}


def run(network: Network, x: np.ndarray) -> np.ndarray:
    return backends["numba"].prepare(Generator.from_network(network)).run(x)


def is_interpreted(case: str) -> bool:
    """Say whether a case is one that numba leaves to numpy."""
    functions = {node.attributes.get("function") for node in CASES[case].nodes}
    return case.startswith(INTERPRETED) or bool(functions & INTERPRETED_FUNCTIONS)


def check(network: Network, x: np.ndarray) -> None:
    generator = Generator.from_network(network)
    expected = evaluate(network, generator.split(x)).reshape(len(x), -1)
    found = run(network, x)
    difference = compare(found, expected, "float32")
    assert difference.equal, difference
    one_by_one = np.concatenate([run(network, row[None]) for row in x[:3]])
    np.testing.assert_array_equal(one_by_one, found[:3])


def test_a_bound_call_gives_the_same_bits_in_the_same_array() -> None:
    generator = decoder()
    x = inputs_of(generator.network, 6)
    bound = backends["numba"].prepare(generator).bound(3)  # type: ignore[attr-defined]
    for rows in (x[:3], x[3:]):
        out = bound(np.ascontiguousarray(rows))
        np.testing.assert_array_equal(out, run(generator.network, rows))
    assert bound(x[:3]) is out


@pytest.mark.parametrize("name", CASES)
def test_every_layer_and_activation(name: str) -> None:
    network = CASES[name]
    generator = Generator.from_network(network)
    if backends["numba"].supports(generator.manifest):
        check(network, inputs_of(network, 16))
        return
    assert is_interpreted(name)
    with pytest.raises(UnsupportedError, match=network.nodes[0].name):
        backends["numba"].prepare(generator)
    assert type(generator.executor).__name__ == "NumpyExecutor"


@pytest.mark.parametrize(
    "name", [name for name in dict(activation_cases()) if not is_interpreted(name)]
)
def test_every_activation_behind_a_dense_layer(name: str) -> None:
    activation = CASES[name].nodes[0]
    first = dense("units", "x", 6, 6)
    first = first.with_weights(kernel=np.eye(6, dtype=np.float32), bias=np.zeros(6, np.float32))
    node = Node("act", "activation", ("units",), activation.attributes, activation.weights)
    network = Network({"x": (6,)}, [first, node], ["act"])
    check(network, inputs_of(network, 16))


@given(
    sizes=st.lists(st.sampled_from([1, 2, 7, 63, 64, 65, 128, 150]), min_size=2, max_size=5),
    function=st.sampled_from(["linear", "relu", "sigmoid", "tanh", "elu", "softplus"]),
    n=st.integers(1, 20),
    seed=st.integers(0, 5),
)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_networks_of_any_size(sizes: list[int], function: str, n: int, seed: int) -> None:
    nodes: list[Node] = []
    reads = "x"
    for k, (n_in, n_out) in enumerate(pairwise(sizes)):
        nodes.append(dense(f"dense{k}", reads, n_in, n_out, seed))
        reads = f"act{k}"
        nodes.append(Node(reads, "activation", (f"dense{k}",), {"function": function}))
    x = np.random.default_rng(seed).normal(size=(n, sizes[0])).astype(np.float32)
    check(Network({"x": (sizes[0],)}, nodes, [reads]), x)


def test_a_value_with_two_readers_is_not_fused_away() -> None:
    nodes = [
        dense("hidden", "x", 4, 70),
        Node("gate", "activation", ("hidden",), {"function": "sigmoid"}),
        Node("gated", "multiply", ("hidden", "gate")),
        Node("both", "concatenate", ("gated", "hidden", "x")),
    ]
    check(Network({"x": (4,)}, nodes, ["both"]), wide_inputs(8, 4))


def test_a_sum_that_broadcasts_midway() -> None:
    network = Network(
        {"a": (1,), "b": (1,), "c": (5,), "d": (5,)},
        [Node("sum", "add", ("a", "b", "c", "d"))],
        ["sum"],
    )
    check(network, wide_inputs(7, 12))


def test_a_network_that_returns_its_input() -> None:
    network = Network({"x": (3,)}, [Node("same", "dropout", ("x",))], ["same"])
    x = wide_inputs(4, 3)
    np.testing.assert_array_equal(run(network, x), x)


def test_extremes_saturate_without_nan() -> None:
    x = np.array([[-np.inf, -1e4, -120, -88, -87, 0, 87, 88, 120, 1e4, np.inf]], dtype="f4").T
    network = Network({"x": (1,)}, [Node("y", "activation", ("x",), {"function": "sigmoid"})], "y")
    y = run(network, x).ravel()
    assert (y[:3] == 0).all()
    assert (y[-5:] == 1).all()
    assert (np.diff(y) >= 0).all()


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        ("exponential", [-np.inf, -1e4, 0, 1e4, np.inf], [0, 0, 1, np.inf, np.inf]),
        ("exponential", [-100, -88, 88, 88.7], np.exp([-100, -88, 88, 88.7])),
        ("log", [-1, 0, 1, np.inf], [np.nan, -np.inf, 0, np.inf]),
        ("log", [2.0**-148, 2.0**-127, 3e38], np.log([2.0**-148, 2.0**-127, 3e38])),
        ("squareplus", [-1e30, 0, 1e30], [0, 1, 1e30]),
        ("tanh_shrink", [-1e30, 1e-6, 1e30], [-1e30, 1e-18 / 3, 1e30]),
        ("mish", [-1e30, -88, 1e30], [0, 0, 1e30]),
        ("sin", [1e6, 1e9], np.sin([1e6, 1e9])),
    ],
)  # fmt: skip
def test_extremes_are_what_ieee_says(function: str, x: list[float], expected: list[float]) -> None:
    node = Node("y", "activation", ("x",), {"function": function})
    y = run(Network({"x": (len(x),)}, [node], ["y"]), np.array([x], dtype="f4"))
    np.testing.assert_allclose(y[0], expected, rtol=2e-5, atol=1e-30)


def test_the_sigmoid_is_close_and_rises() -> None:
    x = np.linspace(-30, 30, 6001, dtype=np.float32)[None]
    node = Node("y", "activation", ("x",), {"function": "sigmoid"})
    y = run(Network({"x": (6001,)}, [node], ["y"]), x)[0]
    expected = 1 / (1 + np.exp(-x[0].astype(np.float64)))
    assert np.abs(y - expected).max() < 1e-7
    np.testing.assert_allclose(y, expected, rtol=5e-7)


def test_nan_stays_nan() -> None:
    nodes = [dense("d", "x", 3, 5), Node("y", "activation", ("d",), {"function": "sigmoid"})]
    y = run(Network({"x": (3,)}, nodes, ["y"]), np.full((1, 3), np.nan, dtype=np.float32))
    assert np.isnan(y).all()


def test_eight_threads_give_the_bits_of_one() -> None:
    executor = decoder().executor
    x = np.random.default_rng(1).normal(size=(64, decoder().n_in)).astype(np.float32)
    expected = executor.run(x)
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.extend(executor.run(x) for _ in range(20)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    assert all(np.array_equal(y, expected) for y in found)


def test_showers_agree_with_the_numpy_backend() -> None:
    generator = decoder()
    slow = Generator(generator.manifest, lambda: generator.network, backend="numpy")
    asked = {"n": 60, "energy_mev": 20_000.0, "theta_rad": 1.2, "geometry": "siw", "seed": 3}
    fast_showers, slow_showers = generator.sample(**asked), slow.sample(**asked)
    difference = compare(fast_showers.reshape(60, -1), slow_showers.reshape(60, -1), "float32")
    assert difference.max_rel < 1e-5
    assert (fast_showers[41:42] == generator.sample(**{**asked, "n": 1, "first": 41})).all()


def test_cells_below_the_threshold_are_zero() -> None:
    generator = decoder()
    threshold = 9000.0
    assert generator.sampling is not None
    out = np.empty((4, generator.network.n_outputs), dtype=np.float32)
    x = np.zeros((4, generator.n_in), dtype=np.float32)
    factors = np.array([1e3, 1e4, 2e4, 0], dtype=np.float32)
    executor = backends["numba"].prepare(generator)
    executor.run_into(x, out, factors, threshold)  # type: ignore[attr-defined]
    expected = executor.run(x) * factors[:, None]
    expected[expected < threshold] = 0
    np.testing.assert_array_equal(out, expected)
    assert 0 < np.count_nonzero(out) < out.size


def test_a_par04_sized_decoder() -> None:
    nodes = [
        dense("hidden", "x", 14, 100),
        Node("rectified", "activation", ("hidden",), {"function": "relu"}),
        dense("cells", "rectified", 100, 40500),
        Node("energies", "activation", ("cells",), {"function": "sigmoid"}),
    ]
    x = np.random.default_rng(2).normal(size=(8, 14)).astype(np.float32)
    check(Network({"x": (14,)}, nodes, ["energies"]), x)


def test_an_unknown_kind_is_refused_by_name() -> None:
    generator = decoder()
    graph = dict(generator.manifest.network)
    graph["nodes"] = [*graph["nodes"], {**graph["nodes"][0], "name": "odd", "kind": "lstm"}]
    manifest = type(generator.manifest)("x", graph, "")
    assert not backends["numba"].supports(manifest)
    odd = Generator(manifest, lambda: generator.network, lambda: generator.packed)
    with pytest.raises(UnsupportedError, match=r"'odd'.*'lstm'"):
        backends["numba"].prepare(odd)


def test_a_plugin_activation_is_refused_and_numpy_takes_over() -> None:
    generator = decoder()
    graph = dict(generator.manifest.network)
    odd = {**graph["nodes"][1], "attributes": {"function": "snake"}}
    graph["nodes"] = [graph["nodes"][0], odd, *graph["nodes"][2:]]
    manifest = type(generator.manifest)("x", graph, "")
    mixed = Generator(manifest, lambda: generator.network)
    assert type(mixed.executor).__name__ == "NumpyExecutor"


@pytest.mark.parametrize("shape", [(2, 3), (3, 5), (2, 4, 1)])
def test_input_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    network = Network({"x": (4,)}, [dense("y", "x", 4, 2)], ["y"])
    with pytest.raises(UsageError, match="do not fit"):
        run(network, np.zeros(shape, dtype=np.float32))


def test_no_showers() -> None:
    network = Network({"x": (4,)}, [dense("y", "x", 4, 2)], ["y"])
    assert run(network, np.zeros((0, 4), dtype=np.float32)).shape == (0, 2)
