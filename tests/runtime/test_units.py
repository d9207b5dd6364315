from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import UNITS, format_energy, parse_quantity


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("65GeV", "energy", 65_000.0),
        ("  1.5 TeV ", "energy", 1.5e6),
        ("0.5keV", "energy", 0.0005),
        ("1e3MeV", "energy", 1000.0),
        (".5eV", "energy", 5e-7),
        ("-2mm", "length", -2.0),
        ("2.3 mm", "length", 2.3),
        ("3um", "length", 0.003),
        ("90deg", "angle", math.pi / 2),
        ("10mrad", "angle", 0.01),
    ],
)
def test_quantities(text: str, dimension: str, value: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("65", "'65' has no unit .write for example 65GeV"),
        ("65mm", "'mm' in '65mm' is a unit of length, expected energy"),
        ("65gev", "'gev' in '65gev' is not a unit, expected energy .known: eV, GeV"),
        ("GeV", "'GeV' is not a quantity .write for example 50GeV"),
        ("", "is not a quantity"),
        ("1,5GeV", "is not a quantity"),
        ("nanGeV", "is not a quantity"),
        ("1e400GeV", "is too large"),
    ],
)
def test_refusals_say_what_to_write(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_quantity(text, "energy")


@settings(derandomize=True, max_examples=50)
@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(UNITS)))
def test_what_python_prints_is_read_back(number: float, unit: str) -> None:
    dimension, factor = UNITS[unit]
    assert parse_quantity(f"{number!r}{unit}", dimension) == number * factor


@pytest.mark.parametrize(
    ("energy", "text"),
    [
        (50_000.0, "50 GeV"),
        (0.0151515, "15.2 keV"),
        (1_024_000.0, "1.02 TeV"),
        (999.9999, "1 GeV"),
        (-1500.0, "-1.5 GeV"),
        (0.0, "0 eV"),
    ],
)
def test_format_energy(energy: float, text: str) -> None:
    assert format_energy(energy) == text
