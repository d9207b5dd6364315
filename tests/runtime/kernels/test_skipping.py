"""Skipping gives the bits of the dense path."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.converters.open import open_model
from caloexport.runtime.arrays import Float32
from caloexport.runtime.backends.numba import NumbaExecutor
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import level
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.precisions.int8 import scales
from caloexport.runtime.skippable import INPUT_ROUNDING, Skipping
from caloexport.shipped import default_decoder
from tests.networks import sampling
from tests.runtime.kernels.at_level import output_at

MESH = CylinderMesh(9, 50, 10)
PRECISIONS = [name for name in INPUT_ROUNDING if name != "bfloat16-a16" or level.HAS_BF16_DOT]
LEVELS = [name for name in level.NEEDS if not level.missing(name, level.host_features())]


def both(generator: Generator) -> tuple[NumbaExecutor, NumbaExecutor]:
    """Return the executors that compute every cell, and that skip for every shower."""
    dense, skipping = (NumbaExecutor(generator, skipping=wanted) for wanted in (False, True))
    assert dense.skipping is None
    assert isinstance(skipping.skipping, Skipping)
    return dense, skipping


def assert_same_bits(
    executors: tuple[NumbaExecutor, NumbaExecutor], x: Float32, factors: Float32, threshold: float
) -> Float32:
    """Compare both paths, on buffers full of what neither must leave behind; return the cells."""
    cells = [np.full((len(x), e._plan.n_out), np.nan, dtype=np.float32) for e in executors]
    for executor, out in zip(executors, cells, strict=True):
        executor.run_into(x, out, factors, threshold)
    assert np.array_equal(cells[0].view(np.uint32), cells[1].view(np.uint32))
    return cells[0]


def trained_decoder() -> Generator:
    return open_model(default_decoder(), backend="numba")


def inputs_of(generator: Generator, n: int, energy: np.ndarray, seed: int) -> Float32:
    """Return input vectors of showers of any angle in every detector."""
    physics = generator.sampling
    assert physics is not None
    rng = np.random.default_rng(seed)
    conditions = {
        "energy_mev": energy,
        "theta_rad": rng.uniform(np.pi / 3, np.pi / 2, n),
        "geometry": rng.choice(np.array(physics.conditions[2].categories), n),
    }
    encoded = physics.encoding.encode(conditions)
    return np.concatenate([physics.noise.draw(n, seed), encoded], axis=1)


@pytest.mark.parametrize("threshold", [0.0005, 0.01, 0.1, 1.0, 100.0])
def test_the_trained_decoder_gives_the_same_bits(threshold: float) -> None:
    generator = trained_decoder().above(threshold)
    executors = both(generator)
    energy = np.geomspace(1_002.0, 63_900.0, 96)
    x = inputs_of(generator, 96, energy, seed=11)
    cells = assert_same_bits(executors, x, energy.astype("f4"), threshold)
    one = assert_same_bits(executors, x[50:51], energy[50:51].astype("f4"), threshold)
    assert np.array_equal(one[0], cells[50])
    if threshold < 100:
        assert cells.any()


def test_showers_for_which_it_does_not_pay_are_computed_together() -> None:
    generator = trained_decoder().above(1.0)
    chosen = NumbaExecutor(generator)
    assert chosen.skipping is not None
    energy = np.tile([1_500.0, 60_000.0, 60_000.0, 2_000.0, 63_000.0], 5)
    x = inputs_of(generator, 25, energy, seed=3)
    dense, _ = both(generator)
    assert_same_bits((dense, chosen), x, energy.astype("f4"), 1.0)
    assert_same_bits((dense, chosen), x, energy[:1].astype("f4"), 1.0)  # one factor for all


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30, -1e38])
def test_inputs_that_cannot_be_bounded_take_the_dense_path(bad: float) -> None:
    generator = trained_decoder().above(0.1)
    executors = both(generator)
    x = inputs_of(generator, 4, np.full(4, 5_000.0), seed=2)
    x[1, 3] = bad
    cells = assert_same_bits(executors, x, np.full(4, 5_000.0, "f4"), 0.1)
    assert np.isfinite(cells[[0, 2, 3]]).all()


@pytest.mark.parametrize("factor", [0.0, -5_000.0, np.nan, np.inf, 1e-30, 1e30])
def test_odd_factors_and_thresholds_give_the_same_bits(factor: float) -> None:
    generator = trained_decoder().above(0.1)
    executors = both(generator)
    x = inputs_of(generator, 3, np.full(3, 5_000.0), seed=2)
    for threshold in (0.1, 0.0, -1.0, -np.inf, np.inf, np.nan):
        assert_same_bits(executors, x, np.full(3, factor, "f4"), threshold)


def rounded(kernel: Float32, precision: str) -> Float32:
    """Return a kernel that the precision can store."""
    if precision.startswith("bfloat16"):
        return (kernel.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)
    if precision.startswith("int8"):
        scale = scales(kernel, axis=1)
        return np.rint(kernel / scale) * scale
    return kernel


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_gives_the_bits_of_its_dense_path(precision: str) -> None:
    trained = trained_decoder()
    *others, last, activation = trained.network.nodes
    nodes = [*others, last.with_weights(kernel=rounded(last.weights["kernel"], precision))]
    network = Network(trained.network.inputs, [*nodes, activation], trained.network.outputs)
    generator = Generator.from_network(
        network, trained.sampling, precision=precision, arithmetic=precision
    ).above(0.1)
    energy = np.geomspace(1_002.0, 63_900.0, 48)
    x = inputs_of(generator, 48, energy, seed=6)
    for hot in (False, True):
        one = Generator(generator.manifest, lambda: network, hot=hot, arithmetic=precision)
        assert assert_same_bits(both(one), x, energy.astype("f4"), 0.1).any()


@given(
    seed=st.integers(0, 10**6),
    n_in=st.sampled_from([2, 16, 33, 70]),
    function=st.sampled_from(["sigmoid", "relu", "leaky_relu", "linear"]),
    size=st.sampled_from([0.1, 1.0, 30.0]),
    threshold=st.sampled_from([1e-6, 0.02, 1.0, 300.0]),
    n=st.sampled_from([1, 7]),
)
@settings(max_examples=25, deadline=None)
def test_random_layers_give_the_same_bits(
    seed: int, n_in: int, function: str, size: float, threshold: float, n: int
) -> None:
    rng = np.random.default_rng(seed)
    kernel = (size * rng.standard_normal((n_in, 4500)) / np.sqrt(n_in)).astype("f4")
    bias = (3 * size * rng.standard_normal(4500)).astype("f4")
    physics = sampling(MESH)
    first = rng.standard_normal((physics.width, n_in)).astype("f4")
    zeros = np.zeros(n_in, "f4")
    constants = {"negative_slope": 0.3} if function == "leaky_relu" else {}
    nodes = [
        Node("hidden", "dense", ("x",), {}, {"kernel": first, "bias": zeros}),
        Node("bent", "activation", ("hidden",), {"function": "relu"}),
        Node("cells", "dense", ("bent",), {}, {"kernel": kernel, "bias": bias}),
        Node("y", "activation", ("cells",), {"function": function, **constants}),
    ]
    network = Network({"x": (physics.width,)}, nodes, ["y"])
    output = OutputMap("fraction_of_incident", {}, threshold)
    generator = Generator.from_network(network, replace(physics, output=output))
    x = (3 * rng.standard_normal((n, physics.width))).astype("f4")
    assert_same_bits(both(generator), x, np.geomspace(1, 1e5, n).astype("f4"), threshold)


def test_the_sigmoid_of_the_kernels_stays_within_the_margin() -> None:
    """Below every limit: one dense layer of one weight 1 hands its input to the activation."""
    nodes = [
        Node("copy", "dense", ("x",), {}, {"kernel": np.ones((1, 1), "f4"), "bias": np.zeros(1, "f4")}),
        Node("y", "activation", ("copy",), {"function": "sigmoid"}),
    ]  # fmt: skip
    generator = Generator.from_network(Network({"x": (1,)}, nodes, ["y"]))
    x = np.linspace(-80, 10, 1_000_003, dtype=np.float32)[:, None]
    found = NumbaExecutor(generator).run(x).astype(np.float64)
    exact = 1 / (1 + np.exp(-x.astype(np.float64)))
    assert (found <= exact * (1 + 1e-5)).all()  # a tenth of the margin


PROGRAM = """
import json
import numpy as np
from caloexport.runtime.kernels.level import LEVEL
from tests.runtime.kernels.test_skipping import assert_same_bits, both, inputs_of, trained_decoder
generator = trained_decoder().above(0.1)
dense, skipping = both(generator)
energy = np.geomspace(1_002.0, 63_900.0, 24)
x = inputs_of(generator, 24, energy, seed=4)
cells = assert_same_bits((dense, skipping), x, energy.astype("f4"), 0.1)
print(json.dumps({"level": LEVEL, "cells": int((cells > 0).sum())}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", LEVELS)
def test_every_instruction_level_gives_the_bits_of_its_dense_path(name: str) -> None:
    result = json.loads(output_at(name, PROGRAM))
    assert result["level"] == name
    assert result["cells"] > 1_000
