"""Compare a generated sample with the reference and judge it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import Mesh
from caloexport.showers.showers import Showers
from caloexport.validation.checks import FAIL, PASS, Compared, Finding, checks
from caloexport.validation.differences import differences
from caloexport.validation.measurement import Measurement, Report, measure
from caloexport.validation.profile import Demand
from caloexport.validation.soundness import unsound_cells
from caloexport.validation.summary import summary
from caloexport.validation.windows import Window

SCHEMA = "caloexport.validate/1"


@dataclass(frozen=True)
class Verdict:
    """What was compared and found.

    Attributes:
        reference, generated: names of the samples.
        windows: metrics per window of the incident energy, as ``summary`` gives them.
        findings: by code of the check.
        demands: of the profile, by code.
        notes: what a reader must know: samples of different particles.
    """

    reference: str
    generated: str
    windows: Sequence[Mapping[str, Any]]
    findings: Mapping[str, Finding]
    demands: Mapping[str, Demand]
    notes: Sequence[str]

    @property
    def passed(self) -> bool:
        """Whether no required check failed."""
        return not any(
            found.status == FAIL and self.demands[code].required
            for code, found in self.findings.items()
        )

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON."""
        return {
            "schema": SCHEMA,
            "verdict": PASS if self.passed else FAIL,
            "reference": self.reference,
            "generated": self.generated,
            "notes": list(self.notes),
            "checks": [
                {
                    "code": code,
                    "title": checks[code].title,
                    "status": found.status,
                    "value": found.value,
                    "error": found.error,
                    "threshold": self.demands[code].threshold,
                    "required": self.demands[code].required,
                    "where": found.where,
                    "why": checks[code].why,
                }
                for code, found in self.findings.items()
            ],
            "metrics": [
                {
                    "name": name,
                    **{key: window[key] for key in window if key != "metrics"},
                    **estimate,
                }
                for window in self.windows
                for name, estimate in window["metrics"].items()
            ],
        }


def judge(
    reference: Showers,
    generated: Showers,
    demands: Mapping[str, Demand],
    windows: Sequence[Window] | None = None,
    report: Report = lambda done, total, text: None,
) -> Verdict:
    """Measure both samples, compare them and run the checks.

    Args:
        reference: full simulation, or another sample that is held to be right.
        generated: of the same mesh.
        demands: of :func:`caloexport.validation.profile.load_profile`.
        windows: of the incident energy; None takes those of the reference's spectrum.
        report: progress.

    Raises:
        UsageError: different meshes, or no window with showers of both samples.
        InputFileError: damaged data, or a reference with energies that are none.
    """
    _require_same_mesh(reference, generated)
    usual = measure(reference, lambda done, total, _: report(done, total, "reference"))
    found, unsound = _measured(generated, report)
    compared: Sequence[Mapping[str, Any]] = ()
    if found is not None:
        compared = summary(usual, found, windows)["windows"]
        _require_common_energies(compared, generated.name)
    given = Compared(compared, unsound)
    return Verdict(
        reference.name,
        generated.name,
        compared,
        {code: checks[code].find(given, demand.threshold) for code, demand in demands.items()},
        demands,
        differences(reference.conditions, generated.conditions),
    )


def _measured(generated: Showers, report: Report) -> tuple[Measurement | None, int]:
    """Measure, or count the cells that are no energies, which cannot be measured."""
    try:
        return measure(generated, lambda done, total, _: report(done, total, "generated")), 0
    except InputFileError:
        unsound = unsound_cells(generated)
        if not unsound:
            raise
        return None, unsound


def _require_common_energies(windows: Sequence[Mapping[str, Any]], where: str) -> None:
    """Refuse samples of which nothing can be compared: no check would fail."""
    if not any(window["metrics"] for window in windows):
        message = "has no shower in a window of the incident energy where the reference has any"
        hint = "compare showers of the same energies; --around names windows"
        raise UsageError(message, where=where, hint=hint)


def _require_same_mesh(reference: Showers, generated: Showers) -> None:
    one, other = reference.mesh, generated.mesh
    same = (one.shape, one.order) == (other.shape, other.order)
    for name in ("dr_mm", "dz_mm"):
        usual, own = getattr(one, name, None), getattr(other, name, None)
        if usual is not None and own is not None:
            same = same and math.isclose(usual, own, rel_tol=1e-6)
    if not same:
        message = f"has the mesh {_text(other)}, the reference {_text(one)}"
        raise UsageError(message, where=generated.name, hint="compare showers of the same mesh")


def _text(mesh: Mesh) -> str:
    cells = " x ".join(f"{n} {axis}" for n, axis in zip(mesh.shape, mesh.order, strict=False))
    sizes = [getattr(mesh, name, None) for name in ("dr_mm", "dz_mm")]
    return cells + "".join(f", {size:g} mm" for size in sizes if size is not None)
