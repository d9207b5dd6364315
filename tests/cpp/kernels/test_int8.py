"""Products with int8 kernels in C++: the bits of numpy's, at every level of instructions."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cpp.kernels.library import HERE, KernelLibrary
from tests.runtime.kernels.int8_layer import BITS, SHAPES, Layer, extremes, largest_sums, showers

pytestmark = [
    pytest.mark.system,
    pytest.mark.parametrize("precision", BITS),
    pytest.mark.parametrize("level", HERE),
]
#: in blocks of rows and behind them, and more than are rounded together
POSITIONS = (2, 3, 7, 13, 50)


def test_bits_are_those_of_numpy(library: KernelLibrary, level: str, precision: str) -> None:
    for shape in SHAPES:
        layer = Layer(*shape, precision)
        x = showers(shape[0])
        assert np.array_equal(library.run(level, layer.plan(), x), layer.expected(x))


@pytest.mark.parametrize("positions", POSITIONS)
def test_bits_are_those_of_numpy_for_several_positions(
    library: KernelLibrary, level: str, precision: str, positions: int
) -> None:
    for n_in, n_out in [(3, 16), (17, 700), (257, 128), (1008, 64)]:
        layer = Layer(n_in, n_out, precision)
        sizes = np.geomspace(1, 1e6, positions, dtype=np.float32)[:, None]
        x = np.resize(showers(n_in), (positions, n_in)) * sizes
        found = library.run(level, layer.plan(positions=positions), x.reshape(1, -1))
        assert np.array_equal(found.reshape(positions, n_out), layer.expected(x))


def test_activations_of_any_size(library: KernelLibrary, level: str, precision: str) -> None:
    layer = Layer(37, 70, precision)
    plan = layer.plan()
    for x in extremes():
        assert np.array_equal(library.run(level, plan, x), layer.expected(x), equal_nan=True)


def test_sums_may_be_as_large_as_they_get(
    library: KernelLibrary, level: str, precision: str
) -> None:
    for layer, x in largest_sums(precision):
        assert np.array_equal(library.run(level, layer.plan(), x), layer.expected(x))


def test_a_bad_activation_spoils_its_own_position_alone(
    library: KernelLibrary, level: str, precision: str
) -> None:
    layer = Layer(40, 70, precision)
    x = showers(40)
    x[4, 39], x[8, 0] = np.nan, -np.inf
    found = library.run(level, layer.plan(positions=len(x)), x.reshape(1, -1))
    rows = found.reshape(len(x), 70)
    assert np.array_equal(rows, layer.expected(x), equal_nan=True)
    assert np.isnan(rows).all(axis=1).nonzero()[0].tolist() == [4, 8]
