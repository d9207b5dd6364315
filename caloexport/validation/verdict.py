"""Compare a generated sample with the reference and judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.units import format_energy
from caloexport.showers.showers import Showers
from caloexport.validation.checks import (
    FAIL,
    PASS,
    UNDECIDED,
    Finding,
    checks,
)
from caloexport.validation.comparison import Comparison, compare_samples, run_checks
from caloexport.validation.copied import copied
from caloexport.validation.distances import DistanceResult
from caloexport.validation.energy_response import EnergyResponse
from caloexport.validation.equality import equality
from caloexport.validation.judging import NO_COMMON_WINDOW
from caloexport.validation.measurement import Measurement, Report, Watch, ignore, measure
from caloexport.validation.notes import notes_of
from caloexport.validation.placement import Placed, Placement, compare_places, places_of
from caloexport.validation.profile import Demand
from caloexport.validation.readout_cut import readout_cut
from caloexport.validation.same_samples import require_same_samples
from caloexport.validation.soundness import require_energy, unsound_cells
from caloexport.validation.standing import Places
from caloexport.validation.windows import Window, default_windows

SCHEMA = "caloexport.validate/1"


@dataclass(frozen=True)
class Verdict:
    """What was compared and found.

    Attributes:
        reference, generated: names of the samples.
        windows: metrics per window of the incident energy, as ``summary`` gives them.
        findings: by code of the check.
        demands: of the profile, by code.
        notes: what a reader must know: samples of different particles, angles that were left out.
        whole: metrics over all energies, as ``compare_whole`` gives them.
        distances: of whole showers, as far as they were asked for.
        published: where these stand among published ones; None where that was not asked.
        energy: response and resolution at every energy; None where nothing could be measured.
        placement: how showers lie about their impact points; None where the cells do not tell.
    """

    reference: str
    generated: str
    windows: Sequence[Mapping[str, Any]]
    findings: Mapping[str, Finding]
    demands: Mapping[str, Demand]
    notes: Sequence[str]
    energy: EnergyResponse | None = None
    placement: Placement | None = None
    whole: Sequence[Mapping[str, Any]] = ()
    distances: Sequence[DistanceResult] = ()
    published: Places | None = None

    @property
    def passed(self) -> bool:
        """Whether something was compared and no required check failed."""
        return self.reason is None and not any(
            found.status == FAIL and self.demands[code].required
            for code, found in self.findings.items()
        )

    @property
    def undecided(self) -> list[str]:
        """Codes of the required checks that too few showers leave open."""
        return [
            code
            for code, found in self.findings.items()
            if self.demands[code].required and found.status == UNDECIDED
        ]

    @property
    def reason(self) -> str | None:
        """Why the samples do not pass although no check failed: nothing was compared or decided.

        One required check that could decide is enough; what too few showers leave open is no
        failure, and stands in :attr:`undecided`.
        """
        comparing = [
            found.status
            for code, found in self.findings.items()
            if self.demands[code].required and checks[code].compares
        ]
        if not comparing or PASS in comparing or FAIL in comparing:
            return None
        if not self.windows:
            return "nothing was compared: the generated sample holds cells that are no energies"
        if not any(window["metrics"] for window in self.windows):
            return f"nothing was compared: {NO_COMMON_WINDOW} (--around names windows)"
        return "nothing was decided: too few showers to tell"

    @property
    def open_text(self) -> str:
        """Name the required checks that are undecided, and the showers they take; empty for none."""
        if not self.undecided:
            return ""
        number = len(self.undecided)
        told = []
        for code in self.undecided:
            needed = self.findings[code].showers_needed
            told.append(code if needed is None else f"{code} (takes about {needed} showers)")
        checked = "check" if number == 1 else "checks"
        return f"{number} required {checked} undecided: {', '.join(told)}"

    @property
    def because(self) -> str:
        """Name the required checks that failed, else why there is no verdict; empty if it passes."""
        failed = [
            code
            for code, found in self.findings.items()
            if self.demands[code].required and found.status == FAIL
        ]
        return ", ".join(failed) or self.reason or ""

    @property
    def sentence(self) -> str:
        """The verdict in words: pass or fail, why, and what stays open."""
        word = (PASS if self.passed else FAIL) + (f": {self.because}" if self.because else "")
        return f"{word}, {self.open_text}" if self.open_text else word

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON."""
        return {
            "schema": SCHEMA,
            "verdict": PASS if self.passed else FAIL,
            "reason": self.reason,
            "undecided": self.undecided,
            "reference": self.reference,
            "generated": self.generated,
            "notes": list(self.notes),
            "checks": [self._check(code, found) for code, found in self.findings.items()],
            "metrics": [
                {
                    "name": name,
                    **{key: window[key] for key in window if key != "metrics"},
                    **estimate,
                }
                for window in [*self.windows, *self.whole]
                for name, estimate in window["metrics"].items()
            ],
            "energy_response": None if self.energy is None else self.energy.to_json(),
            "placement": None if self.placement is None else self.placement.to_json(),
            "distances": [one.to_json() for one in self.distances],
            "published": None if self.published is None else self.published.to_json(),
        }

    def _check(self, code: str, found: Finding) -> dict[str, Any]:
        return {
            "code": code,
            "title": checks[code].title,
            "status": found.status,
            "value": found.value,
            "error": found.error,
            "floor": found.floor,
            "threshold": self.demands[code].threshold,
            "limit": found.limit,
            "showers_needed": found.showers_needed,
            "required": self.demands[code].required,
            "where": found.where,
            "why": checks[code].why,
            "cause": checks[code].cause,
            "figure": checks[code].figure,
        }


