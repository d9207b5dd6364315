from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import (
    CylinderMesh,
    LayeredMesh,
    Mesh,
    MeshLayer,
    cell_name,
    mesh_from_json,
    n_cells,
    permutation,
)

PAR04 = ("r", "phi", "z")
CALOCHALLENGE = ("z", "phi", "r")
FASTCALOSIM = ("z", "r", "phi")
SMALL = CylinderMesh(2, 3, 4, 2.325, 3.4)
LAYERS = (MeshLayer(0, (0.0, 5.0, 20.0), 3), MeshLayer(12, (0.0, 1.0), 2))


def label(r: int, phi: int, z: int) -> int:
    """A number that tells all three indices of a cell apart."""
    return 100 * r + 10 * phi + z


def labelled(mesh: Mesh) -> np.ndarray:
    """One shower in which every cell holds its own label."""
    index = mesh.indices()
    return label(index["r"], index["phi"], index["z"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "shape"), [(PAR04, (2, 3, 4)), (CALOCHALLENGE, (4, 3, 2)), (FASTCALOSIM, (4, 2, 3))]
)
def test_cylinder_storage_orders(order: tuple[str, ...], shape: tuple[int, ...]) -> None:
    mesh = SMALL.in_order(order)
    assert mesh.shape == shape
    assert n_cells(mesh) == 24
    expected = np.zeros(shape, dtype=int)
    for r in range(2):
        for phi in range(3):
            for z in range(4):
                at = {"r": r, "phi": phi, "z": z}
                expected[tuple(at[axis] for axis in order)] = label(**at)
    np.testing.assert_array_equal(labelled(mesh), expected.ravel())


@pytest.mark.parametrize("source", [PAR04, CALOCHALLENGE, FASTCALOSIM])
@pytest.mark.parametrize("target", [PAR04, CALOCHALLENGE, FASTCALOSIM])
def test_permutation_moves_every_cell(source: tuple[str, ...], target: tuple[str, ...]) -> None:
    mesh = SMALL.in_order(source)
    moved = labelled(mesh)[permutation(mesh, target)]
    np.testing.assert_array_equal(moved, labelled(mesh.in_order(target)))


def test_layered_storage_orders() -> None:
    # layer 0: two radii, three azimuths; layer 1: one radius, two azimuths
    calochallenge = LayeredMesh(LAYERS, CALOCHALLENGE)
    in_layer_0 = [label(0, 0, 0), label(1, 0, 0), label(0, 1, 0), label(1, 1, 0)]
    in_layer_0 += [label(0, 2, 0), label(1, 2, 0)]
    in_layer_1 = [label(0, 0, 1), label(0, 1, 1)]
    np.testing.assert_array_equal(labelled(calochallenge), in_layer_0 + in_layer_1)
    fastcalosim = calochallenge.in_order(FASTCALOSIM)
    np.testing.assert_array_equal(labelled(fastcalosim)[:6], [0, 10, 20, 100, 110, 120])
    moved = labelled(calochallenge)[permutation(calochallenge, FASTCALOSIM)]
    np.testing.assert_array_equal(moved, labelled(fastcalosim))


def test_par04_centres() -> None:
    mesh = CylinderMesh(18, 50, 45, 2.325, 3.4)
    centres = mesh.centres()
    for i, j, k in ((0, 0, 0), (2, 17, 9), (17, 49, 44)):
        flat = (i * 50 + j) * 45 + k
        assert centres["r_mm"][flat] == pytest.approx((i + 0.5) * 2.325)
        assert centres["phi_rad"][flat] == pytest.approx(-math.pi + (j + 0.5) * 2 * math.pi / 50)
        assert centres["z_mm"][flat] == pytest.approx((k + 0.5) * 3.4)
    assert cell_name(mesh, (2 * 50 + 17) * 45 + 9) == "(r=2, phi=17, z=9)"
    assert mesh.n_layers == 45


def test_layered_centres() -> None:
    mesh = LayeredMesh(LAYERS, CALOCHALLENGE, phi_origin_rad=0.0)
    centres = mesh.centres()
    np.testing.assert_allclose(centres["r_mm"], [2.5, 12.5] * 3 + [0.5, 0.5])
    third = 2 * math.pi / 3
    expected = [0.5 * third] * 2 + [1.5 * third] * 2 + [2.5 * third] * 2
    np.testing.assert_allclose(centres["phi_rad"], [*expected, math.pi / 2, 3 * math.pi / 2])
    assert mesh.n_layers == 2


