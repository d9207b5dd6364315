"""The rule that judges a number with an error, and every check on samples made to fail it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from caloexport.report.figures.comparisons import figures
from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import LayeredMesh, Mesh, MeshLayer
from caloexport.runtime.window_mesh import WindowLayer, WindowMesh
from caloexport.showers import from_arrays, open_showers, sample
from caloexport.showers.showers import Showers
from caloexport.validation.checks import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Compared,
    Finding,
    checks,
)
from caloexport.validation.judging import judge_windows
from caloexport.validation.observables import observables
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge


def window(
    value: float, error: float | None = 0.01, floor: float | None = 0.01
) -> dict[str, object]:
    estimate = {"value": value, "error": error, "floor": floor}
    counts = {"n_reference": 10_000, "n_generated": 10_000}
    return {"low_mev": 1e3, "high_mev": 2e3, **counts, "metrics": {"ratio": estimate}}


@pytest.mark.parametrize(
    ("value", "error", "floor", "status"),
    [
        (1.02, 0.01, 0.01, PASS),
        (0.95, 0.001, 0.01, FAIL),
        (1.05, 0.02, 0.02, NOT_APPLICABLE),  # equal samples of this size differ as much
        (1.0, None, None, PASS),  # the same showers
        (1.02, None, None, NOT_APPLICABLE),
    ],
)
def test_a_difference_is_judged_with_its_error(
    value: float, error: float | None, floor: float | None, status: str
) -> None:
    found = judge_windows(Compared([window(value, error, floor)], 0), "ratio", 0.03, "ratio")
    assert (found.status, found.value, found.error) == (status, value, error)
    assert found.where.startswith("1 GeV to 2 GeV")


def test_the_worst_window_decides() -> None:
    windows = [window(1.01), window(0.90), window(1.08), window(1.2, None, None)]
    found = judge_windows(Compared(windows, 0), "ratio", 0.03, "ratio")
    assert (found.status, found.value) == (FAIL, 0.90)
    empty = {"low_mev": 1.0, "high_mev": 2.0, "metrics": {}}
    assert judge_windows(Compared([empty], 0), "ratio", 0.03, "ratio").status == NOT_APPLICABLE


def test_a_distance_is_held_against_the_threshold_less_its_floor() -> None:
    found = judge_windows(Compared([window(0.12, 0.001, 0.05)], 0), "ratio", 0.10, "distance")
    assert (found.status, found.limit) == (PASS, pytest.approx(0.15))
    found = judge_windows(Compared([window(0.16, 0.001, 0.05)], 0), "ratio", 0.10, "distance")
    assert (found.status, found.floor) == (FAIL, 0.05)


def test_the_more_is_looked_at_the_more_errors_a_failure_takes() -> None:
    windows = [window(1.06, 0.01, 0.01)]
    statuses = [
        judge_windows(Compared(windows, 0, comparisons=n), "ratio", 0.03, "ratio").status
        for n in (1, 10**6)
    ]
    assert statuses == [FAIL, NOT_APPLICABLE]


def test_where_windows_cannot_tell_their_average_does() -> None:
    """Of 16 windows with an error of 0.04 the average has 0.01."""
    for value, status in ((1.06, FAIL), (1.02, PASS)):
        windows = [window(value + (0.03, -0.03)[k % 2], 0.04, 0.0) for k in range(16)]
        assert judge_windows(Compared(windows[:1], 0), "ratio", 0.03, "ratio").status != PASS
        found = judge_windows(Compared(windows, 0), "ratio", 0.03, "ratio")
        assert (found.status, found.value) == (status, pytest.approx(value))
        assert found.error == pytest.approx(0.01)


def test_a_ratio_far_from_one_has_a_large_error_that_is_small_in_units_of_it() -> None:
    """12 ± 4 is three errors from 1, but no chance that 1 ± 0.3 has."""
    found = judge_windows(Compared([window(12.0, 4.0, 0.1)], 0), "ratio", 0.2, "ratio")
    assert (found.status, found.value, found.error) == (FAIL, 12.0, 4.0)


@pytest.fixture(scope="module")
def real() -> Showers:
    with open_showers(sample("siw")) as showers:
        chosen = slice(0, 128)
        conditions = {name: values[chosen] for name, values in showers.conditions.items()}
        return from_arrays(showers.read(chosen), showers.mesh, conditions, name="real")


def findings(real: Showers, change: Callable[[Float32], Float32]) -> dict[str, Finding]:
    other = from_arrays(change(real.read()), real.mesh, real.conditions, name="changed")
    return dict(judge(real, other, load_profile(), [(1e3, 64.1e3)]).findings)


def statuses(real: Showers, change: Callable[[Float32], Float32]) -> dict[str, str]:
    return {code: found.status for code, found in findings(real, change).items()}


NONE = dict.fromkeys(("EN003", "CX002"), NOT_APPLICABLE)  # one energy window, and no model
ALL_PASS = dict.fromkeys(load_profile(), PASS) | NONE


def test_the_sample_itself_passes(real: Showers) -> None:
    assert statuses(real, lambda cells: cells) == ALL_PASS


def test_a_scale_of_five_per_cent_fails_the_energy_only(real: Showers) -> None:
    assert statuses(real, lambda cells: 1.05 * cells) == {**ALL_PASS, "EN001": FAIL}


def test_two_layers_deeper_fails_profile_and_mean_depth(real: Showers) -> None:
    found = statuses(real, lambda cells: np.roll(cells, 2, axis=3))
    assert found == {**ALL_PASS, "SH001": FAIL, "SH003": FAIL}


def test_cells_that_are_no_energies_fail_and_nothing_else_applies(real: Showers) -> None:
    def spoil(cells: Float32) -> Float32:
        spoilt = cells.copy()
        spoilt[3, 0, 0, :2] = np.nan, -1.0
        return spoilt

    found = findings(real, spoil)
    assert (found.pop("NU001")) == Finding(FAIL, 2.0)
    assert {one.status for one in found.values()} == {NOT_APPLICABLE}


def test_too_few_showers_for_every_check_are_no_pass(real: Showers) -> None:
    windows = [(1e3, 64.1e3)]
    usual, other = (
        from_arrays(
            real.read(few), real.mesh, {name: one[few] for name, one in real.conditions.items()}
        )
        for few in (slice(0, 2), slice(2, 4))
    )
    undecided = judge(usual, other, load_profile(), windows)
    status = {code: found.status for code, found in undecided.findings.items()}
    assert status == {**dict.fromkeys(ALL_PASS, NOT_APPLICABLE), "NU001": PASS}
    assert not undecided.passed
    assert undecided.reason == "nothing was compared: too few showers to tell"
    decided = judge(usual, usual, load_profile(), windows)
    assert (decided.passed, decided.reason) == (True, None)


def test_every_check_says_why_it_matters_and_what_makes_it_fail() -> None:
    for code in checks:
        check = checks[code]
        for words in (check.title, check.why, check.cause):
            assert 30 < len(words) < 150, code
            assert words[-1] not in ".,;", code


def test_every_check_that_compares_has_a_figure_that_is_drawn() -> None:
    drawn = {*figures, *(name.replace("_", "-") for name in observables)}
    for code in checks:
        check = checks[code]
        assert check.figure in drawn if check.compares else not check.figure, code


def test_the_default_profile_runs_every_check_and_the_strict_one_demands_more() -> None:
    default, strict = load_profile("default"), load_profile("strict")
    assert set(default) == set(strict) == set(checks)
    for code, demand in strict.items():
        assert demand.required
        assert demand.threshold <= default[code].threshold


def test_another_mesh_is_refused(real: Showers) -> None:
    with (
        open_showers(sample("scipb")) as other,
        pytest.raises(UsageError, match="compare showers of the same mesh"),
    ):
        judge(real, other, load_profile())


def windows(d_eta: float) -> Mesh:
    return WindowMesh((WindowLayer(0, 2, 2, d_eta, 0.1), WindowLayer(1, 2, 1, d_eta, 0.1)))


def rings(edge: float) -> Mesh:
    return LayeredMesh((MeshLayer(0, (0.0, 1.0, edge), 3),))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (windows(0.1), windows(0.2), "2 x 2 of 0.2 x 0.1, 2 x 1 of 0.2 x 0.1 rad, the reference"),
        (rings(5.0), rings(6.0), "2 x 3 to 6 mm, order z, phi, r, the reference"),
    ],
    ids=["window", "layered"],
)
def test_as_many_cells_of_other_sizes_are_refused(one: Mesh, other: Mesh, told: str) -> None:
    cells = np.random.default_rng(0).random((8, 6))
    usual, found = (from_arrays(cells, mesh, {"energy_mev": np.ones(8)}) for mesh in (one, other))
    with pytest.raises(UsageError, match=told):
        judge(usual, found, load_profile())
    assert judge(usual, usual, load_profile()).windows
