from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.backends import backends
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.networks import decoder, four_inputs

CASES = [decoder(), four_inputs()]


def inputs_of(generator: Generator, n: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(n, generator.n_in)).astype(np.float32)


@pytest.mark.parametrize("generator", CASES)
def test_it_is_the_reference(generator: Generator) -> None:
    x = inputs_of(generator, 5)
    found = backends["numpy"].prepare(generator).run(x)
    assert found.dtype == np.float32
    expected = evaluate(generator.network, generator.split(x), np.float64)
    assert compare(found, expected.reshape(5, -1), backends["numpy"].tolerance).equal


@pytest.mark.parametrize("generator", CASES)
def test_a_row_does_not_depend_on_its_batch(generator: Generator) -> None:
    x = inputs_of(generator, 33)
    executor = backends["numpy"].prepare(generator)
    together = executor.run(x)
    for i in (0, 16, 32):
        np.testing.assert_array_equal(executor.run(x[i : i + 1])[0], together[i])


def test_it_is_always_available() -> None:
    assert backends["numpy"].available()
    backends["numpy"].require()