def judge(
    reference: Showers,
    generated: Showers,
    demands: Mapping[str, Demand],
    windows: Sequence[Window] | None = None,
    report: Report = lambda done, total, text: None,
    *,
    untrained_mev: Sequence[float] = (),
    watches: tuple[Watch, Watch] = (ignore, ignore),
) -> Verdict:
    """Measure both samples, compare them and run the checks.

    Args:
        reference: full simulation, or another sample that is held to be right.
        generated: of the same mesh.
        demands: of :func:`caloexport.validation.profile.load_profile`.
        windows: of the incident energy; None takes those of the reference's spectrum.
        report: progress.
        untrained_mev: energies that the generator was not trained on.
        watches: called with each block of the reference and of the generated sample.

    Raises:
        UsageError: different meshes, or energies that do not mean the same, or no reference of an
            untrained energy.
        InputFileError: damaged data, or a reference with energies that are none.
    """
    [verdict] = judge_each(
        reference, [generated], demands, windows, report,
        untrained_mev=untrained_mev, watches=[watches],
    )  # fmt: skip
    return verdict


def judge_each(
    reference: Showers,
    generated: Sequence[Showers],
    demands: Mapping[str, Demand],
    windows: Sequence[Window] | None = None,
    report: Report = lambda done, total, text: None,
    *,
    untrained_mev: Sequence[float] = (),
    watches: Sequence[tuple[Watch, Watch]] = (),
) -> list[Verdict]:
    """Judge several samples against one reference, which is measured once.

    Args:
        reference, demands, windows, untrained_mev: as of :func:`judge`.
        generated: samples of the reference's mesh.
        report: progress; of the generated samples it counts on from one to the next.
        watches: as of :func:`judge`, for each generated sample; empty for none.

    Raises:
        UsageError, InputFileError: as :func:`judge`, before anything is read where it can be told.
    """
    for one in generated:
        require_same_samples(reference, one)
    places = [places_of(reference, one) for one in generated]
    pairs = [*(watches or [(ignore, ignore)] * len(generated))]
    told = lambda done, total, _: report(done, total, "reference")
    cut_mev = readout_cut(reference).threshold_mev
    usual = measure(reference, told, _all(pairs, places, 0), threshold_mev=cut_mev)
    chosen, windows = windows, windows or default_windows(usual.energy_mev)
    _require_windows(untrained_mev, windows)
    require_energy(usual, windows, reference.name)
    verdicts, before = [], 0
    for one, pair, placed in zip(generated, pairs, places, strict=True):
        counted = lambda done, total, text, before=before: report(before + done, total, text)
        found, unsound, first = _measured(one, counted, _all([pair], [placed], 1), cut_mev)
        before += one.n
        comparison, placement = Comparison(), None
        if found is not None:
            comparison = compare_samples(usual, found, windows, untrained_mev=untrained_mev)
            placement = compare_places(*placed, windows) if placed is not None else None
        verdict = Verdict(
            reference.name,
            one.name,
            comparison.windows,
            run_checks(comparison, demands, unsound, equality(one), first),
            demands,
            [
                *notes_of(reference, one, comparison.whole, None if chosen else windows),
                *copied(usual, found, one.n),
            ],
            comparison.energy,
            placement,
            comparison.whole,
        )
        verdicts.append(verdict)
    return verdicts


def _all(
    pairs: Sequence[tuple[Watch, Watch]],
    places: Sequence[tuple[Placed, Placed] | None],
    side: int,
) -> Watch:
    """Return what watches one side of the comparisons: 0 the reference, 1 the generated sample."""
    every = [pair[side] for pair in pairs]
    every += [placed[side].watch for placed in places if placed is not None]

    def watch(energies: Array, conditions: Mapping[str, Array]) -> None:
        for one in every:
            one(energies, conditions)

    return watch


def _require_windows(energies_mev: Sequence[float], windows: Sequence[Window]) -> None:
    for energy in energies_mev:
        if not any(low <= energy < high for low, high in windows):
            message = f"nothing is compared at {format_energy(energy)}, which was not trained on"
            raise UsageError(message, hint="--around names energies to compare at")


def _measured(
    generated: Showers, report: Report, watch: Watch, threshold_mev: float
) -> tuple[Measurement | None, int, str]:
    """Measure, or count the cells that are no energies, which cannot be measured, and name one."""
    try:
        told = lambda done, total, _: report(done, total, "generated")
        return measure(generated, told, watch, threshold_mev=threshold_mev), 0, ""
    except InputFileError as error:
        unsound = unsound_cells(generated)
        if not unsound:
            raise
        return None, unsound, error.message.partition(", expected")[0]
