"""Compare two samples by distances, each beside its floor, in one pass over either."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.showers.showers import Showers
from caloexport.validation.distances import SEED, DistanceResult, distances
from caloexport.validation.feature_list import feature_list
from caloexport.validation.gathering import Gathering
from caloexport.validation.measurement import Report
from caloexport.validation.readout_cut import ReadoutCut, readout_cut


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
        reference: full simulation.
        generated: of the same mesh, with incident energies of the same spectrum.
        names: of :data:`~caloexport.validation.distances.distances`; None for all.
        seed: of all draws; published values have the default.
        report: progress.
        cut: readout cut of both samples; None takes that of the reference.
        early: features of before 27 November 2023 instead of those of today.

    Raises:
        UsageError: different meshes, or incident energies of 0.
        UnknownName: a distance that is none.
        MissingDependency: FPD without scipy.
        InputFileError: damaged data, or energies that are none.

    >>> from caloexport.showers import open_showers, sample
    >>> siw, pbwo4 = (open_showers(sample(name)) for name in ("siw", "pbwo4"))
    >>> [one.name for one in compare_distances(siw, pbwo4, ["kpd"])]
    ['kpd']
    """
    one, other = reference.mesh, generated.mesh
    if (one.shape, one.order) != (other.shape, other.order):
        message = f"has showers of {other.shape} cells, the reference of {one.shape}"
        raise UsageError(message, where=generated.name, hint="compare showers of the same mesh")
    both = gatherings(reference, generated, names, seed=seed, cut=cut, early=early)
    for showers, gathering, text in zip(
        (reference, generated), both, ("reference", "generated"), strict=True
    ):
        for block, energies in showers.chunks():
            given = {key: values[block] for key, values in showers.conditions.items()}
            gathering.watch(energies, given)
            report(block.stop, showers.n, text)
    return distances_between(*both, names, seed=seed)


def gatherings(
    reference: Showers,
    generated: Showers,
    names: Sequence[str] | None = None,
    *,
    seed: int = SEED,
    cut: ReadoutCut | None = None,
    early: bool = False,
) -> tuple[Gathering, Gathering]:
    """Return what watches the blocks of either sample, for whoever streams them anyway."""
    wanted = [distances[name] for name in (distances.names() if names is None else names)]
    columns = None
    if any(one.space == "features" for one in wanted):
        columns = feature_list(reference.mesh, early=early)
    rows = max((one.showers or 0 for one in wanted if one.space == "cells"), default=0)
    cut = readout_cut(reference) if cut is None else cut
    # of the reference twice as many: half of them tell the floor
    usual = Gathering(reference.mesh, reference.n, cut, columns, 2 * rows, seed)
    return usual, Gathering(generated.mesh, generated.n, cut, columns, rows, seed)


def distances_between(
    reference: Gathering,
    generated: Gathering,
    names: Sequence[str] | None = None,
    *,
    seed: int = SEED,
) -> list[DistanceResult]:
    """Return the distances of two samples that were gathered."""
    found: list[DistanceResult] = []
    for name in distances.names() if names is None else names:
        distance = distances[name]
        rows = [getattr(side, distance.space) for side in (reference, generated)]
        for side, text in zip(rows, ("reference", "generated"), strict=True):
            if not np.isfinite(side).all():
                message = f"the {text} sample has showers without finite {distance.space}"
                raise UsageError(message, hint="are all incident energies above zero?")
        found.extend(distance.compute(rows[0], rows[1], seed))
    return found
