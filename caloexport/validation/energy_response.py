"""Energy response and resolution at every energy: what a generator of showers is judged by first.

The mean of E/E_inc and the relative width σ/⟨E⟩ of the reference and of the generated sample, their
ratios, the resolution's stochastic and constant terms, and how the response changes with energy.
Errors come from bootstrap resamplings, which assume no law. The floor of a ratio is how far from 1 it
would be on average if both samples, at these sizes, came from the reference's law.

A few showers far below the others, of photons that convert late or particles that leak, make up most
of a standard deviation and of its error. Half of the interval that holds the central 68 % stands
beside it, the core width: of a Gaussian the two are the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.validation.estimate import FEW, Estimate
from caloexport.validation.resolution_fit import ResolutionFit, fit_resolution
from caloexport.validation.windows import Window, default_windows
from caloexport.validation.within import Answer, within

RESAMPLINGS = 200
#: numbers that are resampled at a time
DRAWN = 2**19
#: largest differences of mean and width that a good generator has, at energies that it was trained
#: on and at others
LIMITS = {"mean": 0.01, "width": 0.10, "core": 0.10}
UNTRAINED_LIMITS = {"mean": 0.015, "width": 0.15, "core": 0.15}
#: quantiles that lie a standard deviation from the middle of a Gaussian, and the middle
CORE = (0.158655, 0.5, 0.841345)


@dataclass(frozen=True)
class Number:
    """A measured number and its standard error; None if the sample is too small to tell."""

    value: float
    error: float | None


@dataclass(frozen=True)
class Compared:
    """Mean or width of both samples at one energy.

    Attributes:
        reference, generated: of each sample.
        ratio: generated over reference, with the floor of |ratio - 1|; None where the reference
            has 0.
        limit: largest difference of the ratio from 1 that is accepted, as a fraction.
    """

    reference: Number
    generated: Number
    ratio: Estimate | None
    limit: float

    @property
    def within(self) -> Answer:
        """Whether the ratio is 1 within the limit."""
        if self.ratio is None:
            return "too few showers"
        return within(self.ratio.value, self.ratio.error, self.limit)

    def to_json(self) -> dict[str, Any]:
        """Return the numbers and the answer as JSON."""
        return {**asdict(self), "within": self.within}


@dataclass(frozen=True)
class EnergyPoint:
    """One energy, or a window of a spectrum.

    Attributes:
        energy_mev: mean incident energy of the reference.
        trained: False where a generator has to interpolate or extrapolate.
        n_reference, n_generated: showers.
        mean: of E/E_inc.
        width: standard deviation of E/E_inc over its mean; of one energy that is σ(E)/⟨E⟩.
        core: half the distance of the quantiles 16 % and 84 % over the median.
    """

    energy_mev: float
    trained: bool
    n_reference: int
    n_generated: int
    mean: Compared
    width: Compared
    core: Compared

    def to_json(self) -> dict[str, Any]:
        """Return the point as JSON."""
        return {
            "energy_mev": self.energy_mev,
            "trained": self.trained,
            "n_reference": self.n_reference,
            "n_generated": self.n_generated,
            "mean": self.mean.to_json(),
            "width": self.width.to_json(),
            "core": self.core.to_json(),
        }


@dataclass(frozen=True)
class Curves:
    """How one sample's response and resolution depend on energy.

    Attributes:
        resolution: σ/E = a/√E ⊕ b/E ⊕ c through the widths; None for fewer than two energies.
        core: the same through the core widths.
        slope: change of the mean of E/E_inc per factor ten in energy, over its average: 0 for a
            linear calorimeter. None as above.
    """

    resolution: ResolutionFit | None
    core: ResolutionFit | None
    slope: Number | None

    def to_json(self) -> dict[str, Any]:
        """Return the curves as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class EnergyResponse:
    """The report.

    Attributes:
        points: by rising energy; energies that one of the samples does not have are left out.
        reference, generated: curves through the points.
    """

    points: tuple[EnergyPoint, ...]
    reference: Curves
    generated: Curves

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "points": [point.to_json() for point in self.points],
            "reference": self.reference.to_json(),
            "generated": self.generated.to_json(),
        }


@dataclass(frozen=True)
class _Side:
    """Mean, relative width and core of one sample at one energy, with replicas (B, 3)."""

    values: Float64
    replicas: Float64 | None

    def number(self, which: int) -> Number:
        error = None if self.replicas is None else float(self.replicas[:, which].std(ddof=1))
        return Number(float(self.values[which]), error)


