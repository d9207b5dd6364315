"""A generated sample against the reference, per energy window: the numbers that judge an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.showers.showers import Showers
from caloexport.validation.measurement import Measurement, measure
from caloexport.validation.window_metrics import window_metrics
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
        the samples has no shower. The names tell what is compared:

        * ``response_ratio``, ``occupancy_ratio``, ``radius_ratio``: ratios of means, the last of
          the energy-weighted distance from the axis. ``radius_variance_ratio`` and
          ``depth_variance_ratio`` are those of its variance and of that of the depth,
          ``phi_asymmetry_ratio`` that of the observable ``phi_asymmetry``.
        * ``resolution_ratio``, ``depth_spread_ratio``: ratios of spreads from shower to shower, of
          the total energy and of the energy-weighted depth; ``r90_ratio`` of radii that hold 90 %.
        * ``longitudinal_l1``, ``lateral_l1``, ``phi_l1``: distances of normalised profiles;
          ``cell_spectrum_l1`` that of the cells in each octave of energy.
        * ``depth_shift``: generated less reference mean depth, in units of the length of showers.

        Cells without a distance from the axis have none of r, those without azimuth none of φ, a
        single shower of the reference has no ``resolution_ratio``.

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
    metrics: dict[str, Any] = {}
    if len(usual) > 0 and len(found) > 0:
        estimates = window_metrics(usual, found, seed=seed)
        metrics = {name: estimate.to_json() for name, estimate in estimates.items()}
    return {
        "low_mev": window[0],
        "high_mev": window[1],
        "n_reference": len(usual),
        "n_generated": len(found),
        "metrics": metrics,
    }
