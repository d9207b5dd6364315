"""Energies outside of the trained range: who tells the range, and what is made there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.sampling import SampledShowers, sampled_showers
from caloexport.showers import from_arrays, open_showers
from caloexport.showers.showers import Showers
from caloexport.showers.write import write_showers
from caloexport.validation.beyond import (
    SHOWERS,
    showers_beyond,
    trained_energies,
    windows_beyond,
)
from tests.networks import decoder

#: energies that the decoder was trained on
LOW, HIGH = 1e3, 64e3


def made(energies_mev: tuple[float, ...], n: int = 10) -> SampledShowers:
    """Sample a decoder that was trained from 1 to 64 GeV."""
    energy = np.repeat(energies_mev, n)
    given = {"energy_mev": energy, "theta_rad": 1.5, "geometry": "siw"}
    return sampled_showers(decoder(), given, len(energy), seed=3)


def like(showers: Showers, energy_mev: np.ndarray) -> Showers:
    cells = np.ones((len(energy_mev), *showers.mesh.shape), np.float32)
    return from_arrays(cells, showers.mesh, {"energy_mev": energy_mev})


def test_a_model_tells_its_range_and_so_does_a_file_of_its_showers(tmp_path: Path) -> None:
    showers = made((LOW, HIGH))
    assert trained_energies(showers) == (LOW, HIGH)
    path = tmp_path / "sampled.h5"
    cells = iter([showers.read()])
    write_showers(path, "par04", showers.mesh, showers.conditions, cells, showers.attributes)
    with open_showers(path) as stored:
        assert trained_energies(stored) == (LOW, HIGH)


@pytest.mark.parametrize(
    "ends", [("a", 2.0), (2.0, 1.0), (0.0, 1.0), (1.0, float("inf")), (float("nan"), 1.0), (1.0,)]
)
def test_what_is_no_range_is_not_believed(ends: tuple[object, ...]) -> None:
    showers = like(made((2e3,)), np.array([2e3]))
    showers.attributes.update(zip(("trained_low_mev", "trained_high_mev"), ends, strict=False))
    assert trained_energies(showers) is None


def test_a_model_makes_showers_at_both_sides_of_its_range() -> None:
    generated = made((LOW, HIGH))
    beyond = showers_beyond(like(generated, np.array([LOW, HIGH])), generated, seed=1)
    assert beyond is not None
    energies, counts = np.unique(beyond.conditions["energy_mev"], return_counts=True)
    assert energies == pytest.approx([LOW / 4, LOW / 2, 2 * HIGH, 4 * HIGH])
    assert set(counts) == {SHOWERS}
    assert np.isfinite(beyond.read()).all()
    again = showers_beyond(like(generated, np.array([LOW, HIGH])), generated, seed=1)
    assert again is not None
    assert np.array_equal(again.read(slice(0, 5)), beyond.read(slice(0, 5)))


def test_energies_of_the_reference_are_left_to_the_comparison() -> None:
    generated = made((LOW, HIGH))
    beyond = showers_beyond(like(generated, np.array([LOW / 3, 9 * HIGH])), generated)
    assert beyond is not None
    assert np.unique(beyond.conditions["energy_mev"]) == pytest.approx([LOW / 4])


def test_a_file_makes_none() -> None:
    generated = made((2e3,))
    assert showers_beyond(generated, like(generated, np.array([2e3]))) is None


def test_a_spectrum_that_ends_a_little_later_is_not_beyond() -> None:
    reference = np.geomspace(1e3, 60e3, 200)
    assert windows_beyond(reference, np.geomspace(0.97e3, 62e3, 200)) == []
    found = windows_beyond(reference, np.geomspace(0.1e3, 240e3, 600))
    assert found[0][0] == pytest.approx(100)
    assert found[-1][1] == pytest.approx(240e3)
    assert windows_beyond(reference, np.array([90e3, 90e3, 90e3])) == []  # too few
