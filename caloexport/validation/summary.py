"""A generated sample against the reference, per energy window: the numbers that judge an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from caloexport.showers.showers import Showers
from caloexport.validation.compare import compare_means, compare_profiles, compare_statistics
from caloexport.validation.measurement import Measurement, measure
from caloexport.validation.statistics.radius import radius_of_share
from caloexport.validation.statistics.resolution import resolution
from caloexport.validation.windows import Window, default_windows


def summary(
    reference: Showers | Measurement,
    generated: Showers | Measurement,
    windows: Sequence[Window] | None = None,
    *,
    seed: int = 0,
) -> dict[str, Any]:
    """Compare two samples in windows of the incident energy.

    Give both the same incident energies, else a difference of the spectra inside a window looks
    like one of the showers. Measure the reference once (:func:`measure`) to compare many
    samples with it.

    Args:
        reference: full simulation.
        generated: of the same mesh.
        windows: (low, high) MeV; None takes :func:`default_windows` of the reference.
        seed: of resamplings.

    Returns:
        ``windows``: for each ``low_mev``, ``high_mev``, ``n_reference``, ``n_generated`` and
        ``metrics``, by name ``{"value", "error", "floor"}``; ``metrics`` is empty where one of
        the samples has no shower. ``response_ratio`` and ``occupancy_ratio`` are ratios of
        means, ``resolution_ratio`` of relative spreads of the total energy, ``r90_ratio`` of radii
        that hold 90 % of it, ``longitudinal_l1`` and ``lateral_l1`` distances of normalised
        profiles. Cells without a distance from the axis have no ``r90_ratio`` and ``lateral_l1``,
        a single shower of the reference no ``resolution_ratio``.

    Raises:
        UsageError: different meshes.

    >>> from caloexport.showers import open_showers, sample
    >>> siw = measure(open_showers(sample("siw")))
    >>> summary(siw, siw)["windows"][0]["metrics"]["response_ratio"]["value"]
    1.0
    """
    usual = measure(reference) if isinstance(reference, Showers) else reference
    found = measure(generated) if isinstance(generated, Showers) else generated
    chosen = default_windows(usual.energy_mev) if windows is None else windows
    return {"windows": [_window(usual, found, window, seed) for window in chosen]}


def _window(
    reference: Measurement, generated: Measurement, window: Window, seed: int
) -> dict[str, Any]:
    usual, found = reference.between(*window), generated.between(*window)
    both = len(usual) > 0 and len(found) > 0
    return {
        "low_mev": window[0],
        "high_mev": window[1],
        "n_reference": len(usual),
        "n_generated": len(found),
        "metrics": _metrics(usual, found, seed) if both else {},
    }


def _metrics(usual: Measurement, found: Measurement, seed: int) -> dict[str, Any]:
    responses = [one.total_mev / one.energy_mev for one in (usual, found)]
    estimates = {"response_ratio": compare_means(*responses)}
    if resolution(responses[0]) > 0:
        estimates["resolution_ratio"] = compare_statistics(resolution, *responses, seed=seed)
    estimates["longitudinal_l1"] = compare_profiles(
        usual.longitudinal, found.longitudinal, seed=seed
    )
    if usual.lateral is not None and found.lateral is not None:
        radius = partial(radius_of_share, usual.edges["r"][0])
        estimates |= {
            "lateral_l1": compare_profiles(usual.lateral, found.lateral, seed=seed),
            "r90_ratio": compare_statistics(radius, usual.lateral, found.lateral, seed=seed),
        }
    estimates["occupancy_ratio"] = compare_means(usual.occupancy, found.occupancy)
    return {name: estimate.to_json() for name, estimate in estimates.items()}
