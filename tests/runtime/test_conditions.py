from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import SLACK, Condition, gather
from caloexport.runtime.errors import OutOfRange, UnknownName, UsageError

ENERGY = Condition("energy_mev", 1_000.0, 64_000.0)
ANGLE = Condition("theta_rad", 1.0, 1.5)
GEOMETRY = Condition("geometry", categories=("siw", "scipb"))
ALL = (ENERGY, ANGLE, GEOMETRY)
GIVEN: dict[str, Any] = {"energy_mev": 2e3, "theta_rad": 1.2, "geometry": "siw"}


def test_dimension_follows_from_the_name() -> None:
    names = ("energy_mev", "impact_mm", "theta_rad", "geometry", "eta")
    assert [Condition(n).dimension for n in names] == ["energy", "length", "angle", None, None]


def test_error_policy_names_value_and_range() -> None:
    with pytest.raises(
        OutOfRange, match=r"energy_mev = 70000 is outside .* 1000 to 64000"
    ) as caught:
        ENERGY.admit(np.array([2e3, 7e4]), "error")
    assert "clamp" in str(caught.value.hint)


def test_rounding_of_the_ends_is_not_outside() -> None:
    slack = SLACK * 64_000
    admitted = ENERGY.admit(np.array([1_000 - 0.9 * slack, 64_000 + 0.9 * slack]), "error")
    np.testing.assert_array_equal(admitted, [1_000.0, 64_000.0])
    with pytest.raises(OutOfRange):
        ENERGY.admit(np.array([64_000 + 1.1 * slack]), "error")
    as_float32 = np.float32(math.pi / 2)  # above π/2 in float64
    assert Condition("theta_rad", 1.0, math.pi / 2).admit(np.array([as_float32]), "error")[0] <= 1.6


def test_clamp_and_extrapolate() -> None:
    values = np.array([500.0, 2e3, 1e5])
    np.testing.assert_array_equal(ENERGY.admit(values, "clamp"), [1_000.0, 2e3, 64_000.0])
    np.testing.assert_array_equal(ENERGY.admit(values, "extrapolate"), values)


@pytest.mark.parametrize("policy", ["error", "clamp", "extrapolate"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (math.nan, "energy_mev is not a finite number"),
        (math.inf, "energy_mev is not a finite number"),
        (-1.0, "energy_mev = -1 is negative"),
        ("50GeV", "energy_mev = .*50GeV.* is not a number"),
    ],
)
def test_no_policy_admits_nonsense(policy: Any, value: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ENERGY.admit(np.array([value]), policy)


def test_a_condition_without_range_admits_everything_finite() -> None:
    np.testing.assert_array_equal(Condition("eta").admit(np.array([-1e9]), "error"), [-1e9])


def test_categories() -> None:
    with pytest.raises(UnknownName, match=r"unknown geometry 'siv' .did you mean 'siw'"):
        GEOMETRY.admit(np.array(["siw", "siv"]), "extrapolate")


@pytest.mark.parametrize(
    "fields",
    [
        {"low": 1.0},
        {"high": 1.0},
        {"low": 2.0, "high": 1.0},
        {"low": math.nan, "high": 1.0},
        {"categories": ("a", "a")},
        {"categories": ("a",), "low": 0.0, "high": 1.0},
    ],
)
def test_senseless_conditions_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="condition 'eta'"):
        Condition("eta", **fields)


def test_gather_repeats_scalars_and_keeps_arrays() -> None:
    given = {**GIVEN, "energy_mev": [1e3, 2e3, 3e3], "geometry": np.array(["siw", "scipb", "siw"])}
    found = gather(ALL, given, 3, "error")
    np.testing.assert_array_equal(found["energy_mev"], [1e3, 2e3, 3e3])
    np.testing.assert_array_equal(found["theta_rad"], [1.2] * 3)
    assert list(found["geometry"]) == ["siw", "scipb", "siw"]


def test_gather_nothing() -> None:
    assert all(array.shape == (0,) for array in gather(ALL, GIVEN, 0, "error").values())


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"energy_mev": None}, UsageError, "condition 'energy_mev' is missing"),
        ({"energy": 1e3}, UnknownName, "unknown condition 'energy' .did you mean 'energy_mev'"),
        ({"energy_mev": [1e3, 2e3]}, UsageError, r"has shape \(2,\), expected one value or \(3,\)"),
        ({"energy_mev": [[1e3, 2e3, 3e3]]}, UsageError, r"has shape \(1, 3\)"),
        ({"energy_mev": [[1e3], [2e3, 3e3]]}, UsageError, "is not one value or a list of 3"),
        ({"energy_mev": {"GeV": 5}}, UsageError, "is not a number"),
    ],
)
def test_gather_refuses(change: dict[str, Any], error: type[UsageError], message: str) -> None:
    with pytest.raises(error, match=message):
        gather(ALL, {**GIVEN, **change}, 3, "error")


@pytest.mark.parametrize("policy", [None, 1, [], np.array(["error", "clamp"])])
def test_a_policy_that_is_no_name(policy: Any) -> None:
    with pytest.raises(UnknownName, match="unknown out-of-range policy"):
        gather(ALL, GIVEN, 1, policy)


def test_a_number_beyond_all_floats() -> None:
    with pytest.raises(UsageError, match=r"energy_mev = 1000.* is not a number"):
        gather(ALL, {**GIVEN, "energy_mev": 10**400}, 1, "clamp")


def test_unknown_policy() -> None:
    with pytest.raises(UnknownName, match="unknown out-of-range policy 'clip'"):
        gather(ALL, GIVEN, 1, "clip")  # type: ignore[arg-type]


def test_a_single_allowed_value_may_be_left_out() -> None:
    only = (Condition("energy_mev", 5.0, 5.0), Condition("geometry", categories=("siw",)))
    found = gather(only, {}, 2, "error")
    np.testing.assert_array_equal(found["energy_mev"], [5.0, 5.0])
    assert list(found["geometry"]) == ["siw", "siw"]
