"""The resolution of a calorimeter against energy: σ/E = a/√(E/GeV) ⊕ b/(E/GeV) ⊕ c.

⊕ adds in quadrature, so the squares of the widths are linear in a², b² and c² and the fit needs no
start values. No square may be negative; where the free fit wants one to be, the best fit without it
is taken. The term b (noise, and what is lost in front of the calorimeter) is fitted from four
energies on: two or three cannot tell it from a.

The law is an approximation. Where χ² says that it does not fit, the terms describe a curve and no
calorimeter, and their statistical errors are scaled by √(χ²/ndf), as the Particle Data Group scales those of
measurements that disagree: then they say by about how much the widths are off the curve.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.validation.significance import chi2_chance

GEV = 1000.0
#: power of 1/E of the square of each term
POWERS = {"stochastic": 1, "constant": 0, "noise": 2}
ENOUGH_FOR_NOISE = 4
#: chance of a larger χ² below which the law does not fit
BAD = 1e-3
#: fits by which the error of an extrapolation is told to a twentieth
VARIATIONS = 200


@dataclass(frozen=True)
class Term:
    """One term of the resolution as a fraction, at 1 GeV where it falls with energy."""

    value: float
    error: float


@dataclass(frozen=True)
class ResolutionFit:
    """The fitted terms.

    Attributes:
        stochastic, constant, noise: a, c and b; noise is None where it was not fitted.
        chi2: of the widths about the curve.
        ndf: energies less terms.
        probability: chance of a larger χ²; None where no degree of freedom is left.
        fits: whether the law fits, which chance gives to all but one in a thousand. Errors of the terms
            are scaled by √(χ²/ndf) where it does not.
    """

    stochastic: Term
    constant: Term
    noise: Term | None
    chi2: float
    ndf: int
    probability: float | None
    fits: bool

    def width(self, energy_mev: Float64) -> Float64:
        """Return the curve's relative width at energies (n,)."""
        terms = [term.value for term in (self.stochastic, self.constant, self.noise) if term]
        return np.sqrt(_columns(energy_mev, len(terms)) @ np.square(terms))


def fit_resolution(
    energy_mev: Float64, widths: Float64, errors: Float64, replicas: Float64
) -> ResolutionFit | None:
    """Fit the relative widths at some energies by least squares.

    Args:
        energy_mev, widths, errors: (points,) of each energy: σ/⟨E⟩ and its standard error.
        replicas: (resamplings, points) widths of bootstrap samples, whose fits spread by the
            standard errors of the terms. These stay finite where a term is at its limit of 0.

    Returns:
        None for fewer than two energies, or where a width has no error.

    >>> energy = np.array([1e3, 4e3, 16e3])
    >>> widths = np.hypot(0.1 / np.sqrt(energy / 1e3), 0.01)
    >>> found = fit_resolution(energy, widths, widths / 100, widths[None].repeat(3, axis=0))
    >>> round(found.stochastic.value, 6), round(found.constant.value, 6), found.ndf, found.fits
    (0.1, 0.01, 1, True)
    """
    if len(np.unique(energy_mev)) < 2 or not ((errors > 0) & (widths > 0)).all():
        return None
    number = 3 if len(np.unique(energy_mev)) >= ENOUGH_FOR_NOISE else 2
    columns, weights = _columns(energy_mev, number), 1 / (2 * widths * errors)  # of the squares
    values = _fitted(columns, np.square(widths)[None], weights)[0]
    spread = _fitted(columns, np.square(replicas), weights)
    curve = np.sqrt(columns @ np.square(values))
    chi2, ndf = float(np.square((widths - curve) / errors).sum()), len(energy_mev) - number
    probability = chi2_chance(chi2, ndf) if ndf else None
    fits = probability is None or probability >= BAD
    scale = 1.0 if fits else math.sqrt(chi2 / ndf)
    terms = [
        Term(float(value), scale * float(error))
        for value, error in zip(values, spread.std(axis=0, ddof=1), strict=True)
    ]
    noise = terms[2] if number == 3 else None
    return ResolutionFit(terms[0], terms[1], noise, chi2, ndf, probability, fits)


def extrapolate_resolution(
    energy_mev: Float64, widths: Float64, errors: Float64, at_mev: Float64, *, seed: int = 0
) -> tuple[Float64, Float64]:
    """Return the fitted relative widths at other energies, with standard errors.

    The errors are those of fits to widths that vary by theirs, enlarged as far as the widths lie
    farther from the curve than these.

    Args:
        energy_mev, widths, errors: (points,) as of :func:`fit_resolution`.
        at_mev: (n,) energies.
        seed: of the variations.

    Raises:
        ValueError: fewer than two energies, or a width without an error.

    >>> energy = np.array([1e3, 4e3, 16e3])
    >>> widths = 0.1 / np.sqrt(energy / 1e3)
    >>> found, errors = extrapolate_resolution(energy, widths, widths / 100, np.array([64e3]))
    >>> found.round(4).tolist(), bool(errors[0] > widths[2] / 200)
    ([0.0125], True)
    """
    random = np.random.default_rng(seed)
    varied = np.abs(random.normal(widths, errors, (VARIATIONS, len(widths))))
    fit = fit_resolution(energy_mev, widths, errors, varied)
    if fit is None:
        message = "a resolution needs two energies, and widths with errors"
        raise ValueError(message)
    number = 2 if fit.noise is None else 3
    terms = _fitted(_columns(energy_mev, number), np.square(varied), 1 / (2 * widths * errors))
    curves = np.sqrt(np.square(terms) @ _columns(at_mev, number).T)
    wider = np.sqrt(max(1.0, fit.chi2 / max(fit.ndf, 1)))
    return fit.width(at_mev), np.asarray(wider * curves.std(axis=0, ddof=1))


def _columns(energy_mev: Float64, number: int) -> Float64:
    """Return how the square of each term goes with energy (points, terms)."""
    powers = np.array(list(POWERS.values())[:number])
    return (GEV / np.asarray(energy_mev)[:, None]) ** powers


def _fitted(columns: Float64, squares: Float64, weights: Float64) -> Float64:
    """Fit many sets of squares (k, points) at once.

    Returns:
        the terms (k, terms), none negative: the best of all subsets that the data allow.
    """
    number = columns.shape[1]
    aims = (squares * weights).T
    best, found = np.full(len(squares), np.inf), np.zeros((len(squares), number))
    for size in range(1, number + 1):
        for subset in map(list, itertools.combinations(range(number), size)):
            chosen = columns[:, subset] * weights[:, None]
            values = np.linalg.lstsq(chosen, aims, rcond=None)[0]  # (terms, k)
            chi2 = np.square(chosen @ values - aims).sum(axis=0)
            better = (values.min(axis=0) >= 0) & (chi2 < best)
            best[better] = chi2[better]
            found[better] = 0.0
            found[np.ix_(better, subset)] = values[:, better].T
    return np.sqrt(found)
