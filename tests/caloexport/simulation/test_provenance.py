from __future__ import annotations

from dataclasses import replace

import pytest

from caloexport.simulation.detector_file import detector_names, load_detector
from caloexport.simulation.leakage import Leakage
from caloexport.simulation.provenance import attributes, materials, spectrum_text
from caloexport.simulation.spectrum import Spectrum
from tests.toys import toy_plan


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pbwo4", "G4_PbWO4 200.25 mm active"),
        ("scipb", "45 x (G4_Pb 4.4 mm + G4_POLYSTYRENE 1.2 mm active)"),
    ],
)
def test_stacks_are_told_in_one_line(name: str, text: str) -> None:
    assert materials(load_detector(name)) == text


@pytest.mark.parametrize("name", detector_names())
def test_every_slab_of_every_detector_is_told(name: str) -> None:
    detector = load_detector(name)
    text = materials(detector)
    assert len(text) < 2000
    for slab in detector.every_slab:
        assert f"{slab.material} {slab.thickness_mm:g} mm" in text


def test_spectra_in_words() -> None:
    assert spectrum_text(Spectrum("values", (1e3, 8e3)), "MeV") == "1000, 8000 MeV"
    assert spectrum_text(Spectrum("uniform", (1.5, 2.0)), "rad") == "uniform, 1.5 to 2 rad"
    many = spectrum_text(Spectrum("values", tuple(map(float, range(1, 200)))), "MeV")
    assert many.endswith("63, 64, ... MeV")


def test_figures_of_no_shower_are_left_out() -> None:
    plan = toy_plan()
    told = attributes(plan, plan.scorings[0], {"generator": "toy"}, Leakage(plan))
    assert told["generator"] == "toy"
    assert not {"response", "response_error", "caught_fraction"} & set(told)


def test_the_frame_says_how_each_kind_of_cells_lies_in_it() -> None:
    detector, plan = load_detector("atlas-barrel"), toy_plan()
    voxels, cells = detector.scorings["voxels"], detector.scorings["cells"]
    scorings = (*plan.scorings, voxels, cells)
    plan = replace(plan, detector=detector, scorings=scorings)
    leakage = Leakage(plan)
    words = [str(attributes(plan, one, {}, leakage)["frame"]) for one in scorings]
    assert words[0].endswith("growing phi; azimuth atan2(y', x'), cells from -pi")
    assert "azimuth atan2(phi, eta)" in words[-2]
    assert "from the centre of the impact cell" in words[-1]
