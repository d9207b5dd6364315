from __future__ import annotations

import math

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.spectrum import Spectrum
from caloexport.simulation.spectrum_choice import choose_angles, choose_spectrum


def test_values_and_ranges() -> None:
    assert choose_spectrum(["8GeV"], "energy") == Spectrum("values", (8e3,))
    assert choose_spectrum(["8GeV", "50 MeV"], "energy").values == (8e3, 50.0)
    assert choose_spectrum(["1GeV..2GeV"], "energy") == Spectrum("log-uniform", (1e3, 2e3))
    uniform = choose_spectrum(["1GeV..2GeV"], "energy", "uniform")
    assert uniform == Spectrum("uniform", (1e3, 2e3))
    assert choose_angles(["60deg..90deg"]) == Spectrum("uniform", (math.pi / 3, math.pi / 2))


@pytest.mark.parametrize(
    ("texts", "law", "message"),
    [
        (["10"], None, "has no unit"),
        (["10mm"], None, "a unit of length"),
        (["1GeV..2GeV", "3GeV"], None, "a range, which stands alone"),
        (["1GeV..2GeV..3GeV"], None, "is not a range"),
        (["2GeV..1GeV"], None, "expected upwards"),
        (["1GeV..1GeV"], None, "expected upwards"),
        (["0GeV..1GeV"], None, "at or below zero"),
        (["1GeV"], "uniform", "the law uniform needs a range"),
    ],
)
def test_what_makes_no_sense_is_refused(texts: list[str], law: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose_spectrum(texts, "energy", law)


@pytest.mark.parametrize("text", ["0deg", "180deg", "9deg..90deg", "90deg..171deg"])
def test_particles_along_the_front_face_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"fly along the front face.*10deg to 170deg"):
        choose_angles([text])
