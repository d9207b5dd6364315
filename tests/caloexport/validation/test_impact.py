from __future__ import annotations

import json

import numpy as np
import pytest

from caloexport.showers.showers import Showers
from caloexport.validation.impact import Follows, Line, Offsets, curve_of, follows, wave_of
from caloexport.validation.measurement import measure
from caloexport.validation.placement import Placed, compare_places, places_of
from tests.caloexport.validation.window_showers import MESH, window_showers

STRIPS, MIDDLE = 1, 2


def placed(showers: Showers) -> Placed:
    found = Placed(MESH)
    measure(showers, watch=found.watch)
    return found


@pytest.fixture(scope="module")
def reference() -> Placed:
    return placed(window_showers(n=1000, seed=1, hits=60, spread=0.004))


@pytest.fixture(scope="module")
def alike() -> Placed:
    return placed(window_showers(n=1000, seed=2, hits=60, spread=0.004))


def lines(found: list[Follows]) -> dict[Line, Follows]:
    return {one.line: one for one in found}


def test_samples_of_one_law_have_the_same_curves(reference: Placed, alike: Placed) -> None:
    found = follows(reference.offsets, alike.offsets)
    assert len(found) == 2 * MESH.n_layers + 1
    for one in found:
        assert one.chi2_ndf is not None
        assert one.chi2_ndf.error is not None
        assert one.chi2_ndf.floor == 1
        assert one.chi2_ndf.value == pytest.approx(1, abs=4 * one.chi2_ndf.error)
        if one.ratio is not None:
            assert one.ratio.error is not None
            assert one.ratio.value == pytest.approx(1, abs=4 * one.ratio.error)
    told = lines(found)
    for line in (Line("eta", MIDDLE), Line("phi", MIDDLE), Line("eta", STRIPS, core=True)):
        assert told[line].ratio is not None


def test_the_s_of_the_middle_layer_is_seen(reference: Placed) -> None:
    """Near the edges of the cell the mean lags behind the impact, to its centre."""
    mean, error = curve_of(*reference.offsets.in_own_cell(Line("eta", MIDDLE)), 8)
    assert mean[1] > 20 * error[1]
    assert mean[6] < -20 * error[6]
    assert abs(mean[1] + mean[6]) < 5 * (error[1] + error[6])


def test_the_strips_have_eight_periods_in_a_middle_cell(reference: Placed) -> None:
    line = Line("eta", STRIPS, core=True)
    assert reference.offsets.periods(line) == 8
    place, offset = reference.offsets.in_reference_cell(line)
    eight = wave_of(8 * place, offset)
    folded = wave_of(*reference.offsets.in_own_cell(line))
    assert eight is not None
    assert folded is not None
    assert eight.amplitude == pytest.approx(folded.amplitude, rel=1e-6)
    for periods in (7, 9):
        other = wave_of(periods * place, offset)
        assert other is not None
        assert other.amplitude < eight.amplitude / 3


def test_a_generator_that_ignores_the_impact_is_found(reference: Placed) -> None:
    blind = placed(window_showers(n=300, seed=3, hits=60, spread=0.004, blind=True))
    told = lines(follows(reference.offsets, blind.offsets))
    middle = told[Line("eta", MIDDLE)]
    assert middle.chi2_ndf is not None
    assert middle.chi2_ndf.value > 20


def test_wider_showers_have_a_flatter_s(reference: Placed) -> None:
    wide = placed(window_showers(n=500, seed=4, hits=60, spread=0.006))
    ratio = lines(follows(reference.offsets, wide.offsets))[Line("eta", MIDDLE)].ratio
    assert ratio is not None
    assert ratio.error is not None
    assert ratio.value < 1 - 5 * ratio.error


def test_places_lie_in_the_cell_of_each_layer(reference: Placed) -> None:
    for line in reference.offsets.lines:
        place, offset = reference.offsets.in_own_cell(line)
        assert ((place >= 0) & (place < 1)).all()
        assert len(place) == len(offset) > 0
        assert np.ptp(place) > 0.9