def test_centres_need_the_cell_sizes() -> None:
    with pytest.raises(UsageError, match="the cell sizes of this mesh are not known"):
        CylinderMesh(2, 3, 4).centres()


@pytest.mark.parametrize(
    "mesh",
    [
        SMALL.in_order(CALOCHALLENGE),
        CylinderMesh(1, 1, 1, phi_origin_rad=0.0),
        LayeredMesh(LAYERS, FASTCALOSIM, 0.25),
    ],
)
def test_json_round_trip(mesh: Mesh) -> None:
    text = json.dumps(mesh.to_json(), allow_nan=False)
    assert mesh_from_json(json.loads(text), "m.json") == mesh


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (CylinderMesh, {"n_r": 0, "n_phi": 3, "n_z": 4}),
        (CylinderMesh, {"n_r": 2, "n_phi": 3, "n_z": 4, "dr_mm": -1.0}),
        (CylinderMesh, {"n_r": 2, "n_phi": 3, "n_z": 4, "order": ("r", "phi", "phi")}),
        (LayeredMesh, {"layers": ()}),
        (LayeredMesh, {"layers": LAYERS, "order": PAR04}),
        (MeshLayer, {"id": 0, "r_edges_mm": (5.0,), "n_phi": 1}),
        (MeshLayer, {"id": 0, "r_edges_mm": (5.0, 5.0), "n_phi": 1}),
        (MeshLayer, {"id": 0, "r_edges_mm": (-1.0, 5.0), "n_phi": 1}),
        (MeshLayer, {"id": 0, "r_edges_mm": (0.0, 5.0), "n_phi": 0}),
    ],
)
def test_senseless_meshes_are_refused(kind: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        kind(**fields)


CYLINDER = SMALL.to_json()
LAYERED = LayeredMesh(LAYERS).to_json()


@pytest.mark.parametrize(
    ("data", "change", "message"),
    [
        (CYLINDER, {"kind": "sphere"}, "unknown mesh kind 'sphere'"),
        (CYLINDER, {"kind": None}, "'kind' is None"),
        (CYLINDER, {"n_r": -2, "n_phi": -3}, "-2 x -3 x 4 cells .* makes no sense"),
        (CYLINDER, {"n_r": 10**9}, "cells, at most 16,777,216"),
        (CYLINDER, {"n_r": 10**4000}, "a cylinder of more than 10.18 cells, at most 16,777,216"),
        (CYLINDER, {"n_r": 2.5}, "'n_r' is 2.5, expected a whole number"),
        (CYLINDER, {"dz_mm": 0}, "makes no sense"),
        (CYLINDER, {"dr_mm": "2.3"}, "'dr_mm' is '2.3', expected a number"),
        (CYLINDER, {"order": ["r", "phi"]}, "a cylinder has the axes"),
        (CYLINDER, {"order": 7}, "'order' is 7, expected a list"),
        (CYLINDER, {"order": [["r"], "phi", "z"]}, "expected printable text"),
        (CYLINDER, {"phi_origin_rad": float("nan")}, "expected a finite number"),
        (LAYERED, {"layers": []}, "0 layers"),
        (LAYERED, {"layers": 5}, "expected a list"),
        (LAYERED, {"layers": [3]}, "expected an object"),
        (LAYERED, {"layers": [{"id": 0, "r_edges_mm": [0, 1], "n_phi": 2**40}]}, "cells"),
        (LAYERED, {"layers": [{"id": 0, "r_edges_mm": [1, 0], "n_phi": 1}]}, "layer 0 needs two"),
        (LAYERED, {"layers": [{"id": 0, "r_edges_mm": [], "n_phi": -5}]}, "layer 0 needs two"),
        (LAYERED, {"order": ["r", "phi", "z"]}, "has layers outermost"),
    ],
)
def test_hostile_json_is_a_bad_file(data: Any, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message) as caught:
        mesh_from_json({**data, **change}, "m.json")
    assert caught.value.where == "m.json"


@pytest.mark.parametrize("missing", sorted(set(CYLINDER) - {"dr_mm", "dz_mm"}))
def test_missing_fields_are_named(missing: str) -> None:
    data = {key: value for key, value in CYLINDER.items() if key != missing}
    with pytest.raises(InputFileError, match=f"field '{missing}' is missing"):
        mesh_from_json(data, "m.json")
