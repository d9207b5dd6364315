from __future__ import annotations

import math

import pytest

from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.geant4.materials import material
from caloexport.simulation.selfcheck.quantities import QUANTITIES
from caloexport.simulation.selfcheck.references import (
    Point,
    attenuation_cm2_g,
    attenuation_energies_mev,
    points,
    radiation_lengths_g_cm2,
    reference,
)


def test_points_name_what_can_be_measured() -> None:
    found = points()
    assert [(point.detector, point.energy_mev) for point in found] == [
        (name, energy) for name in ("siw", "scipb", "pbwo4") for energy in (1e3, 1e4, 1e5)
    ]
    for point in found:
        assert set(point.values) <= set(QUANTITIES)
        assert {"deposited", "in_mesh", "t_max", "z_mean", "r90", "cells"} <= set(point.values)


@pytest.mark.parametrize("point", points()[::3], ids=lambda point: point.detector)
def test_radiation_lengths_of_the_stacks_are_those_of_their_materials(point: Point) -> None:
    detector = load_detector(point.detector)
    lengths = sum(s.thickness_mm / material(s.material).radiation_length_mm for s in detector.slabs)
    assert detector.depth_mm / lengths == pytest.approx(point.x0_mm, abs=0.006)


def test_rounding_follows_the_digits() -> None:
    assert reference("825").rounding == pytest.approx(0.5 / math.sqrt(3))
    assert reference("1.53e4").rounding == pytest.approx(50 / math.sqrt(3))
    assert reference("0.995").value == 0.995
    assert reference(["0.121", "0.006"]).error == 0.006


def test_compounds_add_by_mass() -> None:
    at = attenuation_energies_mev().index(1.0)
    assert attenuation_cm2_g()["G4_Pb"][at] == 0.07102
    # the table of polystyrene itself
    assert attenuation_cm2_g()["G4_POLYSTYRENE"][at] == pytest.approx(0.06850, rel=1e-3)


def test_every_material_has_a_radiation_length() -> None:
    assert set(radiation_lengths_g_cm2()) == set(attenuation_cm2_g())
