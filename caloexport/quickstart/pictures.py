"""The pictures of the quickstart: a shower of each kind, profiles, total energy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caloexport.quickstart.physics import WINDOW_FACTOR, Judgement, WindowVerdict
from caloexport.report.figures.save import save_figure
from caloexport.report.figures.shower import ShowerPicture, shower_figure
from caloexport.report.figures.style import COLOURS, SETTINGS
from caloexport.runtime import Generator
from caloexport.runtime.extras import require
from caloexport.runtime.units import format_energy
from caloexport.showers import open_showers, sample
from caloexport.training.data import TrainingData
from caloexport.validation import Measurement

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: incident energy of the showers that are shown side by side
SHOWN_MEV = 20_000.0


def draw_pictures(
    folder: Path,
    judgement: Judgement,
    generator: Generator,
    data: TrainingData,
    step: Callable[[int, str], None],
) -> None:
    """Draw ``shower.png``, ``profiles.png`` and ``total-energy.png`` into a folder."""
    step(0, "shower")
    save_figure(side_by_side(generator), folder / "shower.png")
    step(1, "profiles")
    draw_profiles(judgement, folder / "profiles.png")
    step(2, "total energy")
    draw_total_energy(judgement, folder / "total-energy.png")


def side_by_side(generator: Generator, geometry: str = "siw", index: int = 0) -> Figure:
    """Draw a real shower of the package's sample beside a generated one of the same energy.

    Args:
        generator: to sample.
        geometry: detector.
        index: which of the generated showers.
    """
    with open_showers(sample(geometry)) as showers:
        energies = np.asarray(showers.conditions["energy_mev"])
        chosen = int(np.abs(np.log(energies / SHOWN_MEV)).argmin())
        real = showers.read(slice(chosen, chosen + 1))[0]
        mesh, energy = showers.mesh, float(energies[chosen])
    made = generator.sample(
        1, seed=1, first=index, energy_mev=energy, theta_rad=np.pi / 2, geometry=geometry
    )[0]
    what = f"{format_energy(energy)} electron"
    return shower_figure(
        [
            ShowerPicture(real, mesh, f"Geant4: {what}", "Geant4"),
            ShowerPicture(made, mesh, f"generated: {what}", "generated"),
        ]
    )


def draw_profiles(judgement: Judgement, path: Path) -> None:
    """Draw the longitudinal profiles of each energy window with their ratio."""
    mpl = require("matplotlib", extra="plot")
    with mpl.rc_context(SETTINGS):
        figure = require("matplotlib.figure", extra="plot").Figure(
            figsize=(10.8, 4.4), layout="constrained"
        )
        panels = figure.subplots(
            2, len(judgement.windows), sharex=True, squeeze=False,
            gridspec_kw={"height_ratios": (3, 1)},
        )  # fmt: skip
        for column, window in enumerate(judgement.windows):
            top, bottom = panels[:, column]
            one, other = (_profile(m, window) for m in (judgement.real, judgement.generated))
            edges = judgement.real.edges["z"][0]
            top.stairs(one, edges, color=COLOURS[0], linewidth=1.8, label="Geant4, held back")
            top.stairs(other, edges, color=COLOURS[1], linewidth=1.8, label="generated")
            top.set_title(f"around {format_energy(window.energy_mev)}, {window.n} showers")
            ratio = np.divide(other, one, out=np.ones_like(one), where=one > 0)
            bottom.stairs(ratio, edges, color=COLOURS[1], linewidth=1.4)
            bottom.axhline(1, color=COLOURS[0], linewidth=1)
            bottom.set_ylim(0.5, 1.5)
            bottom.set_xlabel(f"depth / {judgement.real.edges['z'][1]}")
        panels[0, 0].set_ylabel("fraction of the energy per layer")
        panels[1, 0].set_ylabel("ratio")
        panels[0, 0].legend()
        save_figure(figure, path)


def draw_total_energy(judgement: Judgement, path: Path) -> None:
    """Draw the distribution of total over incident energy in each energy window."""
    mpl = require("matplotlib", extra="plot")
    with mpl.rc_context(SETTINGS):
        figure = require("matplotlib.figure", extra="plot").Figure(
            figsize=(10.8, 3.2), layout="constrained"
        )
        panels = figure.subplots(1, len(judgement.windows), squeeze=False)[0]
        for axes, window in zip(panels, judgement.windows, strict=True):
            samples = [_response(m, window) for m in (judgement.real, judgement.generated)]
            low, high = np.quantile(samples[0], (0.0, 1.0))
            margin = 0.5 * (high - low)
            edges = np.linspace(low - margin, high + margin, 31)
            for colour, values, label in zip(
                COLOURS, samples, ("Geant4, held back", "generated"), strict=False
            ):
                counts, _ = np.histogram(values, edges)
                axes.stairs(
                    counts / max(len(values), 1), edges, color=colour, linewidth=1.8, label=label
                )
            axes.set_title(f"around {format_energy(window.energy_mev)}")
            axes.set_xlabel("total / incident energy")
        panels[0].set_ylabel("fraction of showers")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=2)
        save_figure(figure, path)


def _window(measured: Measurement, window: WindowVerdict) -> Measurement:
    return measured.between(window.energy_mev / WINDOW_FACTOR, window.energy_mev * WINDOW_FACTOR)


def _profile(measured: Measurement, window: WindowVerdict) -> np.ndarray:
    layers = _window(measured, window).longitudinal.sum(axis=0)
    return np.asarray(layers / max(float(layers.sum()), 1e-30))


def _response(measured: Measurement, window: WindowVerdict) -> np.ndarray:
    chosen = _window(measured, window)
    return np.asarray(chosen.total_mev / chosen.energy_mev)
