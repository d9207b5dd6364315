"""Compare two samples by distances, each beside its floor, in one pass over either."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caloexport.runtime.errors import MissingDependency, UsageError
from caloexport.runtime.extras import installed
from caloexport.showers.showers import Showers
from caloexport.validation.challenge_set import set_departures
from caloexport.validation.distances import (
    SEED,
    Distance,
    DistanceResult,
    Tell,
    distances,
    silence,
    usual_distances,
)
from caloexport.validation.feature_list import FeatureList, feature_list
from caloexport.validation.gathering import Gathering
from caloexport.validation.measurement import Report, Watch, ignore
from caloexport.validation.readout_cut import ReadoutCut, readout_cut
from caloexport.validation.rows import Rows
from caloexport.validation.same_samples import require_same_samples, require_showers

SIDES = ("reference", "generated")


class ComparedDistances:
    """Distances of a reference and a generated sample, gathered while others read these.

    Args:
        reference: full simulation, not read yet.
        generated: of the same mesh, with incident energies of the same spectrum.
        names: of :data:`~caloexport.validation.distances.distances`; None for all that train no
            network.
        seed: of all draws; published values have the default.
        cut: readout cut of both samples; None takes that of the reference.
        early: features of before 27 November 2023 instead of those of today.
        first: distances of another sample from the same reference, which is gathered there.

    Raises:
        UnknownName: a distance that is none.
        UsageError: no showers.
        MissingDependency: a distance needs a library.
    """

    def __init__(
        self,
        reference: Showers,
        generated: Showers,
        names: Sequence[str] | None = None,
        *,
        seed: int = SEED,
        cut: ReadoutCut | None = None,
        early: bool = False,
        first: ComparedDistances | None = None,
    ) -> None:
        self.names = tuple(dict.fromkeys(usual_distances() if names is None else names))
        self._seed = seed
        require_showers(reference, generated)
        wanted = [distances[name] for name in self.names]
        for module, extra in dict.fromkeys(one for each in wanted for one in each.libraries):
            if not installed(module):
                raise MissingDependency(module.split(".")[0], extra=extra)
        columns = None
        if any(one.space == "features" for one in wanted):
            columns = feature_list(reference.mesh, early=early)
        cut = readout_cut(reference) if cut is None else cut
        self._gathered = first is not None
        self.sides: tuple[Gathering, Gathering] = (
            self._gathering(0, reference, cut, columns) if first is None else first.sides[0],
            self._gathering(1, generated, cut, columns),
        )

    def _gathering(
        self, side: int, showers: Showers, cut: ReadoutCut, columns: FeatureList | None
    ) -> Gathering:
        cells = [
            _asked(distances[name], showers.n, side)
            for name in self.names
            if distances[name].space != "features"
        ]
        return Gathering(
            showers.mesh,
            showers.n,
            cut,
            columns,
            max(cells, default=0),
            self._seed,
            set_departures(showers, cut),
        )

    @property
    def watches(self) -> tuple[Watch, Watch]:
        """What has to see every block of the reference and of the generated sample."""
        return ignore if self._gathered else self.sides[0].watch, self.sides[1].watch

    @property
    def complete(self) -> bool:
        """Whether all showers of both samples were seen."""
        return all(side.complete for side in self.sides)

    def results(self, tell: Tell = silence) -> list[DistanceResult]:
        """Return the distances; ask when both samples were read.

        Args:
            tell: called with the title of each distance before it is computed, and with what
                takes long in it.

        Raises:
            UsageError: showers with numbers that are not finite.
        """
        found: list[DistanceResult] = []
        for name in self.names:
            distance = distances[name]
            tell(distance.title)
            rows = [self._rows(side, distance) for side in (0, 1)]
            found.extend(distance.compute(rows[0], rows[1], self._seed, tell))
        return found

    def _rows(self, side: int, distance: Distance) -> Rows:
        gathering = self.sides[side]
        rows = gathering.rows(distance.space, _asked(distance, gathering.n, side))
        if not np.isfinite(rows.values).all():
            message = f"the {SIDES[side]} sample has showers without finite {distance.space}"
            raise UsageError(message, hint="are all incident energies above zero?")
        return rows


def compare_distances(
    reference: Showers,
    generated: Showers,
    names: Sequence[str] | None = None,
    *,
    seed: int = SEED,
    report: Report = lambda done, total, text: None,
    cut: ReadoutCut | None = None,
    early: bool = False,
) -> list[DistanceResult]:
    """Stream both samples and return the distances between them.

    Args:
        reference, generated, names, seed, cut, early: as for :class:`ComparedDistances`.
        report: progress.

    Raises:
        UsageError: different meshes, energies that do not mean the same, or incident energies of 0.
        UnknownName: a distance that is none.
        MissingDependency: FPD without scipy.
        InputFileError: damaged data, or energies that are none.

    >>> from caloexport.showers import open_showers, sample
    >>> siw, pbwo4 = (open_showers(sample(name)) for name in ("siw", "pbwo4"))
    >>> compare_distances(siw, siw, ["kpd"])[0].name
    'kpd'
    """
    require_same_samples(reference, generated)
    compared = ComparedDistances(reference, generated, names, seed=seed, cut=cut, early=early)
    for showers, watch, text in zip((reference, generated), compared.watches, SIDES, strict=True):
        for block, energies in showers.chunks():
            given = {key: values[block] for key, values in showers.conditions.items()}
            watch(energies, given)
            report(block.stop, showers.n, text)
    return compared.results()


def _asked(distance: Distance, n: int, side: int) -> int:
    """Return how many of n showers a distance asks for."""
    if distance.showers is None:
        return n
    return distance.showers * (2 if side == 0 and distance.halves else 1)
