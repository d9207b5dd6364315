"""The table that holds several models against each other, on verdicts made by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from caloexport.validation.models_compared import MetricRow, ModelsCompared, compare_verdicts
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import Verdict, judge, judge_each

#: value, error and floor of a metric in one window
Told = tuple[float, float | None, float | None]


def window(number: int, metrics: dict[str, Told], **others: float) -> dict[str, Any]:
    names = ("value", "error", "floor")
    return {
        "low_mev": 1e3 * 2**number,
        "high_mev": 2e3 * 2**number,
        **others,
        "n_reference": 100,
        "n_generated": 100,
        "metrics": {name: dict(zip(names, told, strict=True)) for name, told in metrics.items()},
    }


def verdict(*windows: dict[str, Told]) -> Verdict:
    told = [window(number, metrics) for number, metrics in enumerate(windows)]
    return Verdict("reference", "generated", told, {}, {}, [])


def row(found: ModelsCompared, metric: str) -> MetricRow:
    [one] = [one for one in found.rows if one.metric == metric]
    return one


def ratios(*told: Told) -> Verdict:
    return verdict(*({"response_ratio": one} for one in told))


def test_high_here_and_low_there_is_not_right_on_average() -> None:
    found = compare_verdicts({"a": ratios((1.05, 0.03, 0.01), (0.93, 0.04, 0.03))})
    score = row(found, "response_ratio").scores["a"]
    assert score.mean == pytest.approx(0.06)
    assert score.error == pytest.approx(0.025)
    assert score.floor == pytest.approx(0.02)
    assert (score.worst, score.worst_error) == (pytest.approx(-0.07), 0.04)
    assert (score.where, score.windows) == ("2 GeV to 4 GeV", 2)


def test_windows_whose_names_round_to_the_same_count_each() -> None:
    angles = [
        window(
            0, {"hit_azimuth_distance": (value, 0.1, 0.1)}, low_theta_rad=low, high_theta_rad=low
        )
        for value, low in ((0.2, 1.5701), (0.4, 1.5707))
    ]
    told = Verdict("reference", "generated", [], {}, {}, [], whole=angles)
    score = row(compare_verdicts({"a": told}), "hit_azimuth_distance").scores["a"]
    assert (score.windows, score.where) == (2, "90°")
    assert score.mean == pytest.approx(0.3)


def test_shifts_and_distances_are_measured_from_zero() -> None:
    found = compare_verdicts(
        {"a": verdict({"depth_shift": (-0.2, 0.1, 0.1), "phi_l1": (0.3, 0.1, 0.1)})}
    )
    assert row(found, "depth_shift").scores["a"].mean == 0.2
    assert row(found, "depth_shift").scores["a"].worst == -0.2
    assert row(found, "phi_l1").scores["a"].mean == 0.3
    assert [one.ideal for one in found.rows] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("first", "second", "best"),
    [
        ((1.00, 0.01, 0.01), (1.05, 0.01, 0.01), "a"),  # 0.05 apart, with an error of 0.014
        ((1.05, 0.01, 0.01), (0.98, 0.01, 0.01), "b"),
        ((1.00, 0.01, 0.01), (1.02, 0.01, 0.01), None),
        ((1.00, 0.03, 0.01), (1.05, 0.01, 0.01), None),
        ((1.00, None, None), (1.05, 0.01, 0.01), None),  # too few showers to tell
        ((1.00, 0.01, 0.01), (1.05, None, None), None),
    ],
)
def test_the_best_is_nearer_by_more_than_the_errors(first: Told, second: Told, best: str) -> None:
    found = compare_verdicts({"a": ratios(first), "b": ratios(second)})
    assert row(found, "response_ratio").best == best


def test_the_best_of_three_is_nearer_than_each() -> None:
    far, near, nearly = ((1.2, 0.01, 0.01), (1.03, 0.01, 0.01), (1.04, 0.01, 0.01))
    found = compare_verdicts({"a": ratios(far), "b": ratios(near), "c": ratios(nearly)})
    assert row(found, "response_ratio").best is None
    found = compare_verdicts({"a": ratios(far), "b": ratios(near)})
    assert row(found, "response_ratio").best == "b"


def test_models_are_compared_where_all_of_them_can_be() -> None:
    both, low = {"response_ratio": (1.1, 0.01, 0.01)}, {"response_ratio": (1.0, 0.01, 0.01)}
    only: dict[str, Told] = {"lateral_l1": (0.1, 0.01, 0.01)}
    found = compare_verdicts({"a": verdict(both, low), "b": verdict(both, only)})
    ratio = row(found, "response_ratio")
    assert [score.windows for score in ratio.scores.values()] == [1, 1]
    assert ratio.scores["a"].mean == pytest.approx(0.1)
    assert list(row(found, "lateral_l1").scores) == ["b"]
    assert row(found, "lateral_l1").best is None
    apart = compare_verdicts({"a": verdict(both, {}), "b": verdict({}, low)})
    assert apart.rows == []


def test_angles_are_windows_too() -> None:
    one = verdict({"response_ratio": (1.0, 0.01, 0.01)})
    angles = [
        window(0, {"hit_azimuth_distance": (far, 0.1, 0.1)}, low_theta_rad=low, high_theta_rad=low)
        for far, low in ((0.2, math.pi / 3), (0.4, math.pi / 2))
    ]
    told = Verdict("reference", "generated", one.windows, {}, {}, [], whole=angles)
    score = row(compare_verdicts({"a": told}), "hit_azimuth_distance").scores["a"]
    assert (score.mean, score.where) == (pytest.approx(0.3), "90°")


def showers(seed: int, scale: float = 1.0) -> Showers:
    random = np.random.default_rng(seed)
    mesh = CylinderMesh(3, 4, 5, 2.0, 3.0)
    energy = np.repeat([1e3, 8e3], 40)
    cells = random.gamma(2.0, 0.01, (80, *mesh.shape)) * energy[:, None, None, None]
    made = from_arrays((scale * cells).astype("f4"), mesh, {"energy_mev": energy})
    made.name = f"sample {seed}"
    return made


def test_each_is_judged_as_it_would_be_alone_and_the_reference_is_read_once() -> None:
    reference, models = showers(0), [showers(1), showers(2, 1.3)]
    alone = [judge(reference, one, load_profile()).to_json() for one in models]
    blocks = []
    seen: list[tuple[int, int]] = []
    watches = [
        (
            lambda energies, _, number=number: seen.append((number, len(energies))),
            lambda energies, _, number=number: seen.append((number + 10, len(energies))),
        )
        for number in range(2)
    ]
    read = reference._read_block
    reference._read_block = lambda start, stop: (blocks.append(start), read(start, stop))[1]
    steps: list[tuple[int, str]] = []
    verdicts = judge_each(
        reference, models, load_profile(), report=lambda done, _, text: steps.append((done, text)),
        watches=watches,
    )  # fmt: skip
    assert [one.to_json() for one in verdicts] == alone
    assert blocks == [0]
    assert seen == [(0, 80), (1, 80), (10, 80), (11, 80)]
    assert steps == [(80, "reference"), (80, "generated"), (160, "generated")]
    found = compare_verdicts({"right": verdicts[0], "wrong": verdicts[1]})
    assert (verdicts[0].passed, verdicts[1].passed, found.passed) == (True, False, False)
    told = found.to_json()
    assert told["schema"] == "caloexport.validate-models/1"
    assert [one["name"] for one in told["models"]] == ["right", "wrong"]
    response = next(one for one in told["table"] if one["metric"] == "response_ratio")
    assert response["best"] == "right"
    assert response["models"]["wrong"]["mean"] == pytest.approx(0.3, abs=0.01)
