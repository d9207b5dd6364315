from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import CaloexportError, InputFileError, UnknownName, UsageError
from caloexport.training.data import TrainingData, load
from caloexport.training.terms import Terms, conditions_for
from tests.caloexport.training import tiny, window_toy

ENERGY = {"kind": "standardised_log", "condition": "energy_mev", "mean": 9.7, "sigma": 1.76}
PCONFIG = {
    "kind": "one_hot",
    "condition": "pconfig",
    "codes": {str(k): k for k in range(4)},
    "size": 4,
}
ETA = {"kind": "linear", "condition": "ripos_eta", "offset": 0.0, "scale": 0.007}


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("toy"), n=40)


def test_terms_encode_in_the_order_in_which_they_stand(showers: TrainingData) -> None:
    encoding = Terms((ETA, PCONFIG, ENERGY)).encoding
    vectors = showers.encode(encoding)
    assert vectors.shape == (len(showers.showers), encoding.width) == (120, 6)
    np.testing.assert_allclose(vectors[:, 0], showers.conditions["ripos_eta"] / 0.007, rtol=1e-6)
    np.testing.assert_array_equal(vectors[:, 1:5].argmax(axis=1), showers.conditions["pconfig"])
    expected = (np.log(showers.energy_mev) - 9.7) / 1.76
    np.testing.assert_allclose(vectors[:, 5], expected, rtol=1e-5)


def test_conditions_have_the_ranges_and_categories_of_the_data(showers: TrainingData) -> None:
    energy, pconfig, eta = conditions_for(showers, Terms((ENERGY, PCONFIG, ETA)).encoding)
    assert (energy.low, energy.high) == (1024.0, 262144.0)
    assert pconfig.categories == ("0", "1", "2", "3")
    assert eta.low is not None
    assert eta.low < showers.conditions["ripos_eta"].min()
    assert eta.dimension is None  # η is a pure number


def test_a_condition_that_two_terms_read_is_listed_once(showers: TrainingData) -> None:
    second = {"kind": "linear", "condition": "energy_mev", "offset": 0.0, "scale": 1e5}
    found = conditions_for(showers, Terms((ENERGY, second)).encoding)
    assert [one.name for one in found] == ["energy_mev"]


@pytest.mark.parametrize(
    ("terms", "error", "match"),
    [
        ([{"condition": "energy_mev"}], UsageError, "term 0 of terms has no 'kind'"),
        ([{"kind": "linear"}], UsageError, "term 0 of terms has no 'condition'"),
        ([ENERGY, {**ETA, "kind": "linaer"}], UnknownName, "did you mean 'linear'"),
        ([ETA], UsageError, "no term reads the condition 'energy_mev'"),
        (
            [ENERGY, {"kind": "one_hot", "condition": "pconfig", "codes": {}}],
            UsageError,
            r"term 1 of terms \('one_hot'\) has no usable 'size'",
        ),
    ],
)
def test_a_wrong_term_is_named(terms: list[Any], error: type[CaloexportError], match: str) -> None:
    with pytest.raises(error, match=match):
        Terms(tuple(terms))


def test_parameters_that_a_term_lacks_are_named(showers: TrainingData) -> None:
    incomplete = {"kind": "linear", "condition": "energy_mev", "scale": 1.0}
    with pytest.raises(UsageError, match=r"'linear'.*offset"):
        conditions_for(showers, Terms((incomplete,)).encoding)


def test_a_condition_that_no_file_tells_is_named_with_those_that_they_tell(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputFileError) as raised:
        conditions_for(tiny.data(tmp_path), Terms((ENERGY, ETA)).encoding)
    text = str(raised.value)
    assert "siw.h5: the preset needs the condition 'ripos_eta'" in text
    assert "the file tells energy_mev, geometry, theta_rad" in text
    assert "terms in --config" in text
    assert "other files" not in text


def test_the_file_without_a_condition_is_named_where_others_have_it(tmp_path: Path) -> None:
    # the second file's showers are written without the alignment
    from caloexport.runtime.window_mesh import ATLAS_WINDOW
    from caloexport.showers.write import write_showers

    files = window_toy.write(tmp_path, energies_mev=(1024.0, 2048.0), n=20)
    cells, conditions = window_toy.showers(2048.0, 20)
    del conditions["pconfig"]
    write_showers(files[1], "calochallenge", ATLAS_WINDOW, conditions, [cells], {})
    data = load(files, held_back=0.25)
    assert "pconfig" not in data.conditions and "econfig" in data.conditions
    with pytest.raises(InputFileError, match=r"photons-2048.h5: .*while other files have it"):
        conditions_for(data, Terms((ENERGY, PCONFIG)).encoding)


def test_values_without_a_code_are_named(showers: TrainingData) -> None:
    strange = {**showers.conditions, "pconfig": showers.conditions["pconfig"] + 2}
    with pytest.raises(UsageError, match=r"'pconfig' has the values 4, 5 .codes knows 0, 1, 2, 3"):
        conditions_for(replace(showers, conditions=strange), Terms((ENERGY, PCONFIG)).encoding)


def test_one_energy_is_a_range_of_no_width(showers: TrainingData) -> None:
    one = {**showers.conditions, "energy_mev": np.full(len(showers.showers), 4096.0)}
    data = replace(showers, conditions=one)
    (energy,) = conditions_for(data, Terms((ENERGY,)).encoding)
    assert energy.low == energy.high == 4096.0
    assert np.ptp(data.encode(Terms((ENERGY,)).encoding)) == 0


def test_an_impact_position_may_lie_a_little_outside_of_those_trained_on(
    showers: TrainingData,
) -> None:
    """Else half of all files of the same beam hold a shower that a generator refuses."""
    _, eta = conditions_for(showers, Terms((ENERGY, ETA)).encoding)
    inside = showers.conditions["ripos_eta"]
    assert eta.low is not None
    assert eta.high is not None
    margin = 10 * np.ptp(inside) / len(inside)
    assert eta.low == pytest.approx(inside.min() - margin)
    assert eta.high == pytest.approx(inside.max() + margin)
    fresh = np.random.default_rng(9).uniform(-0.0125, 0.0125, 100_000)
    assert eta.low < fresh.min()
    assert eta.high > fresh.max()
