from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.simulation.selfcheck.quantities import (
    QUANTITIES,
    Sample,
    depth_of_maximum,
    measure,
    radius_of_share,
)

N, N_Z, N_R = 40, 45, 18
DR_MM, DZ_MM, X0_MM = 2.0, 4.0, 5.0


def sample(n: int = N) -> Sample:
    """Showers of 1 GeV with a gamma profile that is shifted from one to the next."""
    random = np.random.default_rng(1)
    depths = (np.arange(N_Z) + 0.5) * DZ_MM
    rates = random.normal(0.1, 0.005, n)
    profiles = np.array([depths**3 * np.exp(-rate * depths) for rate in rates])
    by_depth: Float64 = 900 * profiles / profiles.sum(axis=1, keepdims=True)
    radial = np.exp(-np.arange(N_R) / 3.0)
    by_radius: Float64 = np.tile(900 * radial / radial.sum(), (n, 1))
    active = random.normal(30.0, 3.0, n)
    return Sample(
        DR_MM, DZ_MM, 1000.0, np.full(n, 950.0), np.full(n, 900.0), active,
        random.normal(800, 20, n), by_depth, by_radius,
    )  # fmt: skip


def test_means_and_their_errors() -> None:
    made = sample()
    found = measure(made, X0_MM)
    assert set(found) == set(QUANTITIES)
    assert found["deposited"] == pytest.approx((0.95, 0), abs=1e-12)
    assert found["in_mesh"] == pytest.approx((0.9, 0), abs=1e-12)
    expected = made.active_mev.std(ddof=1) / np.sqrt(N) / 1000
    assert found["active"] == pytest.approx((made.active_mev.mean() / 1000, expected))
    assert found["cells"][1] == pytest.approx(made.cells.std(ddof=1) / np.sqrt(N))


def test_the_error_of_a_resolution_is_the_usual_one() -> None:
    value, error = measure(sample(400), X0_MM)["resolution"]
    assert value == pytest.approx(0.1, abs=0.01)
    assert error == pytest.approx(value / np.sqrt(2 * 399), rel=0.2)


def test_depths() -> None:
    found = measure(sample(), X0_MM)
    assert found["t_max"][0] * X0_MM == pytest.approx(30, abs=0.5)
    assert found["z_mean"][0] == pytest.approx(40, abs=1)
    assert found["z_rms"][0] == pytest.approx(0.05 * 40, rel=0.3)
    assert 0 < found["t_max"][1] < 0.2


def test_the_maximum_of_a_noisy_profile() -> None:
    depths = (np.arange(N_Z) + 0.5) * DZ_MM
    profile = depths**3 * np.exp(-0.1 * depths)
    profile *= 1 + 0.02 * np.cos(np.pi * np.arange(N_Z))  # layers of two kinds
    assert depth_of_maximum(profile, DZ_MM) == pytest.approx(30, abs=0.3)


def test_r90_counts_what_the_mesh_misses() -> None:
    profile = np.array([5.0, 3.0, 1.0])
    assert radius_of_share(profile, 9.0, 0.9, 1.0) == pytest.approx(2.1)
    assert radius_of_share(profile, 9.5, 0.9, 1.0) == pytest.approx(2.55)
