"""What the distances of the registry give for samples of one law, of another, and of too few."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import MissingDependency
from caloexport.validation.distances import DistanceResult, distances
from caloexport.validation.distances.fpd import Moments, fpd_floor, frechet, moments, sample_sizes
from caloexport.validation.distances.kpd import discrepancy, kpd, kpd_floor
from caloexport.validation.distances.prdc import prdc
from caloexport.validation.halves import size_ratio
from caloexport.validation.rows import Rows
from tests.caloexport.validation.cylinder_showers import MESH

#: name of the distance -> numbers that it gives, and of which of them small is good
NUMBERS = {"fpd": ("fpd",), "kpd": ("kpd",), "prdc": ("precision", "recall", "density", "coverage")}
NEEDED = {"fpd": 60, "kpd": 50, "prdc": 12}


def sample(seed: int, n: int = 600, shift: float = 0.0) -> Float64:
    random = np.random.default_rng(seed)
    return random.normal(shift, 1.0, (n, 6)) * np.arange(1, 7) + 20


def rows(values: Float64, *departures: str) -> Rows:
    return Rows(values, np.ones(len(values)), MESH, "numbers", departures)


def compute(name: str, usual: Float64, found: Float64, seed: int = 42) -> list[DistanceResult]:
    return list(distances[name].compute(rows(usual), rows(found), seed))


def test_every_distance_is_here() -> None:
    classifiers = {name for name in distances if name.startswith("auc_")}  # in a file of their own
    assert set(NUMBERS) | classifiers == set(distances)


@pytest.mark.parametrize("name", NUMBERS)
def test_another_law_stands_out_of_the_floor_and_the_same_does_not(name: str) -> None:
    other = compute(name, sample(0), sample(1, shift=1.5))
    alike = compute(name, sample(0), sample(2))
    assert [one.name for one in other] == [one.name for one in alike] == list(NUMBERS[name])
    for far, near in zip(other, alike, strict=True):
        assert far.floor == near.floor
        assert abs(far.value - far.floor) > 3 * math.hypot(far.error, far.floor_error)
        assert abs(near.value - near.floor) < 0.3 * abs(far.value - far.floor)
        assert min(far.error, far.floor_error) > 0


@pytest.mark.parametrize("name", NUMBERS)
def test_it_is_deterministic_and_becomes_json(name: str) -> None:
    first, again = (compute(name, sample(0, 200), sample(1, 150), 7) for _ in range(2))
    assert first == again
    for one in first:
        told = json.loads(json.dumps(one.to_json()))
        assert told["name"] in NUMBERS[name]
        assert (told["value"], told["floor"]) == (one.value, one.floor)
        assert told["sample_sizes"] == list(one.sample_sizes) != []
        assert (told["features"], told["n_features"]) == ("numbers", 6)
        assert told["published_settings"] is False
        assert "published of" in told["departures"][0]


@pytest.mark.parametrize("name", NUMBERS)
def test_too_few_showers_give_no_number_but_the_number_needed(name: str) -> None:
    needed = NEEDED[name]
    enough = compute(name, sample(0, needed), sample(1, needed))
    assert all(math.isfinite(one.value) for one in enough)
    for counts in ((needed - 1, 500), (1, 1)):
        for one in compute(name, sample(0, counts[0]), sample(1, counts[1])):
            assert math.isnan(one.value)
            assert one.to_json()["value"] is None
            assert (one.n_reference, one.n_generated) == counts
            assert "needs" in one.notes[0]


@pytest.mark.parametrize("name", NUMBERS)
def test_features_without_spread_and_equal_showers_are_no_trouble(name: str) -> None:
    flat = np.column_stack([np.zeros(300), np.ones(300), np.arange(300.0)])
    for other in (flat, np.zeros_like(flat)):
        for one in compute(name, flat, other):
            assert math.isfinite(one.value)
            assert math.isfinite(one.floor)


def test_published_sizes_are_said_to_be_so() -> None:
    usual, found = (np.random.default_rng(seed).normal(size=(50_000, 1)) for seed in (1, 2))
    [one] = compute("fpd", usual, found)
    assert one.published_settings
    assert one.departures == ()
    assert one.sample_sizes[-1] == 49_999


def test_fpd_names_what_it_lacks_before_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(MissingDependency, match=r"caloexport\[distances\]"):
        compute("fpd", sample(0, 60), sample(1, 60))


def by_formula(one: Float64, other: Float64) -> float:
    """Fréchet distance by the eigenvalues of the product of the covariances."""
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    root = np.sqrt(np.linalg.eigvals(first @ second).real).sum()
    apart = np.square(one.mean(axis=0) - other.mean(axis=0)).sum()
    return float(apart + np.trace(first) + np.trace(second) - 2 * root)


def test_drawn_moments_and_their_distance_are_those_of_the_drawn_rows() -> None:
    random = np.random.default_rng(3)
    usual, found = sample(1, 80), sample(2, 90) @ random.normal(size=(6, 6))
    drawn = [random.integers(len(rows), size=70) for rows in (usual, found)]
    first, second = moments(usual, drawn[0]), moments(found, drawn[1])
    assert first.mean == pytest.approx(usual[drawn[0]].mean(axis=0))
    assert first.root @ first.root.T == pytest.approx(np.cov(usual[drawn[0]], rowvar=False))
    assert frechet(first, second) == pytest.approx(by_formula(usual[drawn[0]], found[drawn[1]]))
    assert frechet(first, first) == pytest.approx(0, abs=1e-12)


def test_a_singular_covariance_has_a_distance() -> None:
    line = Moments(np.zeros(2), np.array([[2.0, 0.0], [0.0, 0.0]]))
    other = Moments(np.array([0.0, 3.0]), np.array([[0.0, 0.0], [0.0, 1.0]]))
    assert frechet(line, other) == pytest.approx(9 + 4 + 1)


@pytest.mark.parametrize("d", [1, 6, 40])  # by moments, by moments, and by pairs
def test_discrepancy_is_that_of_all_pairs(d: int) -> None:
    random = np.random.default_rng(4)
    one, other = random.normal(0.6, 0.1, (1100, d)), random.normal(0.7, 0.1, (700, d))
    kernel = lambda x, y: (x @ y.T / d + 1) ** 4
    within = [
        (kernel(rows, rows).sum() - np.trace(kernel(rows, rows))) / (len(rows) * (len(rows) - 1))
        for rows in (one, other)
    ]
    expected = sum(within) - 2 * kernel(one, other).mean()
    assert discrepancy(one, other) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_floor_of_fpd_is_what_alike_samples_have() -> None:
    found = [compute("fpd", sample(2 * i, 400), sample(2 * i + 1, 800))[0] for i in range(100, 110)]
    assert_alike([one.floor for one in found], [one.value for one in found])


def test_the_floor_of_kpd_is_what_alike_samples_have() -> None:
    """Held for draws that are larger than the samples, in which the samples' own noise is seen."""
    pairs = [(sample(2 * i, 40), sample(2 * i + 1, 80)) for i in range(100, 130)]
    floors = [size_ratio(40, 80) * kpd_floor(usual, 300)[0] for usual, _ in pairs]
    assert_alike(floors, [kpd(*pair, batch_size=300)[0] for pair in pairs])


