"""Where numbers are placed among published ones: by errors, and with what keeps them from comparing."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.validation.distances import DistanceResult
from caloexport.validation.published import load_published
from caloexport.validation.standing import places, standing

RESULT = DistanceResult("fpd", 0.113, 0.001, 0.01, 0.001, 60_000, 60_000, "calochallenge", 46)


def test_a_number_is_placed_between_its_neighbours() -> None:
    table = load_published("calochallenge1-pions")
    time = standing(table, "cpu_ms 1", 0.4)
    assert (time.rank, time.models, time.better, time.worse) == (1, 12, None, "DNN CaloSim")
    assert (time.floor, time.floor_error) == (None, None)
    assert str(time) == "1 of 13, ahead of DNN CaloSim"
    middle = standing(table, "fpd", 0.1)
    assert (middle.rank, middle.better, middle.worse) == (7, "CaloVAE+INN", "CaloShowerGAN")
    assert middle.floor == pytest.approx(0.511e-3)
    assert middle.floor_error == pytest.approx(0.073e-3)
    last = standing(table, "auc_high", 1.0)
    assert (last.rank, last.worse, last.level) == (13, None, ())
    large_batch = standing(load_published("calochallenge2"), "cpu_ms 10000", 1.0)
    assert large_batch.models == 11  # the others were too slow


def test_models_within_two_errors_are_level() -> None:
    """CaloShowerGAN has 113.2 ± 0.67, Calo-VQ 127 ± 0.68 times 1e-3."""
    table = load_published("calochallenge1-pions")
    near = standing(table, "fpd", 0.1120, 0.0002)
    assert near.level == ("CaloShowerGAN",)  # by the published error alone
    assert (near.rank, near.better, near.worse) == (7, "CaloVAE+INN", "Calo-VQ")
    assert str(near).startswith("7 to 8 of 13, level with CaloShowerGAN, behind CaloVAE+INN")
    assert standing(table, "fpd", 0.1110, 0.0002).level == ()
    wide = standing(table, "fpd", 0.119, 0.005)
    assert wide.level == ("CaloShowerGAN", "Calo-VQ")
    assert wide.models == 12
    assert standing(table, "cpu_ms 1", 3.85).level == ("DNN CaloSim",)


def test_what_does_not_compare_says_so() -> None:
    table = load_published("calochallenge1-pions")
    few = replace(RESULT, departures=("draws of 256 showers at most", "features of before"))
    nothing = replace(RESULT, name="kpd", value=math.nan)
    unknown = replace(RESULT, name="coverage")
    found = places(table, [RESULT, few, nothing, unknown])
    same, placed = found.standings
    assert same.departures == ()
    assert "not comparable" not in str(same)
    told = "not comparable: draws of 256 showers at most; features of before"
    assert str(placed).endswith(told)
    written = json.loads(json.dumps(found.to_json()))
    assert written["standings"][1]["departures"] == list(few.departures)
    assert written["table"] == "calochallenge1-pions"
    assert written["unverified"]
    assert (placed.rank, placed.level) == (same.rank, same.level)


def test_what_is_no_published_number_is_refused() -> None:
    table = load_published("calochallenge2")
    with pytest.raises(UnknownName, match="did you mean 'fpd'"):
        standing(table, "fdp", 1.0)
    with pytest.raises(UsageError, match="fpd = nan"):
        standing(table, "fpd", math.nan)
    with pytest.raises(UsageError, match="has no place"):
        standing(table, "fpd", 1.0, math.nan)
