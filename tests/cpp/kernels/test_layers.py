"""Every layer that has a compiled form, in C++, against the float64 reference."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels.plan import refusal
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.cpp.kernels.library import HERE, KernelLibrary, plan_of
from tests.every_layer import activation_cases, inputs_of, layer_cases
from tests.networks import decoder

pytestmark = pytest.mark.system

CASES = {
    name: generator
    for name, network in activation_cases() + layer_cases()
    if refusal((generator := Generator.from_network(network)).manifest) is None
}


def reference(generator: Generator, x: np.ndarray) -> np.ndarray:
    return evaluate(generator.network, generator.split(x)).reshape(len(x), -1)


@pytest.mark.parametrize("level", HERE)
def test_every_layer_and_activation(library: KernelLibrary, level: str) -> None:
    assert len(CASES) > 100
    wrong = {}
    for name, generator in CASES.items():
        x = inputs_of(generator.network, 8)
        difference = compare(
            library.run(level, plan_of(generator), x), reference(generator, x), "float32"
        )
        if not difference.equal:
            wrong[name] = difference
    assert not wrong


@pytest.mark.parametrize("level", HERE)
def test_results_below_the_threshold_are_cut_and_others_scaled(
    library: KernelLibrary, level: str
) -> None:
    generator = decoder()
    x = inputs_of(generator.network, 8)
    expected = reference(generator, x) * 5_000
    found = library.run(level, plan_of(generator), x, factor=5_000, threshold=2_000)
    expected[expected < 2_000] = 0
    assert 0 < (found == 0).sum() < found.size
    assert compare(found, expected, "float32").equal


@pytest.mark.parametrize("level", HERE)
def test_an_output_that_is_no_dense_layer_is_scaled_and_cut(
    library: KernelLibrary, level: str
) -> None:
    generator = CASES["softmax-plain-0"]
    x = inputs_of(generator.network, 8)
    expected = reference(generator, x) * 3
    expected[expected < 0.5] = 0
    found = library.run(level, plan_of(generator), x, factor=3, threshold=0.5)
    assert (found == 0).any()
    assert compare(found, expected, "float32").equal


@pytest.mark.parametrize("level", HERE)
def test_what_is_not_a_number_is_never_cut(library: KernelLibrary, level: str) -> None:
    generator = decoder()
    x = np.full((1, generator.network.n_inputs), np.nan)
    assert np.isnan(library.run(level, plan_of(generator), x, factor=2, threshold=0.5)).all()


@pytest.mark.parametrize("level", HERE)
@pytest.mark.parametrize(
    "name", ["maximum", "minimum", "reduce-max", "reduce-min", "softmax-plain-0"]
)
def test_what_is_not_a_number_comes_through(library: KernelLibrary, level: str, name: str) -> None:
    generator = CASES[name]
    width = generator.network.n_inputs
    x = np.tile(inputs_of(generator.network, 1), (width, 1))
    x[range(width), range(width)] = np.nan  # one in every place
    found = np.isnan(library.run(level, plan_of(generator), x))
    np.testing.assert_array_equal(found, np.isnan(reference(generator, x)))
    assert found.any()
