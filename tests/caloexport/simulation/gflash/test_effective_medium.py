from __future__ import annotations

import math

import pytest

from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.gflash.effective_medium import effective_medium, layers_of
from caloexport.simulation.gflash.material_constants import material_constants


@pytest.mark.parametrize(
    ("name", "x0_mm", "critical_mev", "moliere_mm"),
    [("siw", 4.22, 8.23, 10.87), ("scipb", 7.12, 7.62, 19.79), ("pbwo4", 8.92, 8.76, 21.59)],
)
def test_known_stacks(name: str, x0_mm: float, critical_mev: float, moliere_mm: float) -> None:
    medium = effective_medium(load_detector(name))
    assert medium.x0_mm == pytest.approx(x0_mm, abs=0.006)
    assert medium.critical_mev == pytest.approx(critical_mev, abs=0.006)
    assert medium.moliere_mm == pytest.approx(moliere_mm, abs=0.006)


def test_sums_over_mass_fractions_as_in_the_paper() -> None:
    tungsten, silicon = (material_constants(name, {}) for name in ("G4_W", "G4_Si"))
    masses = [1.4 * tungsten.density_g_cm3, 0.3 * silicon.density_g_cm3]
    density = sum(masses) / 1.7
    w, s = masses[0] / sum(masses), masses[1] / sum(masses)
    x0 = [one.x0_mm * one.density_g_cm3 for one in (tungsten, silicon)]
    mass_x0 = 1 / (w / x0[0] + s / x0[1])
    medium = effective_medium(load_detector("siw"))
    assert medium.z == pytest.approx(w * 74 + s * 14)
    assert medium.x0_mm == pytest.approx(mass_x0 / density)
    critical = mass_x0 * (w * tungsten.critical_mev / x0[0] + s * silicon.critical_mev / x0[1])
    assert medium.critical_mev == pytest.approx(critical)
    assert medium.moliere_mm == pytest.approx(21.2 * medium.x0_mm / critical)
    assert medium.frequency == pytest.approx(medium.x0_mm / 1.7)
    assert medium.e_over_mip == pytest.approx(1 / (1 + 0.007 * (74 - 14)))


def test_a_homogeneous_detector_has_no_sampling_frequency() -> None:
    medium = effective_medium(load_detector("pbwo4"))
    assert (medium.frequency, medium.e_over_mip) == (0.0, 1.0)


def test_layers_are_counted_where_active_material_begins() -> None:
    assert layers_of(load_detector("siw").slabs) == 90
    assert layers_of(load_detector("pbwo4").slabs) == 1


def test_constants_of_lead_tungstate_against_hand_values() -> None:
    found = material_constants("G4_PbWO4", {})
    total = 207.2 + 183.84 + 4 * 15.999
    z = (207.2 * 82 + 183.84 * 74 + 4 * 15.999 * 8) / total
    a = (207.2**2 + 183.84**2 + 4 * 15.999**2) / total
    assert found.z == pytest.approx(z, rel=1e-3)
    assert found.a == pytest.approx(a, rel=1e-3)
    assert found.critical_mev == pytest.approx(2.66 * (0.892 * 8.28 * z / a) ** 1.1, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "least_mev_cm2_g"),
    [("G4_W", 1.145), ("G4_Pb", 1.122), ("G4_Si", 1.664), ("G4_POLYSTYRENE", 1.936)],
)
def test_energy_loss_is_within_three_per_cent_of_the_tables(
    name: str, least_mev_cm2_g: float
) -> None:
    found = material_constants(name, {})
    loss = found.loss_mev_mm * 10 / found.density_g_cm3
    assert math.isclose(loss, 1.022 * least_mev_cm2_g, rel_tol=0.015)
