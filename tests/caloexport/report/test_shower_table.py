from __future__ import annotations

import io

import numpy as np

from caloexport.report.shower_table import shower_table
from caloexport.showers import from_arrays, open_showers, sample
from caloexport.showers.binning import read_binning
from caloexport.showers.information import describe


def text(found: dict[str, object]) -> str:
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=140).print(shower_table(found))
    return stream.getvalue()


def test_a_sample() -> None:
    with open_showers(sample("pbwo4")) as showers:
        shown = text(describe(showers))
        energy_mev = showers.conditions["energy_mev"]
        response = showers.read().sum(axis=(1, 2, 3), dtype=np.float64) / energy_mev
    low, high = energy_mev.min() / 1e3, energy_mev.max() / 1e3
    error = response.std(ddof=1) / 16
    for line in (
        "par04, stored as float16",
        "18 × 50 × 45 cells (r, phi, z), r cells of 4.9 mm, z cells of 4.45 mm",
        f"{low:.3g} GeV to {high:.3g} GeV, 256 different values",
        "theta_rad      90°",
        "pbwo4 (256)",
        f"{response.mean():.4f} ± {error:.4f} of the incident energy",
        "1 on the deposited energy",
        "500 eV",
    ):
        assert line in shown


def test_layers_and_a_silent_file() -> None:
    mesh = read_binning("calochallenge1-photons")[0].mesh
    one = from_arrays(np.ones((1, 368)), mesh, {"energy_mev": np.array([256.0])}, name="[red]a")
    shown = text(describe(one))
    assert "[red]a" in shown  # names are not markup
    assert "0: 8 × 1; 1: 16 × 10; 2: 19 × 10; 3: 5 × 1; 12: 5 × 1" in shown
    assert "256 MeV" in shown
    assert "the file does not tell" in shown
    assert "368 (100 %)" in shown
