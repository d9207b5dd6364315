from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from caloexport.showers.order import parse_order, reorder

PAR04, CHALLENGE, FASTCALOSIM = ("r", "phi", "z"), ("z", "phi", "r"), ("z", "r", "phi")


@settings(derandomize=True, max_examples=30, deadline=None)
@given(
    sizes=some.tuples(*[some.integers(1, 4)] * 3),
    source=some.permutations(PAR04),
    target=some.permutations(PAR04),
)
def test_a_cylinder_is_transposed_and_comes_back(
    sizes: tuple[int, int, int], source: list[str], target: list[str]
) -> None:
    mesh = CylinderMesh(*sizes, order=tuple(source))
    cells = np.arange(2 * np.prod(sizes), dtype=np.float32).reshape(2, *mesh.shape)
    moved = reorder(cells, mesh, tuple(target))
    axes = [1 + source.index(axis) for axis in target]
    assert np.array_equal(moved, cells.transpose(0, *axes))
    assert np.array_equal(reorder(moved, mesh.in_order(tuple(target)), tuple(source)), cells)


def test_layers_of_different_cells() -> None:
    """Layer 0: 2 radii × 3 azimuths, layer 12: 3 × 1; a value tells layer, phi and r."""
    layers = (MeshLayer(0, (0.0, 1.0, 2.0), 3), MeshLayer(12, (0.0, 1.0, 2.0, 3.0), 1))
    mesh = LayeredMesh(layers, CHALLENGE)
    challenge = np.array([[0, 1, 10, 11, 20, 21, 100, 101, 102]], dtype=np.float32)
    fastcalosim = [[0, 10, 20, 1, 11, 21, 100, 101, 102]]
    assert reorder(challenge, mesh, FASTCALOSIM).tolist() == fastcalosim


@pytest.mark.parametrize(
    ("text", "order"),
    [("r-phi-z", PAR04), ("layer-alpha-r", CHALLENGE), ("layer-r-phi", FASTCALOSIM)],
)
def test_orders_are_read(text: str, order: tuple[str, ...]) -> None:
    assert parse_order(text) == order


@pytest.mark.parametrize("text", ["", "r-phi", "r-phi-z-z", "r-phi-y"])
def test_other_orders_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not an order of the axes"):
        parse_order(text)