def assert_alike(floors: list[float], values: list[float]) -> None:
    error = math.hypot(np.std(floors, ddof=1), np.std(values, ddof=1)) / math.sqrt(len(values))
    assert abs(np.mean(floors) - np.mean(values)) < 3 * error
    assert error < 0.2 * np.mean(values)


def test_floors_do_not_need_a_generated_sample() -> None:
    usual = sample(6)
    whole, half = (fpd_floor(usual, sample_sizes(120, 600), ratio) for ratio in (1.0, 0.5))
    assert whole[0] > half[0] > 0
    assert kpd_floor(usual, 120)[1] > 0


def by_brute_force(usual: Float64, found: Float64, k: int) -> dict[str, float]:
    """Return the four numbers from all pairs, as the formulas read."""
    apart = lambda a, b: np.linalg.norm(a[:, None] - b[None], axis=2)
    radii = [np.sort(apart(rows, rows), axis=1)[:, k] for rows in (usual, found)]
    across = apart(usual, found)
    inside = across < radii[0][:, None]
    return {
        "precision": inside.any(axis=0).mean(),
        "recall": (across < radii[1][None]).any(axis=1).mean(),
        "density": inside.sum(axis=0).mean() / k,
        "coverage": (across.min(axis=1) < radii[0]).mean(),
    }


@pytest.mark.parametrize("k", [1, 5])
def test_prdc_is_that_of_all_pairs(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caloexport.validation.distances.prdc.BLOCK", 700)  # rows in seven blocks
    monkeypatch.setattr("caloexport.validation.distances.prdc.ROWS", 3)
    usual, found = sample(7, 70), sample(8, 50, shift=0.8)
    result = prdc(usual, found, k)
    expected = by_brute_force(usual, found, k)
    for name, value in expected.items():
        assert getattr(result, name).values.mean() == pytest.approx(value)
        assert 0 < value < 2


def test_what_a_shower_of_the_other_sample_holds_up_is_what_is_lost_without_it() -> None:
    usual, found, k = sample(7, 40), sample(8, 30, shift=0.8), 2
    result = prdc(usual, found, k)
    apart = lambda a, b: np.linalg.norm(a[:, None] - b[None], axis=2)
    radii = [np.sort(apart(rows, rows), axis=1)[:, k] for rows in (usual, found)]
    inside, within = apart(usual, found) < radii[0][:, None], apart(usual, found) < radii[1]
    for number, table, axis, mean in (
        (result.precision, inside, 0, lambda held: held.any(axis=0).mean()),
        (result.density, inside, 0, lambda held: held.sum(axis=0).mean() / k),
        (result.coverage, inside, 1, lambda held: held.any(axis=1).mean()),
        (result.recall, within, 1, lambda held: held.any(axis=1).mean()),
    ):
        lost = [mean(table) - mean(np.delete(table, one, axis)) for one in range(table.shape[axis])]
        assert number.others == pytest.approx(lost)
        assert max(lost) > 0


@pytest.mark.parametrize("shift", [0.0, 0.8])
def test_errors_of_prdc_cover_what_other_samples_would_give(shift: float) -> None:
    random = np.random.default_rng(3)
    drawn = [
        prdc(random.normal(size=(100, 6)), random.normal(shift, 1.0, (100, 6))) for _ in range(100)
    ]
    for name in NUMBERS["prdc"]:
        told = np.array([getattr(one, name).mean_and_error for one in drawn])
        # 100 pairs tell their spread to 7 %; between alike samples errors are rather too large
        assert 0.75 < told[:, 1].mean() / told[:, 0].std(ddof=1) < 2.0


def test_prdc_of_alike_samples_is_about_one() -> None:
    result = {one.name: one for one in compute("prdc", sample(9, 3000), sample(10, 1500), 0)}
    for name in ("density", "coverage"):
        assert result[name].value == pytest.approx(1, abs=0.06)
        assert result[name].floor == pytest.approx(1, abs=0.06)
    assert isinstance(result["recall"], DistanceResult)
    assert result["recall"].sample_sizes == (1500,)
