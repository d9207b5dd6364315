from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.mesh import cell_name, mesh_from_json, n_cells
from caloexport.runtime.window_mesh import ATLAS_WINDOW, WindowLayer, WindowMesh

UNIT = math.pi / 128
ALIGNMENTS = list(itertools.product(range(4), range(2)))


def athena_window(pconfig: int, econfig: int) -> list[tuple[int, float, float]]:
    """The cells that Athena's conditions choose around an impact cell, layer by layer.

    The impact cell has η index 8 + (econfig + 1) mod 2 and φ index 8 + pconfig, so both numbers are
    those of Athena; its centre is the origin.
    """
    eta0, phi0 = 8 + (econfig + 1) % 2 + 0.5, 8 + pconfig + 0.5
    found = []
    granularity = ((1.0, 4.0, 0.0875, 6.0), (0.125, 4.0, 0.0875, 6.0))
    for layer, (d_eta, d_phi, eta_limit, phi_limit) in enumerate(
        (*granularity, (1.0, 1.0, 0.0875, 3.5), (2.0, 1.0, 0.1, 3.5))
    ):
        etas = [((i + 0.5) * d_eta - eta0) * 0.025 for i in range(round(30 / d_eta))]
        phis = [(j + 0.5) * d_phi - phi0 for j in range(round(30 / d_phi))]
        found += [
            (layer, eta, phi * UNIT)
            for eta in etas
            for phi in phis
            if abs(eta) < eta_limit - 1e-9 and abs(phi) < phi_limit - 1e-9
        ]
    return found


@pytest.mark.parametrize(("pconfig", "econfig"), ALIGNMENTS)
def test_the_window_is_the_one_that_athena_looks_for(pconfig: int, econfig: int) -> None:
    expected = athena_window(pconfig, econfig)
    assert len(expected) == 266  # anything else, and Athena gives the shower up
    layers, etas, phis = zip(*expected, strict=True)
    found = ATLAS_WINDOW.positions(pconfig, econfig)
    np.testing.assert_array_equal(ATLAS_WINDOW.indices()["z"], layers)
    np.testing.assert_allclose(found, np.stack([etas, phis], axis=1), atol=1e-12)


@pytest.mark.parametrize(("pconfig", "econfig"), ALIGNMENTS)
def test_the_impact_cell_is_the_middle_one_of_its_layer(pconfig: int, econfig: int) -> None:
    positions = ATLAS_WINDOW.positions(pconfig, econfig)
    middle = np.flatnonzero(ATLAS_WINDOW.indices()["z"] == 2)
    np.testing.assert_allclose(positions[middle[24]], 0, atol=1e-12)


def test_layers_order_and_names_of_cells() -> None:
    assert ATLAS_WINDOW.n_layers == 4
    assert n_cells(ATLAS_WINDOW) == 266
    assert cell_name(ATLAS_WINDOW, 21 + 3 * 5 + 2) == "(eta=5, phi=2, z=1)"
    assert ATLAS_WINDOW.in_order(("z", "eta", "phi")) is ATLAS_WINDOW


def test_json_round_trip() -> None:
    assert mesh_from_json(ATLAS_WINDOW.to_json(), "here") == ATLAS_WINDOW


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reference": 4}, "around a cell of layer 4"),
        ({"layers": []}, "a window of 0 layers"),
        ({"reference": "middle"}, "expected a whole number"),
    ],
)
def test_damaged_json_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputFileError, match=words):
        mesh_from_json(ATLAS_WINDOW.to_json() | change, "here")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_eta": 0}, "a window of 0 x 3 cells"),
        ({"d_phi": -0.1}, "of a size above zero"),
        ({"d_eta": 0.04}, "expected a whole number"),
    ],
)
def test_layers_that_make_no_sense_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        layers = (replace(ATLAS_WINDOW.layers[0], **change), *ATLAS_WINDOW.layers[1:])
        WindowMesh(layers, 2)


def test_r_and_phi_about_the_particle_are_refused() -> None:
    mesh = WindowMesh((WindowLayer(0, 3, 3, 0.1, 0.1),))
    with pytest.raises(UnsupportedError, match="distances from the particle's axis"):
        mesh.centres()
    with pytest.raises(UnsupportedError, match="azimuth about the particle"):
        _ = mesh.phi_origin_rad
    with pytest.raises(UnsupportedError, match="the order r, phi, z"):
        mesh.in_order(("r", "phi", "z"))
