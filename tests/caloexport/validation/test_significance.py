"""Quantiles and chances against the tables in books."""

from __future__ import annotations

import pytest

from caloexport.validation.significance import chi2_chance, errors_needed, student_quantile


@pytest.mark.parametrize(
    ("chance", "degrees", "quantile"),
    [
        (0.05, 1, 12.7062),
        (0.01, 1, 63.6567),
        (0.05, 2, 4.3027),
        (0.01, 3, 5.8409),
        (0.001, 3, 12.9240),
        (0.001, 4, 8.6103),
        (0.01, 9, 3.2498),
        (0.001, 9, 4.7809),
        (0.001, 30, 3.6460),
        (0.001, 120, 3.3735),
        (0.001, 10**6, 3.2905),
    ],
)
def test_students_quantiles_are_those_of_tables(
    chance: float, degrees: int, quantile: float
) -> None:
    assert student_quantile(chance, degrees) == pytest.approx(quantile, abs=6e-5)


def test_the_expansion_for_many_goes_on_where_the_exact_law_ends() -> None:
    below, above = student_quantile(1e-4, 199), student_quantile(1e-4, 200)
    assert 0 < below - above < 2e-3


@pytest.mark.parametrize(
    ("chance", "ndf", "quantile"),
    [
        (0.05, 1, 3.841459),
        (0.001, 1, 10.827566),
        (0.05, 2, 5.991465),
        (0.99, 5, 0.554298),
        (0.01, 7, 18.475307),
        (0.001, 10, 29.588298),
        (0.05, 100, 124.342113),
    ],
)
def test_chances_of_chi2_are_those_of_tables(chance: float, ndf: int, quantile: float) -> None:
    assert chi2_chance(quantile, ndf) == pytest.approx(chance, rel=1e-5)


def test_chi2_at_its_ends() -> None:
    assert [chi2_chance(0.0, ndf) for ndf in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert chi2_chance(1e4, 3) == chi2_chance(1e4, 2) == 0


def test_errors_rise_with_what_is_looked_at_and_with_few_showers() -> None:
    """The quantiles of the normal law for 0.995 and 0.9999; of Student's for 0.995 with 20 and 3."""
    assert errors_needed(1, 10**6) == pytest.approx(2.5758, abs=1e-3)
    assert errors_needed(50, 10**6) == pytest.approx(3.7190, abs=1e-3)
    assert errors_needed(1, 21) == pytest.approx(2.8453, abs=1e-4)
    assert errors_needed(1, 4) == pytest.approx(5.8409, abs=1e-4)
