"""A row of the table: one number per shower, at one energy, generated against full simulation."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """Comparison of one observable, of one layer where it has layers, at one energy point.

    Errors are statistical, of both samples. A floor is what a perfect generator would have at
    these sizes. Numbers are None where they cannot be told: samples too small, a mean of 0, or
    another kind of observable.

    Attributes:
        geometry: detector.
        observable: entry of the registry.
        layer: number of the layer; None for an observable of the whole shower.
        energy_mev: of the point.
        showers: full-simulation showers that have the number.
        generated: generated showers that have it; as many were made as are held back.
        chi2, ndf: as FastCaloGAN defines them, see ``validation.metrics.chi2_ndf``.
        chi2_ndf, chi2_ndf_error: their ratio.
        separation, separation_error, separation_floor: separation power in the same bins.
        mean: of the full simulation.
        mean_ratio, mean_ratio_error: generated over full simulation.
        mean_pull: difference of the means over its error.
        width: standard deviation of the full simulation.
        width_ratio, width_ratio_error, width_pull: likewise.
        l1, l1_error, l1_floor: distance of normalised profiles, of an observable that is one.
        off: the largest deviation that counts in the score, in units of its tolerance.
    """

    geometry: str
    observable: str
    layer: int | None
    energy_mev: float
    showers: int
    generated: int
    chi2: float | None = None
    ndf: float | None = None
    chi2_ndf: float | None = None
    chi2_ndf_error: float | None = None
    separation: float | None = None
    separation_error: float | None = None
    separation_floor: float | None = None
    mean: float | None = None
    mean_ratio: float | None = None
    mean_ratio_error: float | None = None
    mean_pull: float | None = None
    width: float | None = None
    width_ratio: float | None = None
    width_ratio_error: float | None = None
    width_pull: float | None = None
    l1: float | None = None
    l1_error: float | None = None
    l1_floor: float | None = None
    off: float | None = None

    @property
    def name(self) -> str:
        """Observable and layer, for a person."""
        return self.observable if self.layer is None else f"{self.observable} {self.layer}"

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON."""
        return asdict(self)


def number(value: float | None) -> float | None:
    """Return a finite number, or None."""
    return None if value is None or not math.isfinite(value) else float(value)


def with_error(value: float | None, error: float | None) -> str:
    """Return a number with as many digits as its error has.

    >>> with_error(1.00412, 0.0023)
    '1.0041 ± 0.0023'
    """
    if value is None or not error:
        return "" if value is None else f"{value:.4g}"
    digits = max(1 - math.floor(math.log10(error)), 0)
    return f"{value:.{digits}f} ± {error:.{digits}f}"
