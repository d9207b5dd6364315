"""Reading and learning of sparse showers against their formulas."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from caloexport.training.fastv.kernels import first_layer
from caloexport.training.fastv.kernels.last_layer import Hits
from caloexport.training.fastv.kernels.memory import aligned

BATCH, CELLS, CHUNKS = 3, 600, 4  # more cells than two groups of rows


def sorted_hits(x: np.ndarray, conditions: np.ndarray) -> Hits:
    showers, cells = np.nonzero(x)
    offsets = np.searchsorted(showers, np.arange(BATCH + 1))
    total = len(cells) + conditions.size
    hits = Hits(
        np.empty(CELLS + conditions.shape[1] + 1, np.int32), np.empty(total, np.int32),
        np.empty(total, np.float32),
    )  # fmt: skip
    order = np.random.default_rng(0).permutation(len(cells))
    order = order[np.argsort(showers[order], kind="stable")]  # cells of a shower in any order
    cells, fractions = cells[order].astype(np.int32), x[showers, cells][order]
    first_layer.sort_by_cell(cells, offsets, fractions, conditions, *hits)
    return hits


@pytest.mark.parametrize("width", [5, 16, 130])
def test_reading_and_learning_are_their_formulas(width: int) -> None:
    random = np.random.default_rng(width)
    x = np.where(random.random((BATCH, CELLS)) < 0.3, random.random((BATCH, CELLS)), 0)
    x[1] = 0  # a shower without hits
    conditions = random.random((BATCH, 2)).astype(np.float32)
    hits = sorted_hits(x.astype(np.float32), conditions)
    both = np.concatenate([x, conditions], axis=1)
    assert np.array_equal(np.diff(hits.starts), (both != 0).sum(axis=0))

    kernel, first, second = (random.random((CELLS + 2, width)).astype(np.float32) for _ in range(3))
    before = [one.astype(float) for one in (kernel, first, second)]
    work = first_layer.workspace(width)
    out = aligned(CHUNKS, BATCH, first_layer.padded(width))
    back = aligned(BATCH, first_layer.padded(width))
    back[:, :width] = random.standard_normal((BATCH, width))
    for chunk in range(CHUNKS):
        first_layer.read_cells(chunk, CHUNKS, kernel, hits, work, out)
    np.testing.assert_allclose(out.sum(axis=0)[:, :width], both @ before[0], rtol=1e-5)

    rate = np.float32(1e-2)
    for chunk in range(CHUNKS):
        first_layer.learn_rows(chunk, CHUNKS, kernel, first, second, hits, back, rate, work)
    gradient = both.T @ back[:, :width].astype(float)
    m = before[1] + (gradient - before[1]) * 0.1
    v = before[2] + (gradient**2 - before[2]) * 0.001
    np.testing.assert_allclose(first, m, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(second, v, rtol=5e-5)  # of 1 - 0.999 in float32
    np.testing.assert_allclose(kernel, before[0] - rate * m / (v**0.5 + 1e-7), rtol=1e-5, atol=1e-6)
