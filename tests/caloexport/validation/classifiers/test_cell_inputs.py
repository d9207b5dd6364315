from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.binning import read_binning
from caloexport.validation.classifiers.cell_inputs import low_inputs, low_normed_inputs
from caloexport.validation.rows import Rows


def test_the_order_is_that_of_the_challenge() -> None:
    mesh = CylinderMesh(2, 2, 3, order=("z", "phi", "r"))
    random = np.random.default_rng(1)
    cells = random.random((5, 12)).astype(np.float32)
    energy = random.uniform(10, 100, 5)
    chosen = np.array([4, 1])
    rows = Rows(cells, energy, mesh, "cells")
    low, normed = low_inputs(rows), low_normed_inputs(rows)
    assert (low.n, low.width, normed.width) == (5, 13, 16)
    expected = cells[chosen].astype(np.float64) / energy[chosen, None]
    assert low.read(chosen)[:, 1:] == pytest.approx(expected, rel=1e-14)
    layers = cells[chosen].astype(np.float64).reshape(2, 3, 4)
    sums = layers.sum(axis=2)
    found = normed.read(chosen)
    assert found[:, 0] == pytest.approx(np.log10(energy[chosen]))
    assert found[:, 1:13] == pytest.approx((layers / sums[..., None]).reshape(2, 12))
    assert found[:, 13:] == pytest.approx(np.log10(sums + 1e-8))
    assert found.dtype == low.read(chosen).dtype == np.float64


@pytest.mark.parametrize(
    ("name", "low", "normed"),
    [("calochallenge1-photons", 369, 374), ("calochallenge2", 6481, 6526)],
)
def test_the_sets_of_the_challenge_have_as_many(name: str, low: int, normed: int) -> None:
    mesh = read_binning(name)[0].mesh
    empty, energy = np.zeros((2, low - 1), np.float32), np.array([1e3, 1e4])
    rows = Rows(empty, energy, mesh, "cells")
    assert low_inputs(rows).width == low
    found = low_normed_inputs(rows).read(np.arange(2))
    assert found.shape == (2, normed)
    assert found[:, 1:low] == pytest.approx(0)  # a layer without energy has shares of 0
    assert found[:, low:] == pytest.approx(-8)
