"""One update of the last layer against its formulas in float64."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from caloexport.training.fastv.kernels.last_layer import (
    TILE,
    Hits,
    Layer,
    learn_cells,
    make_cells,
    tiles_of,
    workspace,
)
from caloexport.training.fastv.kernels.memory import aligned

RATE = np.float32(1e-2)
BATCH, PADDED = 5, 8


def some(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def by_cell(x: np.ndarray) -> Hits:
    cells, showers = np.nonzero(x.T)
    starts = np.searchsorted(cells, np.arange(x.shape[1] + 1)).astype(np.int32)
    return Hits(starts, showers.astype(np.int32), x[showers, cells])


def entropy_and_sigmoid(logits: np.ndarray, x: np.ndarray) -> tuple[float, np.ndarray]:
    return float((np.logaddexp(0, logits) - x * logits).sum()), 1 / (1 + np.exp(-logits))


def updated(
    inputs: np.ndarray, layer: Layer, x: np.ndarray, slopes: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray, float]:
    """Do an update in two chunks; return back, Σ gradient of the bias, excess, and cross-entropy."""
    chunks, hits, work = 2, by_cell(x), workspace(PADDED, len(layer.frozen), len(layer.trained))
    made = aligned(tiles_of(layer.bias.size), PADDED, TILE)
    back, totals = aligned(chunks, *inputs.shape), np.zeros(chunks)
    excess, entropy = np.zeros((chunks, PADDED)), np.zeros(chunks)
    for k in range(chunks):
        make_cells(k, chunks, inputs, BATCH, layer, hits, True, work, made, excess, entropy)
    for k in range(chunks):
        learn_cells(k, chunks, inputs, BATCH, slopes, layer, hits, RATE, work, made, back, totals)
    assert not back[:, BATCH:].any()
    return back.sum(axis=0)[:BATCH], totals.sum(), excess.sum(axis=0)[:BATCH], entropy.sum()


@pytest.mark.parametrize(("frozen", "trained"), [(0, 11), (19, 3)])
@pytest.mark.parametrize("cells", [7, TILE + 60])
def test_an_update_is_its_formulas(frozen: int, trained: int, cells: int) -> None:
    width = frozen + trained
    kernel, bias = some(width, cells), 10 * some(cells, seed=1)
    bias[:4] = -120, 120, -30, 30
    x = np.where(some(BATCH, cells, seed=2) > 1, 0.25, 0).astype(np.float32)
    inputs = aligned(PADDED, width)
    inputs[:BATCH] = some(BATCH, width, seed=3)
    moments = [np.abs(some(*shape, seed=4)) for shape in [(trained, cells)] * 2 + [(cells,)] * 2]
    copies = [moment.copy() for moment in moments]
    parts = kernel[:frozen].copy(), kernel[frozen:].copy()
    layer = Layer(*parts, *copies[:2], bias.copy(), *copies[2:])
    slopes = some(BATCH, seed=5)
    back, of_bias, excess, total = updated(inputs, layer, x, slopes)
    h, w = inputs[:BATCH].astype(float), kernel.astype(float)
    entropy, p = entropy_and_sigmoid(h @ w + bias, x)
    gradient = (p - x + slopes[:, None] * p * (1 - p)) / BATCH
    np.testing.assert_allclose([of_bias, total], [gradient.sum(), entropy], rtol=1e-5)
    np.testing.assert_allclose(excess, (p - x).sum(axis=1), rtol=1e-5)
    np.testing.assert_allclose(back, gradient @ w.T, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(layer.frozen, kernel[:frozen])
    of_kernel, of_bias = h[:, frozen:].T @ gradient, gradient.sum(axis=0)
    of_all = (of_kernel, kernel[frozen:], *layer[1:4]), (of_bias, bias, *layer[4:])
    for (of, before, weights, first, second), start in zip(of_all, (0, 2), strict=True):
        m = moments[start] + (of - moments[start]) * 0.1
        v = moments[start + 1] + (of**2 - moments[start + 1]) * 0.001
        np.testing.assert_allclose(first, m, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(second, v, rtol=5e-5)  # of 1 - 0.999 in float32
        moved = before - RATE * m / (v**0.5 + 1e-7)
        np.testing.assert_allclose(weights, moved, rtol=1e-5, atol=1e-5)


def test_its_gradient_is_the_slope_of_its_loss() -> None:
    width, cells = 6, 50
    x = np.where(some(BATCH, cells, seed=2) > 1, 0.25, 0).astype(np.float32)
    kernel, bias = some(width, cells), some(cells, seed=1)
    inputs = aligned(PADDED, width)
    inputs[:BATCH] = some(BATCH, width, seed=3)
    none = np.zeros((0, cells), np.float32)
    moments = [np.zeros_like(one) for one in (kernel, kernel, bias, bias)]
    layer = Layer(none, kernel.copy(), *moments[:2], bias.copy(), *moments[2:])
    back = updated(inputs, layer, x, np.zeros(BATCH, np.float32))[0]
    step = 1e-6
    for row, column in ((0, 0), (BATCH - 1, width - 1)):
        losses = []
        for sign in (-1, 1):
            moved = inputs[:BATCH].astype(float)
            moved[row, column] += sign * step
            losses.append(entropy_and_sigmoid(moved @ kernel.astype(float) + bias, x)[0] / BATCH)
        slope = (losses[1] - losses[0]) / (2 * step)
        assert back[row, column] == pytest.approx(slope, rel=1e-5)
