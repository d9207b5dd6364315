"""One column of numbers per shower: the full simulation's, ready to be compared many times."""

from __future__ import annotations

from typing import Any

from caloexport.runtime.arrays import Float64
from caloexport.training.scoring.row import number
from caloexport.validation.compare import compare_profiles
from caloexport.validation.metrics import Comparison, finite, metrics

METRICS = ("chi2_ndf", "separation_power", "mean_pull", "width_pull")


class Column:
    """A number per shower.

    Args:
        reference: (n,) of the full simulation; NaN where a shower has none.
    """

    def __init__(self, reference: Float64) -> None:
        self.showers = len(finite(reference))
        self._prepared = {name: metrics[name].prepare(reference, None) for name in METRICS}

    def compare(self, generated: Float64) -> tuple[dict[str, Any], Comparison]:
        """Return the numbers of a row, and χ²/ndf as it was found."""
        found = {name: one.compare(generated) for name, one in self._prepared.items()}
        chi2, separation = found["chi2_ndf"], found["separation_power"]
        numbers = {
            "generated": chi2.n_generated,
            **{name: number(chi2.details.get(name)) for name in ("chi2", "ndf")},
            **_estimate("chi2_ndf", chi2),
            **_estimate("separation", separation),
            "separation_floor": number(separation.floor),
        }
        for name in ("mean", "width"):
            pull = found[f"{name}_pull"]
            numbers |= {
                name: number(pull.details.get("reference")),
                f"{name}_ratio": number(pull.details.get("ratio")),
                f"{name}_ratio_error": number(pull.details.get("ratio_error")),
                f"{name}_pull": number(pull.value),
            }
        return numbers, chi2


class Profile:
    """A profile per shower.

    Args:
        reference: (n, bins) of the full simulation.
    """

    def __init__(self, reference: Float64) -> None:
        self.showers = len(reference)
        self._reference = reference

    def compare(self, generated: Float64) -> tuple[dict[str, Any], None]:
        """Return the numbers of a row."""
        found = compare_profiles(self._reference, generated)
        l1 = {**_estimate("l1", found), "l1_floor": number(found.floor)}
        return {"generated": len(generated), **l1}, None


def _estimate(name: str, found: Any) -> dict[str, float | None]:
    return {name: number(found.value), f"{name}_error": number(found.error)}
