"""The response of a calorimeter against energy as a straight line in the logarithm of the energy."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def extrapolate_response(
    energy_mev: Float64, response: Float64, errors: Float64, at_mev: Float64
) -> tuple[Float64, Float64]:
    """Return the response at other energies, with standard errors.

    The errors are enlarged as far as the points lie farther from the line than theirs.

    Args:
        energy_mev: (points,) two different ones or more.
        response, errors: (points,) mean of E/E_inc and its standard error.
        at_mev: (n,) energies.

    Raises:
        ValueError: fewer than two energies, or a response without an error.

    >>> energy = np.array([1e3, 1e4, 1e5])
    >>> found, errors = extrapolate_response(energy, np.array([0.9, 0.91, 0.92]), np.full(3, 0.01), 10 * energy)
    >>> found.round(4).tolist(), errors.round(4).tolist()
    ([0.91, 0.92, 0.93], [0.0058, 0.0091, 0.0153])
    """
    if len(np.unique(energy_mev)) < 2 or not (errors > 0).all():
        message = "a line needs two energies, and responses with errors"
        raise ValueError(message)
    columns, at = (np.column_stack([np.ones(len(e)), np.log(e)]) for e in (energy_mev, at_mev))
    weighted = columns / errors[:, None]
    covariance = np.linalg.inv(weighted.T @ weighted)
    terms = covariance @ weighted.T @ (response / errors)
    chi2 = float(np.square((response - columns @ terms) / errors).sum())
    wider = np.sqrt(max(1.0, chi2 / max(len(response) - 2, 1)))
    spread = np.sqrt(np.einsum("ni,ij,nj->n", at, covariance, at))
    return np.asarray(at @ terms), np.asarray(wider * spread)
