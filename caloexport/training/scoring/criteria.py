"""What counts in the score, by how much, and what counts as well: data, one file per kind of mesh.

``window.toml``, ``layered.toml`` and ``cylinder.toml`` stand beside this file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import Mesh
from caloexport.training.settings import read_section, read_toml
from caloexport.validation.observables import applicable, observables

Statistic = Literal["mean", "width", "shape", "profile"]
STATISTICS: tuple[str, ...] = get_args(Statistic)


@dataclass(frozen=True)
class Criterion:
    """One thing that the score looks at.

    Attributes:
        observable: entry of the registry.
        statistic: ``"mean"`` and ``"width"``: difference of generated over true from 1;
            ``"shape"``: separation power above its floor; ``"profile"``: L1 distance of the
            normalised profiles above its floor.
        tolerance: what counts as a deviation of 1.
        weight: of the criterion, whose deviation is the mean over all energies and layers.
    """

    observable: str
    statistic: str
    tolerance: float
    weight: float = 1.0

    def __post_init__(self) -> None:
        if self.statistic not in STATISTICS:
            message = f"statistic is {self.statistic!r}, expected one of {', '.join(STATISTICS)}"
            raise InputFileError(message)
        if not (self.tolerance > 0 and self.weight >= 0):
            message = f"tolerance and weight are {self.tolerance:g} and {self.weight:g}"
            raise InputFileError(message, hint="a tolerance above zero, a weight of 0 or more")


@dataclass(frozen=True)
class Criteria:
    """All that the score looks at.

    Attributes:
        cap: what a deviation saturates at, so that one bad observable does not blind the score.
        criteria: each alone.
    """

    cap: float
    criteria: tuple[Criterion, ...]

    @property
    def observables(self) -> tuple[str, ...]:
        """Names of the observables, each once."""
        return tuple(dict.fromkeys(one.observable for one in self.criteria))

    @property
    def digest(self) -> str:
        """Text that differs where scores do not compare."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def criteria_for(mesh: Mesh, conditions: Iterable[str]) -> Criteria:
    """Return what showers of a mesh under these conditions are judged by.

    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> criteria_for(ATLAS_WINDOW, ["energy_mev"]).criteria[0].observable
    'response'
    """
    path = Path(__file__).parent / f"{mesh.to_json()['kind']}.toml"
    whole = read_criteria(path)
    possible = applicable(mesh, conditions)
    kept = tuple(one for one in whole.criteria if one.observable in possible)
    return Criteria(whole.cap, kept)


def read_criteria(path: Path) -> Criteria:
    """Read a file of criteria.

    Raises:
        InputFileError: it is missing, or not such a file.
        UnknownName: no such observable.
    """
    data: dict[str, Any] = read_toml(path)
    found = tuple(
        read_section(Criterion, one, f"{path.name}: criterion {number}")
        for number, one in enumerate(data["criterion"], start=1)
    )
    for one in found:
        observables[one.observable]  # raises what is unknown
    return Criteria(float(data["cap"]), found)
