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
    left = in_widths(rows[:, 0], rows[:, 1:])
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
    left = in_widths(rows[:, 0], rows[:, 1:])
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


def in_widths(energy_mev: Float64, layers: Float64) -> Float64:
    """Return shares of layers (n, layers) about their trend with energy, of unit width; NaN without.

    Args:
        energy_mev: (n,) incident energies.
        layers: (n, layers) MeV.
    """
    log = np.log(energy_mev / energy_mev.mean())[:, None]
    shares = layers / energy_mev[:, None]
    trend = np.hstack([np.ones_like(log), log, log**2])
    # by the inverse of three columns: lstsq takes 45 layers through it as well, which costs the time
    rounding = len(trend) * float(np.finfo(np.float64).eps)
    left = shares - trend @ (np.linalg.pinv(trend, rounding) @ shares)
    return _of_unit_width(left, shares)


def correlation_distance(reference: Float64, generated: Float64) -> float:
    """Return the root mean square difference of two correlation matrices off the diagonal.

    A pair of layers counts if the reference has it; what the generated sample lacks counts as not
    correlated. 0 where no pair is left.

    Args:
        reference, generated: (n, layers) and (m, layers) of
            :func:`~caloexport.validation.statistics.standardised_layers.standardised_layers`.

    >>> layers = np.array([[-1.0, 1.0], [0.0, 0.0], [1.0, -1.0]])
    >>> round(correlation_distance(layers, layers[:, [0, 0]]), 6)
    2.0
    """
    usual, found = (_about_mean(rows) for rows in (reference, generated))
    pairs = np.isfinite(usual) & ~np.eye(len(usual), dtype=bool)
    if not pairs.any():
        return 0.0
    difference = np.where(np.isfinite(found), found, 0.0) - usual
    return float(np.sqrt(np.square(difference[pairs]).mean()))


def _about_mean(layers: Float64) -> Float64:
    left = _of_unit_width(layers - layers.mean(axis=0), layers)
    return np.asarray(left.T @ left / len(left))


def _of_unit_width(left: Float64, whole: Float64) -> Float64:
    width = np.sqrt(np.square(left).mean(axis=0))
    # what is left of a layer that does not vary is the rounding of what was taken out
    told = width > 1e-9 * np.abs(whole).max(axis=0, initial=0.0)
    return np.asarray(left / np.where(told, width, np.nan))
