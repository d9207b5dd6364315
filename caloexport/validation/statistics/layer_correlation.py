"""Correlation between the energies of layers: do they rise and fall together as in the reference.

Energies grow with the incident energy in all layers, which alone would correlate them. What a parabola
over the logarithm of the incident energy explains is taken out first, so that showers of all energies
can be put together.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def layer_correlation(rows: Float64) -> Float64:
    """Return the correlation matrix (layers, layers); NaN for layers that do not vary.

    Args:
        rows: (n, 1 + layers): the incident energy of each shower, and its energy in each layer; MeV.

    >>> rows = np.array([[1.0, 0.2, 0.8], [1.0, 0.4, 0.6], [1.0, 0.5, 0.5]])
    >>> layer_correlation(rows).round(6).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    left = _standardised(rows)
    return np.asarray(left.T @ left / len(rows))


def correlation_errors(rows: Float64) -> Float64:
    """Return the standard error of each correlation (layers, layers), whatever the law of energies.

    Of the square of what one shower adds to a correlation the average is taken (the delta method),
    since energies in layers are far from Gaussian: for those alone it is (1 - r²)/√n.

    Args:
        rows: of :func:`layer_correlation`.

    >>> random = np.random.default_rng(0)
    >>> pair = random.normal(1, 0.01, (4000, 2)) @ [[1, 0.5], [0, 0.5]]
    >>> rows = np.hstack([np.ones((4000, 1)), pair])
    >>> errors = correlation_errors(rows) / (1 - layer_correlation(rows) ** 2 + np.eye(2))
    >>> (errors * 4000**0.5).round(1).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    left = _standardised(rows)
    correlation, square = left.T @ left / len(rows), np.square(left)
    both = square.T @ square / len(rows)
    third = (left**3).T @ left / len(rows)
    fourth = np.diag(both)
    variance = (
        both
        - correlation * (third + third.T)
        + np.square(correlation) * (fourth[:, None] + fourth[None, :] + 2 * both) / 4
    )
    return np.asarray(np.sqrt(np.maximum(variance, 0.0) / len(rows)))


def _standardised(rows: Float64) -> Float64:
    """Return shares of layers (n, layers) without their trend, of unit width; NaN without a width."""
    energy, layers = rows[:, :1], rows[:, 1:]
    log = np.log(energy / energy.mean())
    shares = layers / energy
    trend = np.hstack([np.ones_like(log), log, log**2])
    left = shares - trend @ np.linalg.lstsq(trend, shares, rcond=None)[0]
    width = np.sqrt(np.square(left).sum(axis=0))
    # what is left of a layer that follows the energy exactly is the rounding of its share
    told = width > 1e-9 * np.sqrt(len(rows)) * np.abs(shares).max(axis=0, initial=0.0)
    return np.asarray(left * np.sqrt(len(rows)) / np.where(told, width, np.nan))


def correlation_distance(reference: Float64, generated: Float64) -> float:
    """Return the root mean square difference of two correlation matrices off the diagonal.

    A pair of layers counts if the reference has it; what the generated sample lacks counts as not
    correlated. 0 where no pair is left.

    Args:
        reference, generated: rows of :func:`layer_correlation`.

    >>> rows = np.array([[1.0, 0.2, 0.8], [1.0, 0.4, 0.6], [1.0, 0.5, 0.5]])
    >>> round(correlation_distance(rows, rows[:, [0, 1, 1]]), 6)
    2.0
    """
    usual, found = layer_correlation(reference), layer_correlation(generated)
    pairs = np.isfinite(usual) & ~np.eye(len(usual), dtype=bool)
    if not pairs.any():
        return 0.0
    difference = np.where(np.isfinite(found), found, 0.0) - usual
    return float(np.sqrt(np.square(difference[pairs]).mean()))
