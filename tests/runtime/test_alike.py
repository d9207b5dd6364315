"""Outputs that rise together are brought together."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.alike import alike_together


@pytest.mark.parametrize("n_out", [1, 64, 65, 300, 1000])
def test_every_output_appears_once(n_out: int) -> None:
    rng = np.random.default_rng(n_out)
    hidden, kernel = rng.standard_normal((9, 20)), rng.standard_normal((20, n_out))
    order = alike_together(hidden, kernel, np.zeros(n_out), np.zeros(9))
    assert sorted(order) == list(range(n_out))


def test_outputs_of_one_kind_share_tiles() -> None:
    rng = np.random.default_rng(1)
    kinds = rng.permutation(np.repeat(np.arange(4), 128))
    kernel = 10 * np.eye(4)[:, kinds] + 0.1 * rng.standard_normal((4, 512))
    hidden = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] * 4)
    order = alike_together(hidden, kernel, np.zeros(512), np.full(16, 5.0))
    mixture = [len(set(tile)) for tile in kinds[order].reshape(8, 64)]
    assert sum(mixture) <= 12  # 8 is the least; 32 as they were
    assert sum(len(set(tile)) for tile in kinds.reshape(8, 64)) == 32


def test_outputs_that_are_all_alike_are_no_trouble() -> None:
    order = alike_together(np.ones((3, 5)), np.zeros((5, 200)), np.zeros(200), np.zeros(3))
    assert sorted(order) == list(range(200))
