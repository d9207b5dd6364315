from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import Showers, from_arrays

MESH = CylinderMesh(1, 1, 2)


def showers(n: int) -> Showers:
    cells = np.arange(2.0 * n).reshape(n, 1, 1, 2)
    return from_arrays(cells, MESH, {"energy_mev": np.ones(n)})


@settings(derandomize=True, max_examples=40, deadline=None)
@given(n=some.integers(1, 30), size=some.integers(1, 40))
def test_blocks_cover_every_shower_once(n: int, size: int) -> None:
    source = showers(n)
    blocks = list(source.chunks(size))
    assert np.array_equal(np.concatenate([e for _, e in blocks]), source.read())
    assert [b.start for b, _ in blocks] == list(range(0, n, size))
    assert blocks[-1][0].stop == n


def test_reading_ranges() -> None:
    source = showers(5)
    assert source.read(slice(-2, None))[:, 0, 0, 0].tolist() == [6.0, 8.0]
    assert source.read(slice(4, 2)).shape == (0, 1, 1, 2)
    assert len(source) == 5
    with pytest.raises(UsageError, match="not with step 2"):
        source.read(slice(0, 4, 2))
    with pytest.raises(UsageError, match="block of 0 showers"):
        list(source.chunks(0))


def test_memory_is_checked_as_files_are() -> None:
    cells = np.zeros((2, 1, 1, 2))
    cells[1, 0, 0, 1] = -0.5
    with pytest.raises(InputFileError, match=r"shower 1 has the energy -0.5 MeV in cell .*z=1"):
        from_arrays(cells, MESH, {"energy_mev": np.ones(2)}).read()


def test_an_energy_that_float32_cannot_hold_is_refused_without_a_warning() -> None:
    cells = np.full((1, 1, 1, 2), 1e300)
    with pytest.raises(InputFileError, match="shower 0 has the energy inf MeV"):
        from_arrays(cells, MESH, {"energy_mev": np.ones(1)}).read()


def test_shapes_must_fit() -> None:
    with pytest.raises(UsageError, match="energies have shape"):
        from_arrays(np.zeros((2, 2)), MESH, {"energy_mev": np.ones(2)})
    with pytest.raises(UsageError, match="'energy_mev' is missing"):
        from_arrays(np.zeros((2, 1, 1, 2)), MESH, {})
    with pytest.raises(UsageError, match=r"'theta_rad' has shape \(1,\), expected \(2,\)"):
        given = {"energy_mev": np.ones(2), "theta_rad": np.ones(1)}
        from_arrays(np.zeros((2, 1, 1, 2)), MESH, given)


def test_a_block_holds_whole_blocks_of_the_file() -> None:
    def source(rows: int) -> Showers:
        mesh = CylinderMesh(18, 50, 45)
        energy = {"energy_mev": np.ones(1000)}
        return Showers("x", "memory", mesh, energy, lambda a, b: np.zeros(0), rows=rows)

    assert source(16).block_size == 192  # of 207 that fit 32 MB
    assert source(5000).block_size == 207
