"""Products agree with the formula in every shape, and give the same bits in all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.level import HAS_BF16_DOT
from caloexport.runtime.kernels.natives import natives
from caloexport.runtime.kernels.plan import Plan
from caloexport.runtime.kernels.planner import make_plan
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate

SHAPES = [(1, 1), (2, 15), (3, 16), (14, 17), (63, 64), (5, 65), (129, 130), (100, 700), (600, 33)]
ROWS = (1, 2, 5, 6, 7, 13)
#: where the CPU lacks the instructions of the last one, its plans are refused
PRECISIONS = ("float32", "bfloat16", "bfloat16-a16")[: 3 if HAS_BF16_DOT else 2]
ACTIVATIONS = ("linear", "relu", "leaky_relu", "sigmoid", "swish", "tanh")


def one_layer(n_in: int, n_out: int, function: str = "linear") -> Network:
    """Return a dense layer with an activation, its weights multiples of 2^-8 like bfloat16's."""
    rng = np.random.default_rng(n_in * 1000 + n_out)
    kernel = np.rint(rng.uniform(-127, 127, (n_in, n_out))) / 256
    weights = {"kernel": kernel.astype("f4"), "bias": rng.standard_normal(n_out).astype("f4")}
    dense = Node("dense", "dense", ("x",), {}, weights)
    given = {"beta": rng.uniform(0.5, 2, n_out).astype("f4")} if function == "swish" else {}
    constants = {"negative_slope": 0.3} if function == "leaky_relu" else {}
    activation = Node("y", "activation", ("dense",), {"function": function, **constants}, given)
    return Network({"x": (n_in,)}, [dense, activation], ["y"])


def run(plan: Plan, x: Array, factors: Array, threshold: float = -np.inf) -> Float32:
    """Run a plan on inputs (n, n_in)."""
    out = np.full((len(x), plan.n_out), np.nan, dtype=np.float32)
    scratch = np.full(plan.scratch(len(x)), np.nan, dtype=np.float32)
    natives()["run"](plan.address, x, out, factors.astype("f4"), threshold, scratch)
    return out


def plan_of(network: Network, precision: str = "float32", *, hot: bool = False) -> Plan:
    """Plan a network, its kernel stored as the precision says."""
    generator = Generator.from_network(network)
    packed = dict(generator.packed)
    if precision.startswith("bfloat16"):
        packed["dense", "kernel"] = as_bfloat16(packed["dense", "kernel"])
    manifest = replace(generator.manifest, precision=precision)
    return make_plan(manifest, packed, hot=hot)


def as_bfloat16(tiles: Array) -> Array:
    """Return (tiles, n_in, 64) float32 as (tiles, pairs, 64, 2) upper halves."""
    even = np.pad(tiles, ((0, 0), (0, tiles.shape[1] % 2), (0, 0)))
    halves = (even.view(np.uint32) >> 16).astype(np.uint16)
    return np.ascontiguousarray(halves.reshape(len(tiles), -1, 2, 64).transpose(0, 1, 3, 2))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_product_is_that_of_the_formula_however_many_rows(
    shape: tuple[int, int], precision: str
) -> None:
    network = one_layer(*shape)
    x = np.random.default_rng(1).standard_normal((max(ROWS), shape[0])).astype("f4")
    if precision == "bfloat16-a16":
        x = np.rint(x * 32) / np.float32(32)  # what bfloat16 can hold
    expected = evaluate(network, {"x": x}, np.float64)
    plan = plan_of(network, precision)
    for rows in ROWS:
        found = run(plan, x[:rows], np.ones(1))
        scale = np.abs(x[:rows]).sum(axis=1, keepdims=True) / 2 + 3
        assert (np.abs(found - expected[:rows]) <= 2e-7 * scale * np.sqrt(shape[0])).all()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_and_streams_do_not_change_a_bit(shape: tuple[int, int], precision: str) -> None:
    network = one_layer(*shape, function="swish")
    x = np.random.default_rng(2).standard_normal((13, shape[0])).astype("f4")
    alone = [run(plan_of(network, precision, hot=hot), x[:1], np.ones(1)) for hot in (True, False)]
    together = run(plan_of(network, precision), x, np.ones(1))
    assert np.array_equal(alone[0], alone[1])
    assert np.array_equal(alone[0], together[:1])
    for rows in ROWS:
        part = run(plan_of(network, precision), x[-rows:].copy(), np.ones(1))
        assert np.array_equal(part, together[-rows:])


@pytest.mark.parametrize("function", ACTIVATIONS)
@pytest.mark.parametrize("rows", [1, 6])
def test_each_row_has_its_factor_and_small_results_become_zero(function: str, rows: int) -> None:
    network = one_layer(20, 150, function)
    x = np.random.default_rng(3).standard_normal((rows, 20)).astype("f4")
    factors = np.linspace(10, 60, rows)
    found = run(plan_of(network), x, factors, 1.0)
    expected = evaluate(network, {"x": x}, np.float64) * factors[:, None]
    clear = np.abs(expected - 1) > 1e-4
    expected[expected < 1] = 0
    assert (np.abs(found - expected)[clear] <= 2e-5 * factors.max()).all()
    assert (found[clear] == 0).any()


@pytest.mark.parametrize("function", ACTIVATIONS)
@pytest.mark.parametrize("rows", [1, 6])
def test_activations_at_their_ends(function: str, rows: int) -> None:
    ends = [-3e38, -1000, -88, -87, -20, -1e-3, -1e-30, 0, 1e-30, 1e-3, 20, 87, 88, 1000, 3e38]
    network = one_layer(1, len(ends), function)
    node = network.nodes[0]
    pinned = replace(
        node, weights={"kernel": 0 * node.weights["kernel"], "bias": np.array(ends, dtype="f4")}
    )
    network = Network(network.inputs, [pinned, network.nodes[1]], network.outputs)
    x = np.ones((rows, 1), dtype="f4")
    with np.errstate(over="ignore"):
        expected = evaluate(network, {"x": x}, np.float64)
        expected = np.clip(expected, -3.4e38, 3.4e38)
    found = np.clip(run(plan_of(network), x, np.ones(1)), -3.4e38, 3.4e38)
    assert np.allclose(found, expected, rtol=2e-6, atol=1e-37)


@pytest.mark.parametrize("function", ACTIVATIONS)
def test_what_is_not_a_number_stays_so(function: str) -> None:
    network = one_layer(3, 70, function)
    x = np.array([[np.nan, 1, 1]], dtype="f4")
    assert np.isnan(run(plan_of(network), x, np.ones(1), 0.5)).all()


def test_the_plan_says_how_a_kernel_is_stored() -> None:
    plan = plan_of(one_layer(4, 4), "bfloat16", hot=True)
    assert plan.table[0, codes.STORAGE] == codes.STORAGES["bfloat16"]
    assert plan.table[0, codes.HOT] == 1


def test_a_precision_without_its_instructions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caloexport.runtime.kernels.level.HAS_BF16_DOT", False)
    with pytest.raises(UnsupportedError, match=r"bfloat16-a16 needs .* BF16.*bfloat16 runs every"):
        plan_of(one_layer(4, 4), "bfloat16-a16")
