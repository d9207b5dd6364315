from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console

from caloexport.report.energy_table import energy_tables, with_error
from caloexport.validation.energy_response import Number, energy_response


def test_the_tables_show_both_samples_and_the_answer() -> None:
    random = np.random.default_rng(0)
    energy = np.repeat([1e3, 4e3, 16e3, 25e3], 400)
    totals = [0.18 * energy * random.normal(1, 0.05, 1600) for _ in range(2)]
    found = energy_response((energy, totals[0]), (energy, totals[1]), untrained_mev=[25e3])
    console = Console(width=120, record=True, file=None, quiet=True)
    tables = energy_tables(found)
    lines = [line for table in tables for line in console.render_lines(table)]
    text = "\n".join("".join(piece.text for piece in line) for line in lines)
    assert "25 GeV *" in text
    assert "1 %: yes" in text
    assert "1.5 %: yes" in text
    assert "resolution: b" in text
    assert text.count("400, 400") == 3 * 4
    for point in found.points:
        assert with_error(point.width.ratio) in text
        assert point.width.ratio is not None
        assert f" {point.width.ratio.floor:.2g} " in text


def test_a_term_at_its_limit_says_so() -> None:
    """Widths that fall faster than 1/√E leave no constant term in any bootstrap sample."""
    random = np.random.default_rng(1)
    energy = np.repeat([1e3, 1e5], 400)
    totals = [0.18 * energy * random.normal(1, 0.2 * (energy / 1e3) ** -0.8) for _ in range(2)]
    found = energy_response((energy, totals[0]), (energy, totals[1]))
    console = Console(width=120, quiet=True)
    lines = console.render_lines(energy_tables(found)[-1])
    assert any("0 (at its limit)" in "".join(piece.text for piece in line) for line in lines)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (Number(1.0, None), "1"),
        (Number(0.123456, 0.00123), "0.1235 ± 0.0012"),
        (Number(12.0, 30.0), "12 ± 30"),
    ],
)
def test_a_number_has_two_digits_of_its_error(number: Number | None, text: str) -> None:
    assert with_error(number) == text


def test_an_error_of_rounding_alone_is_none() -> None:
    assert with_error(Number(1.0, 5.7e-17)) == "1"
