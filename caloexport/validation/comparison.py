"""All that is compared of two measured samples, and what the checks find in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.validation.checks import Compared, Finding, checks
from caloexport.validation.energy_response import EnergyResponse, energy_response
from caloexport.validation.equality import Equality
from caloexport.validation.measurement import Measurement
from caloexport.validation.profile import Demand
from caloexport.validation.summary import summary
from caloexport.validation.whole_sample import compare_whole
from caloexport.validation.windows import Window


@dataclass(frozen=True)
class Comparison:
    """Numbers that compare two samples.

    Attributes:
        windows: per window of the incident energy, of :func:`caloexport.validation.summary`.
        whole: over all energies, of :func:`caloexport.validation.whole_sample.compare_whole`.
        energy: response and resolution at every energy; None where nothing could be measured.
    """

    windows: Sequence[Mapping[str, Any]] = ()
    whole: Sequence[Mapping[str, Any]] = ()
    energy: EnergyResponse | None = None


def compare_samples(
    reference: Measurement,
    generated: Measurement,
    windows: Sequence[Window],
    *,
    untrained_mev: Sequence[float] = (),
) -> Comparison:
    """Compare two samples of one mesh.

    Args:
        reference, generated: measured.
        windows: of the incident energy.
        untrained_mev: energies that the generator was not trained on.
    """
    totals = [(one.energy_mev, one.total_mev) for one in (reference, generated)]
    energy = energy_response(totals[0], totals[1], windows, untrained_mev=untrained_mev)
    compared = summary(reference, generated, windows)["windows"]
    return Comparison(compared, compare_whole(reference, generated, windows, energy), energy)


def run_checks(
    comparison: Comparison,
    demands: Mapping[str, Demand],
    unsound: int = 0,
    equality: Equality | None = None,
    first_unsound: str = "",
) -> dict[str, Finding]:
    """Return what each demanded check finds, by code.

    Args:
        comparison: empty where the generated sample could not be measured.
        demands: of :func:`caloexport.validation.profile.load_profile`.
        unsound: cells of the generated sample that are no energies.
        equality: of a model's showers with the reference evaluation; None for showers of a file.
        first_unsound: which of the cells comes first.
    """
    used = sum(bool(window["metrics"]) for window in comparison.windows)
    differences = sum(checks[code].compares for code in demands) * (used + (used > 1))
    given = Compared(
        comparison.windows, unsound, comparison.whole, differences, equality, first_unsound
    )
    return {code: checks[code].find(given, demand.threshold) for code, demand in demands.items()}