def energy_response(
    reference: tuple[Float64, Float64],
    generated: tuple[Float64, Float64],
    windows: Sequence[Window] | None = None,
    *,
    untrained_mev: Sequence[float] = (),
    seed: int = 0,
) -> EnergyResponse:
    """Compare response and resolution of two samples at every energy.

    Args:
        reference, generated: incident energies (n,) and total energies (n,) of each, MeV.
        windows: of the incident energy; None takes those of the reference
            (:func:`~caloexport.validation.windows.default_windows`).
        untrained_mev: energies that the generator was not trained on, where the limits are wider.
        seed: of resamplings.

    >>> energy = np.repeat([1e3, 4e3], 50)
    >>> total = energy * np.tile([0.9, 1.1], 50)
    >>> found = energy_response((energy, total), (energy, 1.02 * total))
    >>> [round(point.mean.ratio.value, 6) for point in found.points]
    [1.02, 1.02]
    """
    chosen = default_windows(reference[0]) if windows is None else windows
    random = np.random.default_rng(seed)
    points: list[EnergyPoint] = []
    sides: tuple[list[_Side], list[_Side]] = ([], [])
    for low, high in sorted(chosen):
        inside = [(energy >= low) & (energy < high) for energy, _ in (reference, generated)]
        if not all(mask.any() for mask in inside):
            continue
        usual, found = (
            _side(total[mask] / energy[mask], random)
            for (energy, total), mask in zip((reference, generated), inside, strict=True)
        )
        trained = not any(low <= energy < high for energy in untrained_mev)
        counts = [int(mask.sum()) for mask in inside]
        energy = float(reference[0][inside[0]].mean())
        limits = LIMITS if trained else UNTRAINED_LIMITS
        sizes = counts[0] / counts[1]
        compared = {
            name: _compared(usual, found, k, limits[name], sizes) for k, name in enumerate(LIMITS)
        }
        points.append(EnergyPoint(energy, trained, counts[0], counts[1], **compared))
        for side, one in zip(sides, (usual, found), strict=True):
            side.append(one)
    energies = np.array([point.energy_mev for point in points])
    return EnergyResponse(tuple(points), _curves(energies, sides[0]), _curves(energies, sides[1]))


def _side(response: Float64, random: np.random.Generator) -> _Side:
    n = len(response)
    values = _figures(response[None])[0]
    if n < FEW:
        return _Side(values, None)
    rows = max(1, min(RESAMPLINGS, DRAWN // n))  # so that the memory does not grow with the sample
    replicas = [
        _figures(response[random.integers(n, size=(min(rows, RESAMPLINGS - start), n))])
        for start in range(0, RESAMPLINGS, rows)
    ]
    return _Side(values, np.concatenate(replicas))


def _figures(response: Float64) -> Float64:
    """Return mean, relative width and core (k, 3) of samples (k, n)."""
    mean = response.mean(axis=1)
    spread = response.std(axis=1, ddof=1) if response.shape[1] > 1 else np.zeros(len(response))
    low, middle, high = np.quantile(response, CORE, axis=1)
    relative = [
        np.divide(a, b, where=b > 0, out=np.zeros(len(response)))
        for a, b in ((spread, mean), ((high - low) / 2, middle))
    ]
    return np.stack([mean, *relative], axis=1)


def _compared(usual: _Side, found: _Side, which: int, limit: float, sizes: float) -> Compared:
    numbers = usual.number(which), found.number(which)
    if not numbers[0].value > 0:  # empty showers, or all alike
        return Compared(*numbers, None, limit)
    error, floor = None, None
    if numbers[0].error is not None:
        relative = numbers[0].error / numbers[0].value
        floor = math.sqrt(2 / math.pi) * relative * math.sqrt(1 + sizes)
    if usual.replicas is not None and found.replicas is not None:
        divisors = usual.replicas[:, which]
        if (divisors > 0).all():
            error = float((found.replicas[:, which] / divisors).std(ddof=1))
    return Compared(*numbers, Estimate(numbers[1].value / numbers[0].value, error, floor), limit)


def _curves(energy_mev: Float64, sides: Sequence[_Side]) -> Curves:
    if len(energy_mev) < 2 or any(side.replicas is None for side in sides):
        return Curves(None, None, None)
    values = np.array([side.values for side in sides])
    replicas = np.array([side.replicas for side in sides])  # (points, B, 3)
    errors = replicas.std(axis=1, ddof=1)
    resolution, core = (
        fit_resolution(energy_mev, values[:, k], errors[:, k], replicas[:, :, k].T) for k in (1, 2)
    )
    if not ((errors[:, 0] > 0) & (values[:, 0] > 0)).all() or np.ptp(energy_mev) == 0:
        return Curves(resolution, core, None)
    decades, weights = np.log10(energy_mev), 1 / np.square(errors[:, 0])
    spread = [_slope(decades, one, weights) for one in replicas[:, :, 0].T]
    slope = Number(_slope(decades, values[:, 0], weights), float(np.std(spread, ddof=1)))
    return Curves(resolution, core, slope)


def _slope(decades: Float64, response: Float64, weights: Float64) -> float:
    """Return the weighted slope of the response per decade, over its average."""
    middle = np.average(decades, weights=weights)
    away = weights * (decades - middle)
    rise = (away * response).sum() / (away * (decades - middle)).sum()
    return float(rise / np.average(response, weights=weights))
