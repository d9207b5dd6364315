"""What the classifiers of the registry give, by small networks and few trees."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import MissingDependency, UsageError
from caloexport.validation.asked_distances import AskedDistances
from caloexport.validation.classifiers import boosted
from caloexport.validation.classifiers.inputs import feature_inputs
from caloexport.validation.classifiers.network import Settings
from caloexport.validation.classifiers.network_distance import network_distance
from caloexport.validation.compare_distances import ComparedDistances, compare_distances
from caloexport.validation.distances import DistanceResult, distances, silence, usual_distances
from caloexport.validation.measurement import ignore, measure
from caloexport.validation.rows import Rows
from caloexport.validation.verdict import Verdict
from tests.caloexport.validation.cylinder_showers import MESH, cylinder_showers
from tests.caloexport.validation.window_showers import window_showers

SMALL = Settings(width=16, depth=2, batch=100, epochs=12, rate=1e-2)
#: name of the distance -> numbers that it gives, and how many showers it needs
NUMBERS = {
    "auc_low": (("auc_low", "auc_low_uncalibrated", "jsd_low"), 500),
    "auc_low_normed": (("auc_low_normed", "auc_low_normed_uncalibrated", "jsd_low_normed"), 500),
    "auc_high": (("auc_high", "auc_high_uncalibrated", "jsd_high"), 500),
    "auc_boosted": (("auc_boosted",), 200),
    "auc_local": (("auc_local",), 200),
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    assert network_distance.__kwdefaults__["settings"] == Settings()
    monkeypatch.setitem(network_distance.__kwdefaults__, "settings", SMALL)
    monkeypatch.setitem(network_distance.__kwdefaults__, "trainings", 2)
    monkeypatch.setitem(boosted.TREES, "max_iter", 25)


def sample(seed: int, n: int = 600, shift: float = 0.0) -> Float64:
    return np.random.default_rng(seed).normal(shift, 1.0, (n, 6))


def rows(values: Float64) -> Rows:
    return Rows(values, np.ones(len(values)), MESH, "numbers")


def compute(name: str, usual: Float64, found: Float64, seed: int = 42) -> list[DistanceResult]:
    return list(distances[name].compute(rows(usual), rows(found), seed))


def test_every_classifier_is_here() -> None:
    assert set(NUMBERS) == {name for name in distances if name.startswith("auc_")}


@pytest.mark.parametrize("name", NUMBERS)
def test_scaled_showers_stand_out(name: str) -> None:
    usual, found = cylinder_showers(700, 1), cylinder_showers(650, 2, scale=2.0)
    results = compare_distances(usual, found, [name])
    assert tuple(one.name for one in results) == NUMBERS[name][0]
    for one in results:
        divergence = one.name.startswith("jsd")  # which so few showers tell badly
        assert abs(one.floor - (0.0 if divergence else 0.5)) < 3.5 * one.floor_error
        assert one.value > (one.floor if divergence else 0.5 + 3 * one.error)
        assert (one.n_reference, one.n_generated) == (650, 650)
    assert results[0].value > 0.8


@pytest.mark.parametrize("name", ["auc_high", "auc_boosted"])
def test_alike_samples_have_their_floor_and_it_is_written(name: str) -> None:
    said: list[str] = []
    results = distances[name].compute(rows(sample(0)), rows(sample(2)), 42, said.append)
    assert said[0].startswith(
        {
            "auc_high": "auc_high, training step 1 of ",
            "auc_boosted": "auc_boosted: trees for part 1",
        }[name]
    )
    assert len(said) > 5
    for one in results:
        middle = 0.0 if one.name.startswith("jsd") else 0.5
        assert abs(one.value - middle) < 3.5 * one.error
        told = json.loads(json.dumps(one.to_json()))
        assert (told["value"], told["floor"]) == (one.value, one.floor)
        assert (told["features"], told["n_features"]) == ("numbers", 6)
        assert sum(told["sample_sizes"]) == 600
        assert told["published_settings"] is False
        assert "published of" in told["departures"][0]


@pytest.mark.parametrize("name", NUMBERS)
def test_too_few_showers_give_no_number_but_the_number_needed(name: str) -> None:
    numbers, needed = NUMBERS[name]
    counts = ((needed - 1, 700), (700, needed - 1), (1, 1))
    cells = lambda n: np.ones((n, math.prod(MESH.shape)))
    for usual, found in counts:
        results = compute(name, cells(usual), cells(found))
        assert tuple(one.name for one in results) == numbers
        for one in results:
            assert math.isnan(one.value)
            assert one.notes == (f"needs {needed} showers of both",)


@pytest.mark.parametrize("name", ["auc_low_normed", "auc_boosted", "auc_local"])
def test_showers_without_any_energy_are_no_trouble(name: str) -> None:
    empty = np.zeros((NUMBERS[name][1], math.prod(MESH.shape)))
    for one in compute(name, empty, empty):
        assert one.value == pytest.approx(0.0 if one.name.startswith("jsd") else 0.5, abs=0.01)
        assert one.error > 0 or one.name.startswith("jsd")
        assert f"{len(empty)} generated showers are in the reference too" in one.notes[-1]


def test_copies_of_the_reference_are_said_to_be_some() -> None:
    usual, found = sample(1), sample(2)
    found[::2] = usual[:300]
    [one] = compute("auc_boosted", usual, found)
    assert one.notes == ("300 generated showers are in the reference too, which lowers AUC",)
    assert one.value < one.floor - one.error


def test_numbers_that_are_none_are_refused() -> None:
    usual, found = cylinder_showers(250, 1), cylinder_showers(250, 2)
    found.conditions["energy_mev"][3] = 0.0
    with pytest.raises(UsageError, match="without finite features"):
        compare_distances(usual, found, ["auc_boosted"])


def test_windows_of_cells_have_no_neighbours_that_are_told() -> None:
    usual, found = window_showers(n=4), window_showers(n=4, seed=1)
    [one] = compare_distances(usual, found, ["auc_local"])
    assert math.isnan(one.value)
    assert "needs a cylinder" in one.notes[0]
    low = compare_distances(usual, found, ["auc_low_normed"])
    assert "needs 500 showers" in low[0].notes[0]


def test_published_trainings_of_published_sizes_are_none_to_depart_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from caloexport.validation.classifiers import network_distance as module
    from caloexport.validation.classifiers.challenge import ClassifierTest

    numbers = dict.fromkeys(("auc", "auc_uncalibrated", "jsd"), (0.5, 0.01))
    spread = dict.fromkeys(numbers, 0.002)
    found = ClassifierTest(numbers, numbers, (60_000, 20_000, 20_000), spread)
    monkeypatch.setattr(module, "classifier_test", lambda *_, **__: found)
    both = rows(np.arange(1e5)[:, None]), rows(1e6 + np.arange(1e5)[:, None])
    for trainings, departures in ((10, ()), (3, ("3 trainings, published of 10",))):
        first, *_ = network_distance(
            "high", feature_inputs, *both, 1, trainings=trainings, settings=Settings()
        )
        assert first.departures == departures
        assert first.published_settings is (trainings == 10)
    assert first.notes == ("standard deviation of 3 trainings 0.002",)


def test_networks_are_trained_for_who_names_them_only() -> None:
    trained = {"auc_low", "auc_low_normed", "auc_high"}
    assert set(distances) - set(usual_distances()) == trained
    usual, found = cylinder_showers(6, 1), cylinder_showers(5, 2)
    names = {one.name for one in compare_distances(usual, found)}
    assert {"auc_boosted", "fpd"} < names
    assert not names & trained
    asked = AskedDistances(usual, found, ["all", "auc_low"])
    for showers, watch in zip((usual, found), asked.beside((ignore, ignore)), strict=True):
        measure(showers, watch=watch)
    nothing = Verdict("usual", "found", (), {}, {}, ())
    told = {one.name for one in asked.added_to(nothing, silence).distances}
    assert {*names, "auc_low"} < told


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("auc_high", "tensorflow", "train"), ("auc_boosted", "sklearn", "distances")],
)
def test_what_is_missing_is_named_before_showers_are_read(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    showers = cylinder_showers(3, 1)
    with pytest.raises(MissingDependency, match=rf"caloexport\[{extra}\]"):
        ComparedDistances(showers, showers, [name])
