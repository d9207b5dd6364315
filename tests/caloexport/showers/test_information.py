from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import Showers, from_arrays, open_showers, sample, write_showers
from caloexport.showers.facts import unit_facts
from caloexport.showers.information import describe


def test_the_numbers() -> None:
    cells = np.zeros((3, 1, 1, 4), dtype=np.float32)
    cells[0, 0, 0, :2] = 3.0
    cells[1, 0, 0, 0] = 8.0
    conditions = {"energy_mev": np.array([10.0, 10.0, 20.0]), "geometry": np.array(["a", "b", "a"])}
    found = describe(from_arrays(cells, CylinderMesh(1, 1, 4), conditions))
    assert found["schema"] == "caloexport.data-info/1"
    assert found["response"]["mean"] == pytest.approx((0.6 + 0.8 + 0.0) / 3)
    assert found["response"]["error"] == pytest.approx(np.std([0.6, 0.8, 0], ddof=1) / 3**0.5)
    assert found["cells_hit"]["mean"] == 1.0
    assert found["occupancy"]["mean"] == 0.25
    assert found["largest_cell_mev"] == 8.0
    assert found["empty_showers"] == 1
    assert found["conditions"]["energy_mev"] == {"low": 10.0, "high": 20.0, "distinct": 2}
    assert found["conditions"]["geometry"] == {"categories": {"a": 2, "b": 1}}
    json.dumps(found, allow_nan=False)


def test_one_shower_has_no_error() -> None:
    one = from_arrays(np.ones((1, 1, 1, 1)), CylinderMesh(1, 1, 1), {"energy_mev": np.ones(1)})
    assert describe(one)["response"] == {"mean": 1.0, "error": None}


def test_progress() -> None:
    seen: list[int] = []
    with open_showers(sample("siw")) as showers:
        found = describe(showers, lambda done, total, text: seen.append(done))
    assert seen == [192, 256]
    assert found["response"]["mean"] == pytest.approx(0.988, abs=0.001)


def flat(voxels: int) -> Showers:
    cells = np.ones((1, voxels, 1, 1))
    showers = from_arrays(cells, CylinderMesh(voxels, 1, 1), {"energy_mev": np.ones(1)})
    showers.format = "calochallenge"
    return showers


def test_a_convention_is_claimed_only_where_it_holds() -> None:
    assert "times 1/0.033" in unit_facts(flat(6480))["note"]
    assert "times 1/0.033" in unit_facts(flat(40500))["note"]
    assert "ATLAS" in unit_facts(flat(533))["note"]
    assert unit_facts(flat(500))["note"] == "the file does not tell"


def test_what_a_file_says_wins_over_the_convention(tmp_path: Path) -> None:
    mesh = CylinderMesh(9, 16, 45)
    cells = np.ones((1, 9, 16, 45), dtype=np.float32)
    facts = {"energy_scale": 1.0, "sensitive": "all material"}
    write_showers(
        tmp_path / "a.h5", "calochallenge", mesh, {"energy_mev": np.ones(1)}, [cells], facts
    )
    with open_showers(tmp_path / "a.h5") as showers:
        found = unit_facts(showers)
    assert (found["energy_scale"], found["sensitive"], found["note"]) == (1.0, "all material", None)
