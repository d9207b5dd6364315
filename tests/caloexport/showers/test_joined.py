from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays, open_showers
from caloexport.showers.joined import joined
from caloexport.showers.showers import Showers
from caloexport.showers.write import write_showers

MESH = CylinderMesh(2, 2, 3, 1.0, 1.0)


def part(n: int, first: float = 0.0, name: str = "part", **further: float) -> Showers:
    cells = first + np.arange(n * 12, dtype=np.float32).reshape(n, 2, 2, 3)
    conditions = {key: np.full(n, value) for key, value in further.items()}
    return from_arrays(
        cells, MESH, {"energy_mev": np.full(n, 1e3 + first), **conditions}, name=name
    )


def test_showers_follow_each_other() -> None:
    parts = [part(3), part(2, 100.0), part(4, 200.0)]
    whole = joined(parts)
    expected = np.concatenate([one.read() for one in parts])
    assert whole.n == 9
    assert np.array_equal(whole.read(), expected)
    assert np.array_equal(whole.read(slice(2, 6)), expected[2:6])
    assert whole.read(slice(4, 4)).shape == (0, 2, 2, 3)
    assert np.array_equal(np.concatenate([cells for _, cells in whole.chunks(2)]), expected)
    assert np.array_equal(np.concatenate([cells for _, cells in whole.raw_chunks()]), expected)
    assert whole.conditions["energy_mev"].tolist() == [1e3] * 3 + [1.1e3] * 2 + [1.2e3] * 4


def test_what_only_some_parts_tell_is_left_out() -> None:
    one, other = part(2, pconfig=1.0, theta_rad=0.5), part(2, theta_rad=0.7)
    one.attributes |= {"sensitive": "active", "seed": 1}
    other.attributes |= {"sensitive": "active", "seed": 2}
    whole = joined([one, other])
    assert set(whole.conditions) == {"energy_mev", "theta_rad"}
    assert whole.attributes == {"sensitive": "active"}


def test_one_part_is_itself() -> None:
    only = part(2)
    assert joined([only]) is only


def test_damage_is_told_of_the_part_that_has_it() -> None:
    cells = np.ones((2, 2, 2, 3), dtype=np.float32)
    cells[1, 0, 1, 2] = -5.0
    damaged = from_arrays(cells, MESH, {"energy_mev": np.ones(2)}, name="second")
    whole = joined([part(3, name="first"), damaged])
    with pytest.raises(InputFileError, match=r"second: shower 1 has the energy -5 MeV"):
        whole.read()
    assert sum((stored < 0).sum() for _, stored in whole.raw_chunks()) == 1


def test_closing_closes_all_parts() -> None:
    closed: list[str] = []

    def named(name: str) -> Showers:
        conditions = {"energy_mev": np.ones(2)}
        cells = np.ones((2, *MESH.shape))
        return Showers(
            name,
            "memory",
            MESH,
            conditions,
            lambda a, b: cells[a:b],
            close=lambda: closed.append(name),
        )

    with joined([named("a.h5"), named("b.h5")]) as whole:
        assert whole.name == "a.h5 … b.h5 (2 files)"
    assert closed == ["a.h5", "b.h5"]


def test_parts_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    other = from_arrays(
        np.ones((1, 2, 2, 4)), CylinderMesh(2, 2, 4), {"energy_mev": np.ones(1)}, name="other"
    )
    with pytest.raises(UsageError, match="another mesh than 'part'"):
        joined([part(1), other])
    with pytest.raises(UsageError, match="no shower file"):
        joined([])
    path = tmp_path / "a.h5"
    write_showers(path, "par04", MESH, part(2).conditions, [part(2).read()])
    with (
        open_showers(path) as one,
        open_showers(path) as same,
        pytest.raises(UsageError, match="named twice"),
    ):
        joined([one, same])
