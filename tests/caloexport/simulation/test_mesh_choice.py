from __future__ import annotations

from dataclasses import replace

import pytest

from caloexport.runtime.errors import CaloexportError
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.mesh_choice import choose_meshes

SIW = load_detector("siw")


def test_the_first_mesh_of_the_detector_is_the_default() -> None:
    assert choose_meshes(SIW) == (SIW.scorings["18x50x45"],)


def test_meshes_by_name_and_free_ones() -> None:
    named, same_volume, own = choose_meshes(SIW, ["9x16x45", "24x12x9", "3x4x5:2mm,0.5cm"])
    assert named == SIW.scorings["9x16x45"]
    assert same_volume.parameters is not None
    assert same_volume.parameters["cells"] == [24, 12, 9]
    assert same_volume.parameters["r_cell_mm"] * 24 == pytest.approx(18 * 2.325)
    assert same_volume.parameters["z_cell_mm"] * 9 == pytest.approx(153)
    assert own.parameters == {"cells": [3, 4, 5], "r_cell_mm": 2.0, "z_cell_mm": 5.0}
    assert own.name == "3x4x5-2mm-0.5cm"


def test_free_meshes_count_what_the_first_one_counts() -> None:
    (mesh,) = choose_meshes(load_detector("calochallenge2"), ["24x24x24"])
    assert (mesh.deposits, mesh.factor, mesh.format) == ("active", pytest.approx(1 / 0.033), "")


def test_deposits_factor_and_threshold_hold_for_all() -> None:
    meshes = choose_meshes(
        SIW, ["18x50x45", "24x24x24"], deposits="active", factor=2.0, threshold_mev=0.1
    )
    for mesh in meshes:
        assert (mesh.deposits, mesh.factor, mesh.threshold_mev) == ("active", 2.0, 0.1)


@pytest.mark.parametrize(
    ("texts", "others", "message"),
    [
        (
            ["18x50"],
            {},
            r"siw: unknown mesh '18x50' .*known: 18x50x45, 9x16x45; or cells .*: RxPHIxZ, RxPHIxZ:",
        ),
        (["24x24x24", "24x24x24"], {}, "asked for 2 times"),
        (["0x1x1"], {}, "no cells"),
        (["2000x2000x2000"], {}, "8,000,000,000 cells, at most 16,777,216"),
        (["3x4x5:2,3"], {}, "has no unit"),
        (["3x4x5:0mm,3mm"], {}, "makes no sense"),
        ([], {"factor": 0.0}, "a factor of 0"),
        ([], {"factor": float("nan")}, "a factor of nan"),
        ([], {"threshold_mev": -1.0}, "a threshold of -1 MeV"),
    ],
)
def test_what_makes_no_sense_is_refused(
    texts: list[str], others: dict[str, float], message: str
) -> None:
    with pytest.raises(CaloexportError, match=message):
        choose_meshes(SIW, texts, **others)  # type: ignore[arg-type]


def test_active_deposits_need_an_active_slab() -> None:
    dead = replace(SIW, slabs=tuple(replace(slab, active=False) for slab in SIW.slabs))
    with pytest.raises(CaloexportError, match="no slab of this detector is active"):
        choose_meshes(dead, deposits="active")


def test_a_free_mesh_without_a_cylinder_needs_its_sizes() -> None:
    only = replace(SIW.scorings["18x50x45"], kind="cells")
    without = replace(SIW, scorings={"cells": only})
    with pytest.raises(CaloexportError, match=r"for example 24x24x24:2.325mm,3.4mm"):
        choose_meshes(without, ["24x24x24"])
    (mesh,) = choose_meshes(without, ["2x2x2:3mm,4mm"])
    assert mesh.kind == "cylinder"
