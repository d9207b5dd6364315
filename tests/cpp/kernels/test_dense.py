"""Dense layers in C++, in every shape: the formula, and one sum whatever is multiplied together."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels.plan import Plan
from caloexport.runtime.kernels.planner import make_plan
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.cpp.kernels.library import HERE, KernelLibrary
from tests.runtime.kernels.test_dense import as_bfloat16

pytestmark = pytest.mark.system

INPUTS = (1, 2, 3, 17, 64, 101)
#: around the lanes, vectors and tiles of every level
OUTPUTS = (1, 3, 4, 5, 8, 9, 16, 17, 31, 33, 48, 63, 64, 65, 127, 128, 129, 191, 320)
POSITIONS = (2, 5, 6, 7, 13)
PRECISIONS = ("float32", "bfloat16")


def layer(n_in: int, n_out: int, positions: int = 1) -> Network:
    """Return a dense layer with swish, its weights multiples of 2^-8, exact as bfloat16."""
    rng = np.random.default_rng([n_in, n_out])
    kernel = np.rint(rng.uniform(-127, 127, (n_in, n_out))) / 256
    weights = {"kernel": kernel.astype("f4"), "bias": rng.standard_normal(n_out).astype("f4")}
    beta = {"beta": rng.uniform(0.5, 2, n_out).astype("f4")}
    nodes = [
        Node("dense", "dense", ("x",), {}, weights),
        Node("y", "activation", ("dense",), {"function": "swish"}, beta),
    ]
    return Network({"x": (positions, n_in) if positions > 1 else (n_in,)}, nodes, ["y"])


def plan_of(network: Network, precision: str) -> Plan:
    """Plan a network whose kernel is stored as the precision says, however small it is."""
    generator = Generator.from_network(network)
    packed = dict(generator.packed)
    if precision == "bfloat16":
        packed["dense", "kernel"] = as_bfloat16(packed["dense", "kernel"])
    return make_plan(replace(generator.manifest, precision=precision), packed)


def inputs(*shape: int) -> Array:
    return np.random.default_rng(3).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("level", HERE)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_single_row(library: KernelLibrary, level: str, precision: str) -> None:
    for n_in, n_out in product(INPUTS, OUTPUTS):
        network, x = layer(n_in, n_out), inputs(1, n_in)
        found = library.run(level, plan_of(network, precision), x)
        assert compare(found, evaluate(network, {"x": x}), "float32").equal, (n_in, n_out)


@pytest.mark.parametrize("level", HERE)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_rows_have_the_same_bits_together_and_alone(
    library: KernelLibrary, level: str, precision: str
) -> None:
    for n_in, n_out, positions in product((3, 64), OUTPUTS[::2], POSITIONS):
        x = inputs(positions, n_in)
        alone = library.run(level, plan_of(layer(n_in, n_out), precision), x)
        plan = plan_of(layer(n_in, n_out, positions), precision)
        together = library.run(level, plan, x.reshape(1, -1)).reshape(alone.shape)
        np.testing.assert_array_equal(together, alone, str((n_in, n_out, positions)))


@pytest.mark.parametrize("level", HERE)
def test_a_large_kernel_is_multiplied_in_runs_of_tiles(library: KernelLibrary, level: str) -> None:
    network, x = layer(300, 1500, 9), inputs(1, 9 * 300)
    found = library.run(level, plan_of(network, "float32"), x)
    expected = evaluate(network, {"x": x.reshape(1, 9, 300)}).reshape(1, -1)
    assert compare(found, expected, "float32").equal


@pytest.mark.parametrize("level", HERE)
def test_an_infinite_input_at_the_end_of_an_odd_row_stays_infinite(
    library: KernelLibrary, level: str
) -> None:
    network, x = layer(3, 5), inputs(1, 3)
    x[0, 2] = np.inf
    last = network.nodes[0].weights["kernel"][2]
    found = library.run(level, plan_of(network, "bfloat16"), x)[0]
    assert (last > 0).any()
    assert (found[last > 0] == np.inf).all()


@pytest.mark.parametrize("level", HERE)
def test_a_result_at_the_threshold_stays(library: KernelLibrary, level: str) -> None:
    weights = {"kernel": np.arange(1, 9, dtype="f4")[None], "bias": np.zeros(8, "f4")}
    network = Network({"x": (1,)}, [Node("dense", "dense", ("x",), {}, weights)], ["dense"])
    plan = plan_of(network, "float32")
    found = library.run(level, plan, np.ones((1, 1)), factor=0.5, threshold=2)[0]
    np.testing.assert_array_equal(found, [0, 0, 0, 2, 2.5, 3, 3.5, 4])
