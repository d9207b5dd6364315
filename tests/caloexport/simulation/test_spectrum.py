"""Spectra."""

from __future__ import annotations

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.spectrum import Spectrum


def test_ranges_reach_their_ends() -> None:
    for law in ("uniform", "log-uniform"):
        spectrum = Spectrum(law, (10.0, 1000.0))
        assert spectrum.value(0, 0.0) == pytest.approx(10.0)
        assert spectrum.value(0, 1.0) == pytest.approx(1000.0)
    assert Spectrum("uniform", (10.0, 1000.0)).value(0, 0.5) == pytest.approx(505.0)


def test_json_round_trip() -> None:
    spectrum = Spectrum("values", (1.0, 5.0))
    assert Spectrum.from_json(spectrum.to_json()) == spectrum
    assert (spectrum.low, spectrum.high) == (1.0, 5.0)


@pytest.mark.parametrize(
    ("law", "values"),
    [("values", ()), ("uniform", (1.0,)), ("flat", (1.0, 2.0)), ("uniform", (2.0, 1.0)),
     ("values", (float("nan"),))],
)  # fmt: skip
def test_nonsense_is_refused(law: str, values: tuple[float, ...]) -> None:
    with pytest.raises(UsageError):
        Spectrum(law, values)
