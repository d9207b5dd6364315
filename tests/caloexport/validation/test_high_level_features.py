"""The challenge's feature matrix, on the two showers made by rule whose features are golden."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.mesh import CylinderMesh, Mesh, permutation
from caloexport.showers.binning import read_binning
from caloexport.validation.high_level_features import (
    EARLY_GROUPS,
    GROUPS,
    feature_matrix,
    feature_names,
    high_level,
)
from tests.caloexport.validation.test_layer_observables import FEATURES
from tests.caloexport.validation.test_layer_observables import GOLDEN as SHAPES
from tests.caloexport.validation.test_observables import by_rule

BINNINGS = list(SHAPES)
#: total energy and energy of the second used layer of both showers
ENERGIES = {
    "calochallenge1-photons": [[18418, 983], [8097, 430]],
    "calochallenge1-pions": [[26608, 1431], [4965, 256]],
    "calochallenge2": [[323878, 17272], [7186, 392]],
    "calochallenge3": [[2024990, 107992], [44960, 2394]],
}
#: columns, and those of before November 2023
LENGTHS = {
    "calochallenge1-photons": (30, 14),
    "calochallenge1-pions": (46, 24),
    "calochallenge2": (362, 226),
    "calochallenge3": (362, 226),
}
SYMBOLS = dict(zip(FEATURES, ("EC_eta", "EC_phi", "width_eta", "width_phi", "EC_r", "width_r",
                              "sparsity"), strict=True))  # fmt: skip


def mesh_of(binning: str) -> Mesh:
    return read_binning(binning)[0].mesh


def columns(mesh: Mesh, cells: Float64) -> dict[str, Float64]:
    matrix = feature_matrix(high_level(cells, mesh), np.array([1e3, 1e5]))
    return dict(zip(feature_names(mesh), matrix.T, strict=True))


@pytest.mark.parametrize("binning", BINNINGS)
def test_golden_numbers(binning: str) -> None:
    mesh = mesh_of(binning)
    found = columns(mesh, by_rule(mesh))
    total, layer = ENERGIES[binning]
    assert found["log10 E_inc"].tolist() == [3, 5]
    assert found["log10 E_tot"] == pytest.approx(np.log10(total), abs=1e-10)
    assert found["log10 E 1"] == pytest.approx(np.log10(layer), abs=1e-10)
    for name, golden in zip(FEATURES, SHAPES[binning], strict=True):
        per_unit = 1 if name == "sparsity" else 100
        assert per_unit * found[f"{SYMBOLS[name]} 1"] == pytest.approx(golden, abs=1.1e-9)


@pytest.mark.parametrize("binning", BINNINGS)
def test_columns_are_as_published(binning: str) -> None:
    mesh = mesh_of(binning)
    names, early = feature_names(mesh), feature_names(mesh, EARLY_GROUPS)
    assert (len(names), len(early)) == LENGTHS[binning]
    assert names[: len(early)] == early
    symbols = [" ".join(name.split()[:-1]) for name in names if name[-1].isdigit()]
    assert list(dict.fromkeys(symbols)) == [
        group.symbol for name, group in GROUPS.items() if name != "total_energy"
    ]
    assert names[len(early)] == "log10 E_tot"
    found = high_level(by_rule(mesh), mesh)
    for groups in (EARLY_GROUPS, tuple(GROUPS)):
        assert feature_matrix(found, np.ones(2), groups).shape == (
            2,
            len(feature_names(mesh, groups)),
        )


def test_an_empty_layer_has_no_centre_but_zero() -> None:
    mesh = mesh_of("calochallenge1-pions")
    found = columns(mesh, np.zeros((2, 533)))
    assert found["log10 E 13"].tolist() == found["log10 E_tot"].tolist() == [-8, -8]
    for name in ("EC_eta 1", "EC_phi 13", "width_eta 2", "width_phi 12", "EC_r 0", "width_r 14"):
        assert found[name].tolist() == [0, 0]
    assert found["sparsity 3"].tolist() == [1, 1]
    assert not [
        name for name in found if name.startswith("EC_eta") and name.endswith((" 0", " 14"))
    ]


def test_the_order_of_the_cells_does_not_matter() -> None:
    challenge = CylinderMesh(18, 50, 45, 2.325, 3.4, ("z", "phi", "r"))
    par04 = challenge.in_order(("r", "phi", "z"))
    cells = by_rule(challenge)
    moved = cells.reshape(2, -1)[:, permutation(challenge, par04.order)].reshape(2, *par04.shape)
    usual, found = columns(challenge, cells), columns(par04, moved)
    assert usual.keys() == found.keys()
    for name, values in usual.items():
        assert found[name] == pytest.approx(values, rel=1e-12, abs=1e-14)
