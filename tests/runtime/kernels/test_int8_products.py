"""Products with int8 kernels: the bits of numpy's, on every level of instructions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import level
from caloexport.runtime.kernels.natives import natives
from caloexport.runtime.kernels.plan import MOST_INPUTS, Plan, refusal
from caloexport.runtime.kernels.planner import make_plan
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import pack_kernel, pack_vector
from caloexport.runtime.quantised_product import (
    SMALLEST,
    quantised_product,
    rounded_activations,
)
from tests.runtime.kernels.at_level import output_at
from tests.runtime.kernels.int8_layer import (
    BITS,
    ROWS,
    SHAPES,
    Layer,
    extremes,
    largest_sums,
    showers,
)

HERE = [name for name in level.NEEDS if not level.missing(name, level.host_features())]
PROGRAM = """
from tests.runtime.kernels.test_int8_products import check_all
print(check_all())
"""


def run(plan: Plan, x: Array) -> Float32:
    """Run a plan on inputs (n, n_in)."""
    out = np.full((len(x), plan.n_out), 5, dtype=np.float32)
    scratch = np.full(plan.scratch(len(x)), np.nan, dtype=np.float32)
    natives()["run"](plan.address, x, out, np.ones(1, dtype="f4"), -np.inf, scratch)
    return out


def check_bits(n_in: int, n_out: int, precision: str) -> None:
    """Require numpy's bits for every number of rows, from one stream and from two."""
    layer = Layer(n_in, n_out, precision)
    x = showers(n_in)
    expected = layer.expected(x)
    for hot in (True, False):
        plan = layer.plan(hot=hot)
        for rows in ROWS:
            assert np.array_equal(run(plan, x[-rows:].copy()), expected[-rows:])


def check_extremes(precision: str) -> None:
    layer = Layer(37, 70, precision)
    plan = layer.plan()
    for x in extremes():
        assert np.array_equal(run(plan, x), layer.expected(x), equal_nan=True)


def check_all() -> str:
    """Check everything in this process, and return the level of instructions."""
    for precision in BITS:
        for shape in SHAPES:
            check_bits(*shape, precision)
        check_extremes(precision)
        check_largest_sums(precision)
    return level.LEVEL


def check_largest_sums(precision: str) -> None:
    for layer, x in largest_sums(precision):
        assert np.array_equal(run(layer.plan(), x), layer.expected(x))


@pytest.mark.parametrize("precision", BITS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_bits_are_those_of_numpy_however_many_rows_and_streams(
    shape: tuple[int, int], precision: str
) -> None:
    check_bits(*shape, precision)


@pytest.mark.parametrize("precision", BITS)
def test_activations_of_any_size(precision: str) -> None:
    check_extremes(precision)


@pytest.mark.parametrize("precision", BITS)
def test_sums_may_be_as_large_as_they_get(precision: str) -> None:
    check_largest_sums(precision)


@pytest.mark.parametrize("precision", BITS)
def test_results_are_as_close_to_float64_as_the_rounding_of_the_activations(precision: str) -> None:
    layer = Layer(300, 129, precision)
    x = showers(300)
    exact = x.astype("f8") @ (layer.q * layer.scale.astype("f8")) + layer.bias
    _, step = rounded_activations(x, BITS[precision])
    # each activation is off by half a step, and single precision by a few units of the last place
    bound = step / 2 * np.abs(layer.q).sum(axis=0) * layer.scale + 1e-6 * (1 + np.abs(exact))
    found = run(layer.plan(), x)
    assert (np.abs(found - exact) <= bound).all()
    assert (np.abs(found - exact) >= bound / 1000).any()


@pytest.mark.parametrize("precision", BITS)
def test_a_bad_activation_spoils_its_own_shower_alone(precision: str) -> None:
    layer = Layer(40, 70, precision)
    x = showers(40)
    clean = run(layer.plan(), x)
    x[4, 39] = np.nan
    x[8, 0] = -np.inf
    found = run(layer.plan(), x)
    bad = np.isin(np.arange(len(x)), (4, 8))
    assert np.isnan(found[bad]).all()
    assert np.array_equal(found[~bad], clean[~bad])


def test_windows_of_a_convolution_are_rounded_one_by_one() -> None:
    rng = np.random.default_rng(4)
    q = rng.integers(-127, 128, (3 * 8, 70))
    weights = {"kernel": q.reshape(3, 8, 70).astype("f4"), "bias": np.zeros(70, dtype="f4")}
    node = Node(
        "y",
        "conv",
        ("x",),
        {"padding": [[0, 0]], "strides": [1], "dilation": [1], "groups": 1},
        weights,
    )
    generator = Generator.from_network(Network({"x": (60, 8)}, [node], ["y"]))
    packed = dict(generator.packed)
    packed["y", "kernel"] = pack_kernel(q.astype("f4"), "int8", np.ones(70, dtype="f4"))
    packed["y", "kernel_scale"] = pack_vector(np.ones(70, dtype="f4"), 64)
    plan = make_plan(replace(generator.manifest, precision="int8"), packed)
    x = rng.standard_normal((2, 60, 8)).astype("f4") * np.geomspace(1, 1e6, 60, dtype="f4")[:, None]
    windows = np.stack([x[:, k : k + 58] for k in range(3)], axis=2).reshape(2, 58, 24)
    expected = quantised_product(windows, q, np.ones(70), np.zeros(70), 16)
    found = run(plan, x.reshape(2, -1)).reshape(2, 58, 70)
    assert np.array_equal(found, expected)


def test_activations_below_the_smallest_keep_their_digits_down_to_it() -> None:
    layer = Layer(8, 3, "int8")
    layer.bias[:] = 0
    x = showers(8)[:1] * SMALLEST
    exact = x.astype("f8") @ (layer.q * layer.scale.astype("f8"))
    assert np.abs(run(layer.plan(), x) - exact).max() < 1e-4 * np.abs(exact).max()


def test_sums_that_do_not_fit_are_refused() -> None:
    weights = {"kernel": np.broadcast_to(np.float32(0), (MOST_INPUTS + 1, 1)), "bias": np.zeros(1)}
    node = Node("long", "dense", ("x",), {}, weights)
    manifest = Generator.from_network(Network({"x": (MOST_INPUTS + 1,)}, [node], ["long"])).manifest
    assert refusal(manifest) is None
    reason = refusal(replace(manifest, precision="int8"))
    assert reason is not None
    assert "long" in str(reason)
    assert "131072 inputs" in str(reason)


@pytest.mark.slow
@pytest.mark.parametrize("name", HERE)
def test_every_level_gives_the_bits_of_numpy(name: str) -> None:
    assert output_at(name, PROGRAM).split() == [name]
