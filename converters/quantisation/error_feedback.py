"""Round a matrix row by row, each row's error undone by the rows that are not rounded yet.

Inputs of a product are correlated: the hundred activations behind fourteen latents and conditions
hardly move independently. So an error of one weight can be cancelled by others, where rounding
each to the nearest would add them up. For rows in a fixed order, the best correction follows from
the inverse of the inputs' covariance (Frantar et al., GPTQ, arXiv:2210.17323).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Array, Float64

#: of the mean variance, added to every variance: directions that calibration did not see count, too
DAMPING = 1e-3
#: rows whose errors reach the rows behind them by one matrix product
BLOCK = 64
#: values that are rounded at a time, for the memory
PIECE = 1 << 19

#: (row k, its values (n_out,), the columns they belong to) -> what can be stored
RoundRow = Callable[[int, Array, slice], Array]


def round_with_feedback(matrix: Array, covariance: Float64, round_row: RoundRow) -> Array:
    """Return a matrix (n_in, n_out) of rounded rows, as float32.

    Args:
        matrix: (n_in, n_out).
        covariance: (n_in, n_in) of the inputs that it will be multiplied with.
        round_row: rounds the values of one row.
    """
    order = np.argsort(-np.diag(covariance), kind="stable")  # what matters most comes first
    spread = _spread(covariance[np.ix_(order, order)])
    rounded = np.empty(matrix.shape, dtype=np.float32)
    step = max(1, PIECE // max(1, len(order)))
    for start in range(0, matrix.shape[1], step):
        columns = slice(start, min(start + step, matrix.shape[1]))
        values = matrix[order, columns].astype(np.float64)
        for first in range(0, len(order), BLOCK):
            rows = slice(first, min(first + BLOCK, len(order)))
            errors = _block(values, order, rows, spread, columns, round_row)
            values[rows.stop :] -= spread[rows, rows.stop :].T @ errors
        rounded[order, columns] = values
    return rounded


def _block(
    values: Float64,
    order: Array,
    rows: slice,
    spread: Float64,
    columns: slice,
    round_row: RoundRow,
) -> Float64:
    """Round some rows in place and return their errors (rows, n), in units of their spread."""
    errors = np.zeros((rows.stop - rows.start, values.shape[1]))
    for step, row in enumerate(range(rows.start, rows.stop)):
        exact = values[row].copy()
        values[row] = round_row(int(order[row]), exact, columns)
        errors[step] = (exact - values[row]) / spread[row, row]
        behind = slice(row + 1, rows.stop)
        values[behind] -= np.outer(spread[row, behind], errors[step])
    return errors


def _spread(covariance: Float64) -> Float64:
    """Return the upper Cholesky factor of the inverse covariance: how an error passes on."""
    n = len(covariance)
    damping = DAMPING * max(float(np.trace(covariance)) / n, np.finfo(np.float64).tiny / DAMPING)
    inverse = np.linalg.inv(covariance + damping * np.eye(n))
    return np.asarray(np.linalg.cholesky((inverse + inverse.T) / 2).T)
