"""Observables of the azimuth, on showers that one can do in the head, and on their mirror images."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer
from caloexport.showers import from_arrays
from caloexport.validation.measurement import measure
from caloexport.validation.observables import observables
from caloexport.validation.projections import axis_edges, project

#: r, phi, z; azimuth cells about 0, 90, 180 and 270 degrees
QUARTERS = CylinderMesh(2, 4, 3, 2.0, 10.0, phi_origin_rad=-math.pi / 4)
RINGS = LayeredMesh(
    (
        MeshLayer(0, (0.0, 5.0), 1),
        MeshLayer(1, (0.0, 2.0, 4.0), 4),
        MeshLayer(2, (0.0, 4.0), 2),
    ),
    phi_origin_rad=0.0,
)


def one(mesh: Mesh, *cells: tuple[tuple[int, ...], float]) -> Array:
    energies = np.zeros((1, *mesh.shape))
    for place, energy in cells:
        energies[(0, *place)] = energy
    return energies


def found(name: str, energies: Array, mesh: Mesh) -> Array:
    return observables[name].compute(energies, mesh, {})


def test_the_harmonic_of_energies() -> None:
    energies = one(QUARTERS, ((0, 0, 0), 3.0), ((1, 1, 2), 4.0), ((0, 2, 1), 3.0))
    assert found("phi_profile", energies, QUARTERS).tolist() == [[3, 4, 3, 0]]
    assert found("phi_cosine", energies, QUARTERS) == pytest.approx([0.0])
    assert found("phi_sine", energies, QUARTERS) == pytest.approx([0.4])
    assert found("phi_asymmetry", energies, QUARTERS) == pytest.approx([0.4])


def test_hits_count_as_they_lie_away_from_the_axis_and_not_by_energy() -> None:
    """In layer 0 radius 1 mm lies at 0 degrees and 3 mm at 180; layer 1 is below the readout cut."""
    energies = one(QUARTERS, ((0, 0, 0), 900.0), ((1, 2, 0), 1.0), ((0, 1, 1), 4e-4))
    [cosine], [sine] = (found(name, energies, QUARTERS) for name in ("hit_cosine", "hit_sine"))
    assert cosine[0] == pytest.approx(-0.5, abs=1e-6)
    assert sine[0] == pytest.approx(0.0, abs=1e-6)
    assert np.isnan([*cosine[1:], *sine[1:]]).all()


def test_hits_lie_above_the_cut_of_the_file() -> None:
    """Cells of 4 keV are hit where energies are as deposited, and none where they are times 30."""
    energies = one(QUARTERS, ((0, 0, 0), 9.0), ((1, 2, 0), 4e-3), ((0, 1, 1), 4e-3))
    given = {"energy_mev": np.ones(1)}
    deposited, scaled = (from_arrays(energies, QUARTERS, given) for _ in range(2))
    scaled.attributes["energy_scale"] = 30.0
    usual = measure(deposited)
    for made in (measure(scaled), measure(deposited, threshold_mev=0.015)):
        assert (usual.occupancy.tolist(), made.occupancy.tolist()) == ([3], [1])
        assert (usual.octaves.sum(), made.octaves.sum()) == (3, 1)
        assert usual.hit_harmonics is not None
        assert made.hit_harmonics is not None
        assert usual.hit_harmonics[0, [0, 4]] == pytest.approx([-0.5, 1], abs=1e-6)
        assert made.hit_harmonics[0, 0] == pytest.approx(1)
        assert np.isnan(made.hit_harmonics[0, [1, 4]]).all()
        assert made.total_mev == usual.total_mev
    for name in ("occupancy", "hit_cosine"):
        above = observables[name].compute_above(energies, QUARTERS, given, 0.015)
        assert above != pytest.approx(found(name, energies, QUARTERS), nan_ok=True)
    above = observables["total_energy"].compute_above(energies, QUARTERS, given, 0.015)
    assert above == found("total_energy", energies, QUARTERS)


@pytest.mark.parametrize("order", [("r", "phi", "z"), ("z", "phi", "r")])
def test_a_mirrored_shower_has_the_opposite_sine(order: tuple[str, ...]) -> None:
    mesh = CylinderMesh(2, 8, 3, 2.0, 10.0, order)
    energies = np.random.default_rng(1).exponential(1.0, (5, *mesh.shape))
    mirrored = np.flip(energies, axis=1 + order.index("phi"))
    for name in ("phi_cosine", "hit_cosine", "phi_asymmetry"):
        usual = found(name, energies, mesh)
        assert found(name, mirrored, mesh) == pytest.approx(usual, abs=1e-6)
    for name in ("phi_sine", "hit_sine"):
        usual = found(name, energies, mesh)
        assert found(name, mirrored, mesh) == pytest.approx(-usual, abs=1e-6)


def test_the_origin_of_the_mesh_turns_the_harmonics() -> None:
    energies = np.random.default_rng(2).exponential(1.0, (5, *QUARTERS.shape))
    turned = CylinderMesh(2, 4, 3, 2.0, 10.0, phi_origin_rad=math.pi / 4)
    for cosine, sine in (("phi_cosine", "phi_sine"), ("hit_cosine", "hit_sine")):
        usual = found(cosine, energies, QUARTERS)
        assert found(sine, energies, turned) == pytest.approx(usual, abs=1e-6)


def test_layers_of_other_azimuth_cells() -> None:
    """Halves of a layer fall into the quarter of their centre, a layer that is not cut nowhere."""
    energies = np.arange(1.0, 12.0)[None]  # 1 | 2 to 9: azimuth outer, radius inner | 10 and 11
    assert project(energies, RINGS, "phi").tolist() == [[5, 9 + 10, 13, 17 + 11]]
    assert axis_edges(RINGS, "phi")[0] == pytest.approx(np.arange(5) * math.pi / 2)
    [cosine] = found("hit_cosine", energies, RINGS)
    assert np.isnan(cosine[0])
    assert cosine[1:] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert not observables["phi_profile"].applies(LayeredMesh(RINGS.layers[:1]))


def test_radius_and_layers_of_a_shower() -> None:
    energies = one(QUARTERS, ((0, 0, 0), 1.0), ((0, 1, 1), 60.0), ((1, 2, 2), 39.0))
    assert found("mean_radius", energies, QUARTERS) == pytest.approx([0.61 * 1 + 0.39 * 3])
    assert found("containment_radius", energies, QUARTERS) == pytest.approx([2 + 2 * 29 / 39])
    assert found("peak_layer", energies, QUARTERS).tolist() == [1]
    assert found("start_layer", energies, QUARTERS).tolist() == [1]
    assert found("hottest_cell", energies, QUARTERS).tolist() == [0.6]
    inner = found("lateral_first_moment", energies, QUARTERS)
    assert found("mean_radius", energies, QUARTERS) == pytest.approx(inner + 1)
