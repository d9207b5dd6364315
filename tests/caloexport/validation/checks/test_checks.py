"""Every check on samples made to fail it, and the verdict on all of them."""

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
    UNDECIDED,
    Finding,
    checks,
)
from caloexport.validation.observables import observables
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge


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
    """Whatever the number of showers: no number of them would make a difference."""
    assert statuses(real, lambda cells: cells) == ALL_PASS


def test_a_scale_of_five_per_cent_fails_the_energy_only(real: Showers) -> None:
    found = statuses(real, lambda cells: 1.05 * cells)
    assert {code for code, status in found.items() if status == FAIL} == {"EN001"}
    assert {found[code] for code in ("SH001", "SH002", "SH003", "SH005")} == {PASS}


def test_two_layers_deeper_fails_profile_and_mean_depth(real: Showers) -> None:
    found = statuses(real, lambda cells: np.roll(cells, 2, axis=3))
    assert {code for code, status in found.items() if status == FAIL} == {"SH001", "SH003"}
    assert {found[code] for code in ("EN001", "SH002", "SH005", "CE001")} == {PASS}


def test_cells_that_are_no_energies_fail_and_nothing_else_applies(real: Showers) -> None:
    def spoil(cells: Float32) -> Float32:
        spoilt = cells.copy()
        spoilt[3, 0, 0, :2] = np.nan, -1.0
        return spoilt

    found = findings(real, spoil)
    first = "shower 3 has the energy nan MeV in cell (r=0, phi=0, z=0)"
    assert found.pop("NU001") == Finding(FAIL, 2.0, where=first)
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
    assert status == {**dict.fromkeys(ALL_PASS, UNDECIDED), "NU001": PASS, **NONE}
    assert not undecided.passed
    assert undecided.reason == "nothing was decided: too few showers to tell"
    assert undecided.sentence.startswith("fail: nothing was decided: too few showers to tell, 10 ")
    decided = judge(usual, usual, load_profile(), windows)
    assert (decided.passed, decided.reason) == (True, None)


def test_what_stays_open_stands_in_the_verdict(real: Showers) -> None:
    """Sixteen showers tell the scale, but no width."""
    usual, other = (
        from_arrays(
            real.read(few), real.mesh, {name: one[few] for name, one in real.conditions.items()}
        )
        for few in (slice(0, 16), slice(16, 32))
    )
    verdict = judge(usual, other, load_profile(), [(1e3, 64.1e3)])
    required = {code for code, demand in load_profile().items() if demand.required}
    still = {code for code, one in verdict.findings.items() if one.status == UNDECIDED}
    assert verdict.findings["EN001"].status == PASS
    assert verdict.undecided == [code for code in verdict.findings if code in still & required]
    assert {"EN002", "SH003"} < set(verdict.undecided)
    assert verdict.passed
    told = verdict.to_json()
    assert told["undecided"] == verdict.undecided
    needed = {one["code"]: one["showers_needed"] for one in told["checks"]}
    assert all(needed[code] > 16 for code in verdict.undecided)
    assert needed["EN001"] is None
    number = len(verdict.undecided)
    assert verdict.sentence.startswith(f"pass, {number} required checks undecided: EN002 (takes")
    assert f"SH003 (takes about {needed['SH003']} showers)" in verdict.sentence


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
