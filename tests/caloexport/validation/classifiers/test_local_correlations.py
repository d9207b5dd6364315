from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.validation.classifiers.local_correlations import local_correlations

MESH = CylinderMesh(2, 4, 3, order=("z", "phi", "r"))
PAIRS = ("phi 1", "phi 2", "r 1", "z 1", "z 2")


def numbers_of(hits: list[tuple[int, int, int]], mesh: CylinderMesh = MESH) -> dict[str, float]:
    """Return the numbers of a shower with 1 MeV in cells (z, phi, r)."""
    cells = np.zeros((1, 3, 4, 2))
    for hit in hits:
        cells[(0, *hit)] = 1.0
    cells = cells.transpose(0, *(1 + ("z", "phi", "r").index(axis) for axis in mesh.order))
    row = local_correlations(cells.reshape(1, -1), np.array([100.0]), mesh)[0]
    names = [f"hits {pair}" for pair in PAIRS] + [f"energy {pair}" for pair in PAIRS]
    names += ["lonely", "ring 0", "ring 1", "log share 0", "log share 1"]
    names += [f"place {i}" for i in (0, 1, 2, 5, 10, 20)]
    names += ["off axis", "depth", "all", "log total", "log incident"]
    return dict(zip(names, row.tolist(), strict=True))


def test_neighbours_are_counted() -> None:
    found = numbers_of([(0, 0, 0), (0, 3, 0), (1, 0, 0), (2, 0, 1), (2, 2, 1)])
    # 3 and 0 are neighbours around, each pair at half of the cells around counts twice
    assert [found[f"hits {pair}"] for pair in PAIRS] == [1, 2, 0, 1, 0]
    assert [found[f"energy {pair}"] for pair in PAIRS] == pytest.approx([0.2, 0.4, 0, 0.2, 0])
    assert found["lonely"] == 2  # those of the last layer
    assert (found["ring 0"], found["ring 1"], found["all"]) == (3, 2, 5)
    assert found["depth"] == pytest.approx((1 + 2 + 2) / 5)
    assert 10 ** found["place 2"] == pytest.approx(0.2, rel=1e-4)
    assert 10 ** found["place 5"] == pytest.approx(1e-6)
    assert (found["log total"], found["log incident"]) == pytest.approx((np.log10(5), 2))


def test_rings_and_depth_are_neighbours_too() -> None:
    found = numbers_of([(0, 1, 0), (0, 1, 1), (2, 1, 1)])
    assert [found[f"hits {pair}"] for pair in PAIRS] == [0, 0, 1, 0, 1]
    assert found["off axis"] == pytest.approx((0.5 + 1.5 + 1.5) / 3)


def test_the_order_of_storage_does_not_matter() -> None:
    hits = [(0, 0, 0), (0, 3, 1), (1, 3, 1), (2, 1, 0)]
    other = numbers_of(hits, MESH.in_order(("r", "phi", "z")))
    assert other == pytest.approx(numbers_of(hits))


def test_an_empty_shower_has_numbers() -> None:
    found = numbers_of([])
    assert np.isfinite(list(found.values())).all()
    assert found["lonely"] == found["all"] == found["depth"] == 0
