"""Lists of cells are the dense showers without their zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.cell_list import CellList
from caloexport.runtime.errors import OutOfRange, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.sampler import BLOCK
from tests.networks import decoder

GIVEN: dict[str, Any] = {"energy_mev": 20_000.0, "theta_rad": 1.5, "geometry": "siw"}
GENERATORS = {
    name: decoder().using(name).above(4_000.0) for name in ("numpy", "numba")
}  # so that many cells are below


def arrays(n: int, room: int) -> CellList:
    return CellList(
        np.full(n + 1, -1, dtype=np.int64),
        np.full(room, -1, dtype=np.int32),
        np.full(room, -1, dtype=np.float32),
    )


def dense_of(cells: CellList, shape: tuple[int, ...]) -> np.ndarray:
    """Return the showers (n, *shape) that a list describes."""
    n = len(cells.offsets) - 1
    flat = np.zeros((n, int(np.prod(shape))), dtype=np.float32)
    for i in range(n):
        part = slice(cells.offsets[i], cells.offsets[i + 1])
        assert (np.diff(cells.indices[part]) > 0).all()
        flat[i, cells.indices[part]] = cells.energies[part]
    return flat.reshape(n, *shape)


@pytest.mark.parametrize("backend", GENERATORS)
@pytest.mark.parametrize("n", [0, 1, BLOCK, 2 * BLOCK + 5])
def test_lists_are_the_dense_showers(backend: str, n: int) -> None:
    generator = GENERATORS[backend]
    energies = np.linspace(10_000.0, 30_000.0, n)
    for energy in (20_000.0, energies):
        asked = {**GIVEN, "energy_mev": energy, "seed": 3, "first": 7}
        dense, cells = generator.sample(n, **asked), generator.sample_cells(n, **asked)
        assert [array.dtype for array in cells] == [np.int64, np.int32, np.float32]
        assert len(cells.indices) == len(cells.energies) == cells.offsets[-1]
        assert not n or 0 < len(cells.indices) < dense.size
        np.testing.assert_array_equal(dense_of(cells, (3, 4, 5)).view("i4"), dense.view("i4"))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(GENERATORS)),
    st.integers(0, BLOCK + 3),
    st.integers(0, 2**40),
    st.floats(0.0, 1.5),
)
def test_into_arrays_of_the_callers(backend: str, n: int, first: int, share: float) -> None:
    generator = GENERATORS[backend]
    expected = generator.sample_cells(n, first=first, **GIVEN)
    needed = len(expected.indices)
    room = int(share * needed)
    lists = arrays(n, room + 40)
    given = CellList(lists.offsets, lists.indices[:room], lists.energies[:room])
    if room < needed:
        with pytest.raises(UsageError, match=f"have {needed} cells, but there is room for {room}"):
            generator.sample_cells_into(*given, first=first, **GIVEN)
    else:
        assert generator.sample_cells_into(*given, first=first, **GIVEN) == needed
        for found, wanted in zip(given, expected, strict=True):
            np.testing.assert_array_equal(found[: len(wanted)], wanted)
    assert (lists.indices[room:] == -1).all()
    assert (lists.energies[room:] == -1).all()


def read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


OFFSETS, INDICES, ENERGIES = arrays(2, 200)


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ((OFFSETS.astype("i4"), INDICES, ENERGIES), "'offsets' must be a writable .* int64"),
        ((None, INDICES, ENERGIES), "'offsets' must be"),
        ((OFFSETS[:0], INDICES, ENERGIES), "one more entry than there are showers"),
        ((OFFSETS, INDICES.astype("i8"), ENERGIES), "'indices' must be"),
        ((OFFSETS, INDICES[::2], ENERGIES[::2]), "'indices' must be"),
        ((OFFSETS, INDICES.reshape(2, -1), ENERGIES), "'indices' must be"),
        ((OFFSETS, INDICES, ENERGIES.astype("f8")), "'energies' must be"),
        ((OFFSETS, INDICES, read_only(ENERGIES.copy())), "'energies' must be"),
        ((OFFSETS, INDICES[:9], ENERGIES), "room for 9 cells, 'energies' for 200"),
        ((OFFSETS, INDICES, INDICES.view("f4")), "must not share memory"),
    ],
)
def test_arrays_that_do_not_fit(lists: tuple[Any, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        GENERATORS["numba"].sample_cells_into(*lists, **GIVEN)


@pytest.mark.parametrize("n", [-1, 1.5, "3", None, 2**60])
def test_numbers_of_showers(n: Any) -> None:
    with pytest.raises(UsageError, match="is not a number of showers"):
        GENERATORS["numba"].sample_cells(n, **GIVEN)


@pytest.mark.parametrize("backend", GENERATORS)
def test_the_errors_are_those_of_dense_showers(backend: str) -> None:
    generator = GENERATORS[backend]
    with pytest.raises(OutOfRange, match="energy_mev = 1e"):
        generator.sample_cells(2, **{**GIVEN, "energy_mev": 1e9})
    with pytest.raises(UsageError, match="seed -1"):
        generator.sample_cells_into(*arrays(2, 200), seed=-1, **GIVEN)


def test_a_bare_network_refuses() -> None:
    bare = Generator.from_network(decoder().network, name="bare")
    with pytest.raises(UsageError, match="'bare' is a bare network"):
        bare.sample_cells(**GIVEN)