def test_curves_leave_bins_of_few_showers_out() -> None:
    mean, error = curve_of(np.array([0.1, 0.1, 0.1, 0.1, 0.9]), np.arange(5.0), 2)
    assert mean.tolist() == pytest.approx([1.5, np.nan], nan_ok=True)
    assert error[0] == pytest.approx(np.std(np.arange(4.0), ddof=1) / 2)
    assert wave_of(np.zeros(3), np.zeros(3)) is None


def test_a_wave_has_the_error_that_repeated_samples_show() -> None:
    random = np.random.default_rng(0)
    found = []
    for _ in range(200):
        place = random.uniform(0, 1, 300)
        wave = wave_of(place, np.sin(2 * np.pi * place) + random.normal(0, 0.5, 300))
        assert wave is not None
        found.append((wave.b, wave.error))
    values, errors = np.array(found).T
    assert values.std() == pytest.approx(errors.mean(), rel=0.15)
    assert values.mean() == pytest.approx(1, abs=0.02)


def test_alignments_are_compared(reference: Placed, alike: Placed) -> None:
    found = compare_places(reference, alike)
    for one in found.aligned:
        assert one.chi2_ndf is not None
        assert one.chi2_ndf.error is not None
        assert one.chi2_ndf.value == pytest.approx(1, abs=4 * one.chi2_ndf.error)
    json.dumps(found.to_json(), allow_nan=False)


def test_each_energy_has_its_own_figures() -> None:
    """A generator that is blind at one energy is found at that one."""
    usual = placed(window_showers((1e3, 4e3), 300, seed=1, hits=60, spread=0.004))
    both = Placed(MESH)
    for energy, blind in ((1e3, False), (4e3, True)):
        showers = window_showers((energy,), 300, seed=2, hits=60, spread=0.004, blind=blind)
        measure(showers, watch=both.watch)
    windows = [(9e2, 2e3), (3e3, 5e3), (6e3, 7e3)]
    found = compare_places(usual, both, windows)
    assert [(one.window, one.n_reference, one.n_generated) for one in found.follows_at] == [
        (window, 300, 300) for window in windows[:2]
    ]
    seeing, blind_one = (lines(list(one.follows))[Line("eta", MIDDLE)] for one in found.follows_at)
    for one in (seeing, blind_one):
        assert one.chi2_ndf is not None
        assert one.chi2_ndf.error is not None
        assert one.ratio is not None
    assert seeing.chi2_ndf.value == pytest.approx(1, abs=4 * seeing.chi2_ndf.error)
    assert blind_one.chi2_ndf.value > 10
    told = found.to_json()["by_energy"]
    assert [one["low_mev"] for one in told] == [9e2, 3e3]
    floors = [one["amplitude_ratio"]["floor"] for at in told for one in at["follows_impact"][2:3]]
    assert len(floors) == 2
    assert all(floor is None or floor > 0 for floor in floors)


def test_showers_of_another_alignment_are_found(reference: Placed) -> None:
    """What a generator does that takes no notice of pconfig: it gives the mean of all."""
    showers = window_showers(n=500, seed=5, hits=60, spread=0.004)
    random = np.random.default_rng(0)
    showers.conditions["pconfig"] = random.permutation(showers.conditions["pconfig"])
    found = {
        (one.axis, one.layer): one for one in compare_places(reference, placed(showers)).aligned
    }
    strips, middle = found["phi", STRIPS].chi2_ndf, found["phi", MIDDLE].chi2_ndf
    assert strips is not None
    assert middle is not None
    assert strips.value > 10
    assert middle.value < 2  # its cells are those of the impact: it looks the same in all


def test_a_layer_without_energy_has_no_curve(reference: Placed) -> None:
    showers = window_showers(n=20, seed=6)
    cells = showers.read()
    cells[:, :21] = 0
    empty = Offsets(MESH)
    empty.watch(cells, showers.conditions)
    told = lines(follows(reference.offsets, empty))[Line("eta", 0)]
    assert told.chi2_ndf is None
    assert told.generated is None
    assert told.to_json()["amplitude_ratio"] is None


def test_samples_that_do_not_tell_the_impact_have_no_places() -> None:
    showers, silent = window_showers(n=4), window_showers(n=4)
    del silent.conditions["ripos_eta"]
    assert places_of(showers, showers) is not None
    assert places_of(showers, silent) is None
