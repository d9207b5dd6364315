"""Mirrored showers are exact: each cell at the negated place, every condition with it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.training.data import TrainingData
from caloexport.training.mirrors import ALIGNMENTS, AXES, mirrored_window, with_mirrors
from tests.caloexport.training import tiny, window_toy

GROUPS = (("eta",), ("phi",), ("eta", "phi"))


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("toy"), n=40)


@pytest.mark.parametrize("axes", GROUPS)
@pytest.mark.parametrize("alignment", ALIGNMENTS)
def test_every_cell_goes_to_the_negated_place_in_its_layer(
    alignment: tuple[int, int], axes: tuple[str, ...]
) -> None:
    other, target = mirrored_window(ATLAS_WINDOW, alignment, axes)
    sign = np.where(np.isin(list(AXES), axes), -1.0, 1.0)
    there = ATLAS_WINDOW.positions(*other)[target]
    np.testing.assert_allclose(there, ATLAS_WINDOW.positions(*alignment) * sign, atol=1e-9)
    layer = ATLAS_WINDOW.indices()["z"]
    np.testing.assert_array_equal(layer[target], layer)
    assert sorted(target.tolist()) == list(range(len(target)))  # no cell is lost or doubled


@pytest.mark.parametrize("axes", GROUPS)
@pytest.mark.parametrize("alignment", ALIGNMENTS)
def test_mirrored_twice_is_as_before(alignment: tuple[int, int], axes: tuple[str, ...]) -> None:
    other, there = mirrored_window(ATLAS_WINDOW, alignment, axes)
    again, back = mirrored_window(ATLAS_WINDOW, other, axes)
    assert again == alignment
    np.testing.assert_array_equal(back[there], np.arange(len(there)))


def test_the_alignments_are_those_that_athena_would_find() -> None:
    # φ index mod 4 counted from the other side is 3 - k, η index mod 2 is 1 - k
    for pconfig, econfig in itertools.product(range(4), range(2)):
        found = mirrored_window(ATLAS_WINDOW, (pconfig, econfig), ("eta", "phi"))[0]
        assert found == (3 - pconfig, 1 - econfig)


def mean_position(data: TrainingData, shower: int) -> np.ndarray:
    """Return the mean of (η, φ) of the cells, weighted with their energy, minus the impact."""
    cells, fractions = data.showers.entries(shower)
    alignment = (int(data.conditions["pconfig"][shower]), int(data.conditions["econfig"][shower]))
    places = ATLAS_WINDOW.positions(*alignment)[cells]
    impact = [data.conditions[f"ripos_{axis}"][shower] for axis in AXES]
    return np.average(places, axis=0, weights=fractions) - impact


@pytest.mark.parametrize("axes", GROUPS)
def test_a_mirrored_shower_leans_as_far_to_the_other_side(
    showers: TrainingData, axes: tuple[str, ...]
) -> None:
    mirrored = with_mirrors(showers, axes)
    n, chosen = len(showers.showers), showers.training
    groups = [g for k in range(1, len(axes) + 1) for g in itertools.combinations(axes, k)]
    assert len(mirrored.showers) == n + len(groups) * len(chosen)
    for number, group in enumerate(groups):
        sign = np.where(np.isin(list(AXES), group), -1.0, 1.0)
        for place in range(0, len(chosen), 11):
            copy = n + number * len(chosen) + place
            before = mean_position(showers, int(chosen[place]))
            np.testing.assert_allclose(mean_position(mirrored, copy), sign * before, atol=1e-7)
            assert mirrored.energy_mev[copy] == showers.energy_mev[chosen[place]]
            fractions = (mirrored.showers.entries(i)[1] for i in (copy, int(chosen[place])))
            np.testing.assert_array_equal(*map(np.sort, fractions))


def test_only_training_showers_are_mirrored(showers: TrainingData) -> None:
    left_out = np.zeros(len(showers.showers), dtype=bool)
    left_out[showers.training[:5]] = True
    some = replace(showers, left_out=left_out)
    mirrored = with_mirrors(some, ("eta",))
    np.testing.assert_array_equal(mirrored.scoring, some.scoring)
    assert len(mirrored.training) == 2 * len(some.training) == 2 * (len(showers.training) - 5)


def test_other_showers_are_not_mirrored(showers: TrainingData, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\(3, 4, 5\) cells \(CylinderMesh\).*mirror = \[\]"):
        with_mirrors(tiny.data(tmp_path), ("eta",))
    with pytest.raises(UsageError, match="axes eta, phi"):
        with_mirrors(showers, ("theta",))
    lacking = {k: v for k, v in showers.conditions.items() if k != "econfig"}
    with pytest.raises(UsageError, match="mirror needs the conditions econfig"):
        with_mirrors(replace(showers, conditions=lacking), ("eta",))
    strange = {**showers.conditions, "pconfig": showers.conditions["pconfig"] + 1}
    with pytest.raises(UsageError, match="whole numbers from 0 to 3 in 'pconfig', found 1, 2, 3"):
        with_mirrors(replace(showers, conditions=strange), ("eta",))
    assert with_mirrors(showers, ()) is showers
