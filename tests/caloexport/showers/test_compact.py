"""Compact storage: what it keeps, what it loses, what it refuses."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import convert_showers, from_arrays, open_showers, sample, write_showers
from caloexport.showers.compact import LARGEST_MEV, PRECISION, compact

MESH = CylinderMesh(1, 2, 3)
energies_mev = arrays(np.float32, (20,), elements=st.floats(0, 65_000, width=32))


@given(energies_mev)
def test_energies_move_by_two_permille_at_most(energies: np.ndarray) -> None:
    exact, stored = energies.astype(np.float64), compact(energies).astype(np.float64)
    allowed = np.where(exact >= 2.0**-16, exact * 2.0**-9, 5e-8)
    assert (np.abs(stored - exact) <= allowed).all()
    assert (stored[exact == 0] == 0).all()


@given(energies_mev)
def test_two_bits_are_free_and_a_second_time_changes_nothing(energies: np.ndarray) -> None:
    once = compact(energies)
    normal = once[once >= np.finfo(np.float16).smallest_normal]
    assert not (normal.view(np.uint16) & 3).any()
    assert np.array_equal(compact(once), once)


@given(energies_mev)
def test_rounding_is_to_the_nearest(energies: np.ndarray) -> None:
    """Neither neighbour on the grid of eight bits is nearer."""
    exact = energies[energies >= 2.0**-14].astype(np.float64)
    step = 2.0 ** (np.floor(np.log2(exact)) - 8)
    assert (np.abs(compact(exact).astype(np.float64) - exact) <= step / 2).all()


def test_ties_go_to_the_even_neighbour() -> None:
    ties = np.array([1 + 0.5 / 256, 1 + 1.5 / 256, 1 + 2.5 / 256])
    assert compact(ties).tolist() == [1, 1 + 2 / 256, 1 + 2 / 256]


def test_the_largest_energy() -> None:
    below_the_tie = np.nextafter(np.float32(LARGEST_MEV + 64), np.float32(0))
    assert compact(np.array([LARGEST_MEV, below_the_tie])).tolist() == [LARGEST_MEV] * 2


@pytest.mark.parametrize("wrong", [LARGEST_MEV + 64, 1e30, np.inf, -np.inf, np.nan, -7e4])
def test_what_float16_cannot_hold_is_refused_and_leaves_no_file(
    tmp_path: Path, wrong: float
) -> None:
    cells = np.ones((2, 1, 2, 3), dtype=np.float32)
    cells[1, 0, 1, 2] = wrong
    conditions = {"energy_mev": np.ones(2)}
    with pytest.raises(UnsupportedError, match=r"a cell holds .* MeV, the compact storage at most"):
        write_showers(tmp_path / "a.h5", "par04", MESH, conditions, [cells], dtype="float16")
    assert list(tmp_path.iterdir()) == []


def test_a_written_file_is_compact_and_says_so(tmp_path: Path) -> None:
    cells = np.full((2, 1, 2, 3), 0.1, dtype=np.float32)
    path = tmp_path / "a.h5"
    conditions = {"energy_mev": np.ones(2)}
    write_showers(path, "par04", MESH, conditions, [cells], {"generator": "x"}, dtype="float16")
    with h5py.File(path) as file:
        assert file["showers"].dtype == np.float16
        assert np.array_equal(file["showers"][:], compact(cells))
    with open_showers(path) as found:
        assert found.attributes["precision"] == PRECISION
        assert found.attributes["generator"] == "x"


def test_converting_rounds_only_when_asked(tmp_path: Path) -> None:
    cells = np.array([1, 1 + 1 / 1024, 1 + 3 / 1024, 0, 2, 4]).reshape(1, 1, 2, 3)
    source = from_arrays(cells.astype(np.float16), MESH, {"energy_mev": np.ones(1)})
    for asked, expected in ((False, cells), (True, compact(cells))):
        convert_showers(source, tmp_path / "a.h5", "par04", compact=asked)
        with open_showers(tmp_path / "a.h5") as found:
            assert found.stored_dtype == "float16"
            assert np.array_equal(found.read(), expected)
            assert ("precision" in found.attributes) is asked


def test_the_samples_are_compact() -> None:
    with open_showers(sample("siw")) as found:
        cells = found.read(slice(0, 50))
        assert np.array_equal(compact(cells), cells)
        assert found.attributes["precision"] == PRECISION
