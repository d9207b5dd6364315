from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.precisions import precisions
from caloexport.converters.quantisation import error_feedback
from caloexport.converters.quantisation.error_feedback import round_with_feedback


def correlated(n_in: int, rank: int) -> np.ndarray:
    """Return the covariance of inputs that move in few directions."""
    directions = np.random.default_rng(5).normal(size=(rank, n_in))
    return directions.T @ directions / rank


def error(matrix: np.ndarray, rounded: np.ndarray, covariance: np.ndarray) -> float:
    delta = rounded.astype(np.float64) - matrix
    return float(np.sqrt(np.einsum("ij,ij->", delta, covariance @ delta) / matrix.shape[1]))


@pytest.mark.parametrize("name", ["int8", "int8-a8", "bfloat16", "bfloat16-a16"])
def test_errors_of_correlated_inputs_cancel(name: str) -> None:
    matrix = np.random.default_rng(6).normal(size=(150, 40)).astype(np.float32)
    covariance, entry = correlated(150, 20), precisions[name]
    nearest = entry.rounded(matrix, "layer")
    found = round_with_feedback(matrix, covariance, entry.row_by_row(matrix))
    assert error(matrix, found, covariance) < 0.5 * error(matrix, nearest, covariance)
    np.testing.assert_array_equal(entry.rounded(found, "layer"), found)  # it can be stored


def test_without_correlation_every_weight_goes_to_its_nearest_level() -> None:
    matrix = np.random.default_rng(7).normal(size=(30, 9)).astype(np.float32)
    entry = precisions["int8"]
    found = round_with_feedback(matrix, np.eye(30), entry.row_by_row(matrix))
    np.testing.assert_array_equal(found, entry.rounded(matrix, "layer"))


def test_pieces_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = np.random.default_rng(8).normal(size=(70, 33)).astype(np.float32)
    covariance, row = correlated(70, 9), precisions["int8"].row_by_row(matrix)
    whole = round_with_feedback(matrix, covariance, row)
    monkeypatch.setattr(error_feedback, "PIECE", 70 * 10)
    monkeypatch.setattr(error_feedback, "BLOCK", 16)
    np.testing.assert_array_equal(round_with_feedback(matrix, covariance, row), whole)


def test_inputs_that_never_move_do_no_harm() -> None:
    matrix = np.random.default_rng(9).normal(size=(12, 4)).astype(np.float32)
    found = round_with_feedback(matrix, np.zeros((12, 12)), precisions["int8"].row_by_row(matrix))
    np.testing.assert_array_equal(found, precisions["int8"].rounded(matrix, "layer"))
