from __future__ import annotations

import json

import numpy as np
import pytest

from caloexport.report.energy_table import energy_tables
from caloexport.runtime.arrays import Float64
from caloexport.validation.energy_response import Curves, EnergyResponse, energy_response
from caloexport.validation.resolution_fit import ResolutionFit, fit_resolution
from caloexport.validation.within import within

ENERGIES = np.array([1e3, 4e3, 16e3, 64e3])


def sample(
    seed: int, n: int = 1500, scale: float = 1.0, widen: float = 1.0, slope: float = 0.0
) -> tuple[Float64, Float64]:
    """Return incident and total energies with σ/E = 10 %/√E ⊕ 1 %."""
    random = np.random.default_rng(seed)
    energy = np.repeat(ENERGIES, n)
    width = widen * np.hypot(0.1 / np.sqrt(energy / 1e3), 0.01)
    mean = scale * 0.18 * (1 + slope * np.log10(energy / 8e3))
    return energy, energy * mean * random.normal(1, width)


def test_errors_are_those_that_repeated_samples_have() -> None:
    """Pulls of ratios of samples of one law: their spread is 1 where the errors are right."""
    pulls = []
    for seed in range(12):
        found = energy_response(sample(2 * seed, 200), sample(2 * seed + 1, 200), seed=seed)
        for point in found.points:
            for one in (point.mean, point.width, point.core):
                assert one.ratio is not None
                assert one.ratio.error is not None
                pulls.append((one.ratio.value - 1) / one.ratio.error)
    assert np.mean(pulls) == pytest.approx(0, abs=0.2)
    assert np.std(pulls) == pytest.approx(1, abs=0.15)


def test_the_floor_is_how_far_samples_of_one_law_are_apart() -> None:
    """Mean |ratio - 1| over repeated samples, of which the generated ones are smaller."""
    points = [
        point
        for seed in range(16)
        for point in energy_response(
            sample(2 * seed, 200), sample(2 * seed + 1, 100), seed=seed
        ).points
    ]
    for name in ("mean", "width", "core"):
        ratios = [getattr(point, name).ratio for point in points]
        away = np.array([abs(ratio.value - 1) / ratio.floor for ratio in ratios])
        assert away.mean() == pytest.approx(1, abs=3 * away.std() / np.sqrt(len(away)))


def test_a_scale_and_a_width_are_found() -> None:
    found = energy_response(sample(0), sample(1, scale=1.02, widen=1.3), untrained_mev=[16e3])
    assert [point.energy_mev for point in found.points] == ENERGIES.tolist()
    assert [point.trained for point in found.points] == [True, True, False, True]
    for point in found.points:
        for one, ratio in ((point.mean, 1.02), (point.width, 1.3), (point.core, 1.3)):
            assert one.ratio is not None
            assert one.ratio.error is not None
            assert one.ratio.value == pytest.approx(ratio, abs=5 * one.ratio.error)
        assert point.width.within == "no"
    assert [point.mean.limit for point in found.points] == [0.01, 0.01, 0.015, 0.01]
    assert found.points[-1].mean.within == "no"
    json.dumps(found.to_json(), allow_nan=False)


def test_the_terms_of_the_resolution_are_found() -> None:
    found = energy_response(sample(2), sample(3, widen=2.0))
    for curves, factor in ((found.reference, 1.0), (found.generated, 2.0)):
        for fit in (curves.resolution, curves.core):
            assert fit is not None
            assert fit.noise is not None
            assert fit.ndf == 1
            for term, expected in ((fit.stochastic, 0.1), (fit.constant, 0.01), (fit.noise, 0.0)):
                assert term.error > 0
                assert term.value == pytest.approx(factor * expected, abs=4 * term.error)


def test_a_response_that_rises_with_energy_is_no_linear_one() -> None:
    found = energy_response(sample(4), sample(5, slope=0.03))
    assert found.reference.slope is not None
    assert found.generated.slope is not None
    assert found.reference.slope.value == pytest.approx(0, abs=4 * found.reference.slope.error)  # type: ignore[operator]
    assert found.generated.slope.value == pytest.approx(0.03, abs=0.003)


def test_a_late_photon_widens_the_resolution_and_leaves_its_core() -> None:
    energy, total = sample(6)
    late = total.copy()
    late[-1] *= 0.1
    found = energy_response((energy, total), (energy, late)).points[-1]
    assert found.width.ratio is not None
    assert found.core.ratio is not None
    assert found.width.ratio.value > 1.5
    assert found.width.within == "too few showers"
    assert found.core.ratio.value == pytest.approx(1, abs=0.01)
    assert found.core.within == "yes"


def test_few_showers_have_no_errors_and_other_energies_no_point() -> None:
    usual = np.array([1e3, 1e3, 2e3]), np.array([180.0, 190.0, 360.0])
    found = energy_response(usual, (np.array([1e3, 1e3, 5e3]), np.array([180.0, 200.0, 1e3])))
    assert len(found.points) == 1
    point = found.points[0]
    assert point.mean.ratio is not None
    assert point.mean.ratio.value == pytest.approx(190 / 185)
    assert point.mean.ratio.error is None
    assert point.mean.ratio.floor is None
    assert point.mean.within == "too few showers"
    assert found.reference.resolution is None
    json.dumps(found.to_json(), allow_nan=False)


