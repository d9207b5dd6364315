from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UnknownName, UsageError
from caloexport.training.data import TrainingData
from caloexport.training.terms import Terms, conditions_for
from tests.caloexport.training import window_toy

ENERGY = {"kind": "standardised_log", "condition": "energy_mev", "mean": 9.7, "sigma": 1.76}
ETA = {"kind": "linear", "condition": "ripos_eta", "offset": 0.0, "scale": 0.0072}
CODE = {"kind": "one_hot", "condition": "pconfig", "codes": {str(k): k for k in range(4)}}
CODE |= {"size": 4}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("showers"), n=40)


def test_conditions_have_the_ranges_and_categories_of_the_data(data: TrainingData) -> None:
    energy, code = conditions_for(data, Terms((ENERGY, CODE)).encoding)
    assert (energy.low, energy.high) == (1024.0, 262144.0)  # to the digit
    assert code.categories == ("0", "1", "2", "3")


def test_an_impact_position_may_lie_a_little_outside_of_those_trained_on(
    data: TrainingData,
) -> None:
    """Else half of all files of the same beam hold a shower that a generator refuses."""
    _, eta = conditions_for(data, Terms((ENERGY, ETA)).encoding)
    inside = data.conditions["ripos_eta"]
    assert eta.low is not None
    assert eta.high is not None
    margin = 10 * np.ptp(inside) / len(inside)
    assert eta.low == pytest.approx(inside.min() - margin)
    assert eta.high == pytest.approx(inside.max() + margin)
    fresh = np.random.default_rng(9).uniform(-0.0125, 0.0125, 100_000)
    assert eta.low < fresh.min()
    assert eta.high > fresh.max()


def test_a_condition_that_the_files_lack_is_named(data: TrainingData) -> None:
    less = {k: v for k, v in data.conditions.items() if k != "ripos_eta"}
    with pytest.raises(InputFileError, match="needs the condition 'ripos_eta'") as raised:
        conditions_for(replace(data, conditions=less), Terms((ENERGY, ETA)).encoding)
    assert "photons-1024.h5" in str(raised.value)


def test_a_category_without_a_code_is_named(data: TrainingData) -> None:
    narrow = {**CODE, "codes": {"0": 0, "1": 1}}
    with pytest.raises(UsageError, match="'pconfig' has the values 2, 3"):
        conditions_for(data, Terms((ENERGY, narrow)).encoding)


@pytest.mark.parametrize(
    ("terms", "match"),
    [
        (({"kind": "linear"},), "term 0 of terms has no 'condition'"),
        ((ENERGY, {"condition": "eta"}), "term 1 of terms has no 'kind'"),
        ((ETA,), "no term reads the condition 'energy_mev'"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    terms: tuple[dict[str, object], ...], match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        Terms(terms)


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'linear'"):
        Terms((ENERGY, {"kind": "liner", "condition": "ripos_eta"}))
