"""What takes all showers: correlations, shape, azimuth, and the windows of angles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.validation.cell_octaves import BINS, cell_octaves
from caloexport.validation.compare import MOST_RESAMPLED, compare_distance
from caloexport.validation.comparison import compare_samples
from caloexport.validation.measurement import measure
from caloexport.validation.profile import load_profile
from caloexport.validation.same_energy import at_one_energy, scaled_to_one_energy
from caloexport.validation.statistics.energy_shape import shape_distance
from caloexport.validation.statistics.hit_azimuth import azimuth_distance
from caloexport.validation.statistics.layer_correlation import (
    correlation_distance,
    layer_correlation,
)
from caloexport.validation.statistics.standardised_layers import common_groups, standardised_layers
from caloexport.validation.summary import summary
from caloexport.validation.verdict import judge
from caloexport.validation.windows import angle_windows, default_windows
from tests.caloexport.report.html.pages import cylinder_showers


def test_correlations_are_those_at_one_energy() -> None:
    """Layers that only rise with the energy do not correlate; one common factor does."""
    random = np.random.default_rng(0)
    energy = np.exp(random.uniform(0, 4, 4000))
    apart = energy[:, None] * (1 + 0.1 * random.standard_normal((4000, 3)))
    common = apart * (1 + 0.3 * random.standard_normal((4000, 1)))
    free, bound = (layer_correlation(np.column_stack([energy, one])) for one in (apart, common))
    assert np.abs(free - np.eye(3)).max() < 0.06
    assert (bound > 0.85).all()
    one_group = np.zeros(4000, dtype=np.int64)
    rows = [standardised_layers(energy, one, one_group) for one in (apart, common)]
    assert correlation_distance(rows[0], rows[1]) == pytest.approx(0.9, abs=0.05)


def test_layers_that_do_not_vary_have_no_correlation() -> None:
    rows = np.array([[1.0, 0.2, 0.5, 0.3], [1.0, 0.4, 0.5, 0.1], [1.0, 0.1, 0.5, 0.4]])
    found = layer_correlation(rows)
    assert np.isnan(found[1]).all()
    assert found[0, 2] == pytest.approx(-1.0)
    layers = rows[:, 1:]
    assert correlation_distance(layers, layers) == 0
    # the generated sample lacks what the reference has: counted as not correlated
    assert correlation_distance(layers, layers[:, [1, 1, 1]]) == pytest.approx(1.0)
    assert correlation_distance(layers[:, :1], layers[:, :1]) == 0


def test_every_energy_and_angle_counts_alike_in_correlations() -> None:
    """Showers of low energy fluctuate ten times as much; those of high energy lost their correlation."""
    random = np.random.default_rng(5)
    group = np.repeat([0, 1], 1000)
    energy = np.repeat([1.0, 100.0], 1000)
    spread = np.repeat([0.3, 0.03], 1000)[:, None]
    common, apart = random.standard_normal((2000, 1)), random.standard_normal((2000, 2))
    usual = energy[:, None] * (1 + spread * common * [1.0, -1.0])
    lost = energy[:, None] * (1 + spread * np.where(group[:, None] == 1, apart, common * [1, -1]))
    pooled = [layer_correlation(np.column_stack([energy, one]))[0, 1] for one in (usual, lost)]
    assert pooled[1] - pooled[0] < 0.05
    rows = [standardised_layers(energy, one, group) for one in (usual, lost)]
    assert correlation_distance(rows[0], rows[1]) == pytest.approx(0.5, abs=0.05)


def test_groups_that_both_samples_have_ten_showers_of_are_numbered() -> None:
    names = np.repeat(["siw", "pbwo4", "scipb"], [12, 10, 9])
    first, second = common_groups((names, np.zeros(31)), (names[::-1], np.zeros(31)))
    assert first.tolist() == [1] * 12 + [0] * 10 + [-1] * 9
    assert second.tolist() == first.tolist()[::-1]


def test_layers_of_other_detectors_are_not_compared() -> None:
    random = np.random.default_rng(6)
    energy, mesh = np.full(200, 1e3), CylinderMesh(1, 1, 2)
    cells = random.random((200, 1, 1, 2))
    one, other = (
        measure(from_arrays(cells, mesh, {"energy_mev": energy, "geometry": np.full(200, name)}))
        for name in ("siw", "pbwo4")
    )
    for generated, compares in ((one, True), (other, False)):
        [whole] = compare_samples(one, generated, default_windows(energy)).whole
        assert ("layer_correlation_rms" in whole["metrics"]) == compares


def test_angles_of_too_few_showers_are_told() -> None:
    theta = np.radians(np.repeat([60.0, 90.0], [37, 3]))
    showers = cylinder_showers(1, n=20)
    conditions = {"energy_mev": showers.conditions["energy_mev"], "theta_rad": theta}
    cells = [showers.read(), cylinder_showers(2, n=20).read()]
    sides = [from_arrays(one, showers.mesh, conditions) for one in cells]
    found = judge(sides[0], sides[1], load_profile())
    assert found.notes == [
        "the hits of 90° are not compared: 3 reference and 3 generated showers, at least 4 needed"
    ]
    assert found.findings["SH009"].where == "60°"


def test_a_shape_does_not_know_scale_and_width() -> None:
    random = np.random.default_rng(1)
    windows = np.repeat([0.0, 1.0], 2000)
    normal, tailed = random.standard_normal(4000), -random.exponential(1.0, 4000)
    usual, same, other = (
        np.column_stack([windows, one])
        for one in (normal, 3 + 0.1 * normal * (1 + windows), tailed)
    )
    assert shape_distance(usual, same) < 0.02
    assert 0.1 < shape_distance(usual, other) < 0.25


def test_layers_that_few_showers_hit_have_no_direction() -> None:
    empty = math.nan
    usual = np.array([[0.2, 0.5, 0.0, 0.1], [0.4, empty, 0.0, empty], [0.3, empty, 0.0, empty]])
    turned = -usual
    assert azimuth_distance(usual, turned) == pytest.approx(0.6)
    assert azimuth_distance(usual, np.full((3, 4), empty)) == pytest.approx(0.3)


def test_the_error_of_many_showers_is_scaled_from_some() -> None:
    """An error and a floor fall with the square root of the showers."""
    random = np.random.default_rng(2)
    rows = np.column_stack([np.zeros(9 * MOST_RESAMPLED), random.random(9 * MOST_RESAMPLED)])
    few, many = (
        compare_distance(shape_distance, rows[:n], rows[:n] + np.array([0, 1]))
        for n in (MOST_RESAMPLED, len(rows))
    )
    for one, other in ((few.error, many.error), (few.floor, many.floor)):
        assert one is not None
        assert other is not None
        assert one / other == pytest.approx(3.0, rel=0.25)


def test_angles_of_a_spectrum_are_split_where_showers_lean_to_the_other_side() -> None:
    assert angle_windows(None) == [None]
    theta = np.linspace(1.0, 2.0, 50)
    left, right = (np.array(window) for window in angle_windows(theta))
    assert left[1] == right[0] == math.pi / 2
    assert left[0] < 1.0
    assert right[1] > 2.0
    assert len(angle_windows(np.linspace(1.0, math.pi / 2, 50))) == 1


def test_what_both_samples_share_with_the_energy_is_taken_out() -> None:
    random = np.random.default_rng(3)
    energies = [np.exp(random.uniform(low, low + 1, 500)) for low in (0.0, 0.3)]
    usual, found = at_one_energy(
        (energies[0], 5 + 2 * np.log(energies[0])), (energies[1], 5.5 + 2 * np.log(energies[1]))
    )
    assert found.mean() - usual.mean() == pytest.approx(0.5)
    assert usual.std() < 1e-9
    holes = np.where(np.arange(500) < 490, math.nan, 1.0)
    assert len(at_one_energy((energies[0], holes), (energies[1], holes))[0]) == 10


def test_a_ratio_at_one_energy_is_that_of_powers_of_the_energy() -> None:
    """Samples of other energies, whose numbers are to each other as 3 to 4."""
    random = np.random.default_rng(3)
    energies = [np.exp(random.uniform(low, low + 0.9, 500)) for low in (0.0, 0.3)]
    usual, found = scaled_to_one_energy(
        (energies[0], 3 * np.sqrt(energies[0])), (energies[1], 4 * np.sqrt(energies[1]))
    )
    assert found.mean() / usual.mean() == pytest.approx(4 / 3, rel=2e-3)
    assert usual.std() < 0.02 * usual.mean()
    _, empty = scaled_to_one_energy((energies[0], energies[0]), (energies[1], 0 * energies[1]))
    assert not empty.any()
    holes = np.full(500, math.nan)
    assert len(scaled_to_one_energy((energies[0], energies[0]), (energies[1], holes))[1]) == 0
    assert len(scaled_to_one_energy((energies[0], holes), (energies[1], energies[1]))[0]) == 0


def test_octaves_count_cells_above_the_readout_cut() -> None:
    cells = np.array([[0.0, 4.9e-4, 5.1e-4, 1.0, 1.9, 1e9]], dtype=np.float32)
    found = cell_octaves(cells)
    assert found.shape == (1, BINS)
    assert found[0].nonzero()[0].tolist() == [0, 11, BINS - 1]
    assert found.sum() == 4


def test_a_generator_that_does_not_know_the_size_of_its_cells_is_measured_by_the_reference() -> (
    None
):
    cells = np.random.default_rng(4).exponential(1.0, (16, 3, 4, 5))
    energy = {"energy_mev": np.full(16, 100.0)}
    known, unknown = (
        measure(from_arrays(cells, mesh, energy))
        for mesh in (CylinderMesh(3, 4, 5, 2.0, 3.0), CylinderMesh(3, 4, 5))
    )
    [window] = summary(known, unknown)["windows"]
    for name in ("radius_ratio", "radius_variance_ratio", "depth_variance_ratio", "r90_ratio"):
        assert window["metrics"][name]["value"] == 1, name
    assert window["metrics"]["depth_shift"]["value"] == 0
