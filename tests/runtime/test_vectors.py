from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.vectors import (
    N_CELLS,
    N_VECTORS,
    Vectors,
    layers_of,
    make_inputs,
    make_vectors,
    spread,
    vectors_from_arrays,
)
from tests.networks import sampling

PHYSICS = sampling(CylinderMesh(3, 4, 5))
LARGE = sampling(CylinderMesh(10, 10, 50))  # 5000 outputs: too many to store


def test_inputs_cover_every_condition_with_fixed_noise() -> None:
    inputs = make_inputs(PHYSICS, PHYSICS.width)
    assert inputs.shape == (N_VECTORS, PHYSICS.width)
    assert inputs.dtype == np.float32
    np.testing.assert_array_equal(inputs, make_inputs(PHYSICS, PHYSICS.width))
    energy, angle, geometry = inputs[:, 10], inputs[:, 11], inputs[:, 12:]
    assert energy.min() == pytest.approx(1_000 / 1_024_000)
    assert energy.max() == pytest.approx(64_000 / 1_024_000)
    assert len(set(energy.tolist())) == len(set(angle.tolist())) == N_VECTORS
    assert abs(np.corrcoef(energy, angle)[0, 1]) < 0.9
    assert (geometry.sum(axis=0) > 0).all()


def test_inputs_of_a_bare_network_are_noise() -> None:
    assert make_inputs(None, 5).shape == (N_VECTORS, 5)


def test_spread_is_even_in_the_logarithm_when_positive() -> None:
    values = np.sort(spread(Condition("energy_mev", 1.0, 2.0**15), 0))
    np.testing.assert_allclose(values, 2.0 ** np.arange(16))
    linear = np.sort(spread(Condition("eta", -1.5, 1.5), 1))
    np.testing.assert_allclose(np.diff(linear), 0.2)
    assert (spread(Condition("energy_mev", 5.0, 5.0), 2) == 5.0).all()
    assert set(spread(Condition("g", categories=("a", "b", "c")), 1)) == {"a", "b", "c"}


def outputs_of(n_out: int) -> np.ndarray:
    return np.random.default_rng(1).random((N_VECTORS, n_out), dtype=np.float32)


def test_small_outputs_are_stored_whole() -> None:
    outputs = outputs_of(60)
    vectors = make_vectors(make_inputs(PHYSICS, PHYSICS.width), outputs, PHYSICS)
    np.testing.assert_array_equal(vectors.expected, outputs)
    assert vectors.sums.shape == (N_VECTORS, 0)


def test_large_outputs_are_stored_as_layer_sums_and_chosen_cells() -> None:
    outputs = outputs_of(5000)
    vectors = make_vectors(make_inputs(LARGE, LARGE.width), outputs, LARGE)
    assert vectors.cells.shape == (N_CELLS,)
    assert len(set(vectors.cells.tolist())) == N_CELLS
    np.testing.assert_array_equal(vectors.expected, outputs[:, vectors.cells])
    by_layer = outputs.reshape(N_VECTORS, 10, 10, 50).sum(axis=(1, 2), dtype=np.float64)
    np.testing.assert_allclose(vectors.sums, by_layer)
    cells, sums = vectors.select(outputs[3:5])
    np.testing.assert_array_equal(cells, vectors.expected[3:5])
    np.testing.assert_allclose(sums, by_layer[3:5])


def test_without_a_mesh_there_is_one_sum() -> None:
    assert make_vectors(np.zeros((16, 2), "f4"), outputs_of(5000), None).sums.shape == (16, 1)
    assert not layers_of(PHYSICS, 61).any()  # outputs that are not the cells


@pytest.mark.parametrize("n_out", [60, 5000])
def test_arrays_round_trip(n_out: int) -> None:
    physics = PHYSICS if n_out == 60 else LARGE
    made = make_vectors(make_inputs(physics, physics.width), outputs_of(n_out), physics)
    found = vectors_from_arrays(made.to_arrays(), physics, physics.width, n_out, "a")
    for name in ("inputs", "cells", "expected", "layers", "sums"):
        np.testing.assert_array_equal(getattr(found, name), getattr(made, name))


MADE = make_vectors(make_inputs(LARGE, LARGE.width), outputs_of(5000), LARGE)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("vectors.inputs", MADE.inputs[:, 1:]),
        ("vectors.inputs", MADE.inputs[0]),
        ("vectors.inputs", np.array(1.0, dtype="f4")),
        ("vectors.inputs", MADE.inputs.astype("f8")),
        ("vectors.cells", MADE.cells.astype("f4")),
        ("vectors.cells", MADE.cells[None]),
        ("vectors.cells", MADE.cells - 5000),
        ("vectors.cells", MADE.cells + 5000),
        ("vectors.cells", MADE.cells[:0]),
        ("vectors.expected", MADE.expected[:, 1:]),
        ("vectors.expected", MADE.expected[:-1]),
        ("vectors.expected", MADE.expected.astype("i4")),
        ("vectors.sums", MADE.sums[:, 1:]),
        ("vectors.sums", MADE.sums.astype("f4")),
    ],
)
def test_arrays_that_do_not_fit_are_a_bad_file(change: str, value: Any) -> None:
    arrays = {**MADE.to_arrays(), change: value}
    with pytest.raises(InputFileError, match="test vectors do not fit a network of 15 inputs"):
        vectors_from_arrays(arrays, LARGE, LARGE.width, 5000, "a")


def test_no_vectors_prove_nothing() -> None:
    none = Vectors(MADE.inputs[:0], MADE.cells, MADE.expected[:0], MADE.layers, MADE.sums[:0])
    with pytest.raises(InputFileError, match="do not fit"):
        vectors_from_arrays(none.to_arrays(), LARGE, LARGE.width, 5000, "a")
    with pytest.raises(InputFileError, match=r"missing .vectors.inputs"):
        vectors_from_arrays({}, LARGE, LARGE.width, 5000, "a")