def test_empty_showers_have_no_ratio() -> None:
    energy = np.full(8, 1e3)
    found = energy_response((energy, 0 * energy), (energy, 0.2 * energy)).points[0]
    assert found.mean.ratio is None
    assert found.mean.within == "too few showers"


@pytest.mark.parametrize(
    ("a", "c", "expected"),
    [
        (0.1, 0.01, (0.1, 0.01, 0.0)),
        (0.0, 0.02, (0.0, 0.02, 0.0)),  # the limits are reached, not crossed
        (0.1, 0.0, (0.1, 0.0, 0.0)),
    ],
)
def test_exact_widths_give_exact_terms(a: float, c: float, expected: tuple[float, ...]) -> None:
    widths = np.hypot(a / np.sqrt(ENERGIES / 1e3), c)
    fit = fit_resolution(ENERGIES, widths, widths / 50, np.stack([widths, widths]))
    assert fit is not None
    assert fit.noise is not None
    terms = (fit.stochastic.value, fit.constant.value, fit.noise.value)
    assert terms == pytest.approx(expected, abs=1e-6)
    assert fit.width(ENERGIES) == pytest.approx(widths)
    assert fit.chi2 == pytest.approx(0, abs=1e-6)


def test_one_energy_has_no_curve() -> None:
    one = np.array([1e3])
    assert fit_resolution(one, one, one, one[None]) is None


@pytest.mark.parametrize(
    ("ratio", "error", "answer"),
    [
        (1.0, 0.0, "yes"),
        (0.9865, 0.002, "yes"),
        (0.985, 0.002, "no"),
        (1.0, 0.005, "too few showers"),
        (1.5, None, "too few showers"),
    ],
)
def test_within_one_per_cent(ratio: float, error: float | None, answer: str) -> None:
    assert within(ratio, error, 0.01) == answer


def test_windows_that_hold_the_same_showers_have_no_slope() -> None:
    """All have one energy, so nothing tells how the response goes with it."""
    energy, total = np.full(50, 4e3), 4e3 * np.tile([0.9, 1.1], 25)
    found = energy_response((energy, total), (energy, total), [(2e3, 6e3), (3e3, 7e3)])
    assert len(found.points) == 2
    assert found.reference.slope is None
    assert found.generated.slope is None


def widths_off_the_law(seed: int, off: float) -> tuple[Float64, Float64, Float64, Float64]:
    """Return energies, widths off the law to either side, their errors, and resamplings."""
    random = np.random.default_rng(seed)
    energy = np.geomspace(1e3, 64e3, 8)
    law = np.hypot(0.1 / np.sqrt(energy / 1e3), 0.01)
    errors = law / 100
    widths = law * (1 + off * np.tile([1, -1], 4)) + errors * random.standard_normal(8)
    return energy, widths, errors, widths + errors * random.standard_normal((200, 8))


def test_a_law_that_does_not_fit_says_so_and_its_errors_are_larger() -> None:
    energy, widths, errors, replicas = widths_off_the_law(0, 0.05)
    bad = fit_resolution(energy, widths, errors, replicas)
    good = fit_resolution(energy, widths, 10 * errors, replicas)
    assert bad is not None
    assert good is not None
    assert bad.chi2 == pytest.approx(100 * good.chi2)
    assert (good.fits, bad.fits) == (True, False)
    assert good.probability is not None
    assert bad.probability is not None
    assert good.probability > 1e-3 > bad.probability
    scale = (bad.chi2 / bad.ndf) ** 0.5
    assert scale > 3
    assert bad.stochastic.error == pytest.approx(scale * good.stochastic.error)
    assert bad.stochastic.value == pytest.approx(good.stochastic.value)
    assert with_terms(bad)[-1].endswith("/5: the law does not fit")
    assert with_terms(good)[-1].endswith("/5")


def with_terms(fit: ResolutionFit) -> list[str]:
    """Return the texts of the table of curves, of one sample against itself."""
    curves = Curves(fit, None, None)
    [*_, table] = energy_tables(EnergyResponse((), curves, curves))
    return [str(cell) for cell in table.columns[1].cells]


def test_laws_that_fit_are_called_none_in_one_of_a_thousand() -> None:
    fits = [fit_resolution(*widths_off_the_law(seed, 0.0)) for seed in range(300)]
    chances = [fit.probability for fit in fits if fit is not None and fit.probability is not None]
    assert len(chances) == 300
    assert sum(chance < 1e-3 for chance in chances) <= 2
    # of chances that are right a tenth is below 0.1; terms that may not be negative make them smaller
    assert 0.04 < np.mean(np.array(chances) < 0.1) < 0.2


def test_two_energies_leave_nothing_to_tell_whether_the_law_fits() -> None:
    energy, widths = np.array([1e3, 4e3]), np.array([0.1, 0.05])
    fit = fit_resolution(energy, widths, widths / 50, np.stack([widths, widths]))
    assert fit is not None
    assert (fit.ndf, fit.probability, fit.fits) == (0, None, True)
