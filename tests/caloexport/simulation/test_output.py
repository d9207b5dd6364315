from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName, UnsupportedError
from caloexport.showers import open_showers
from caloexport.showers.facts import unit_facts
from caloexport.simulation import output
from caloexport.simulation.crew.folder import finished, progress_folder, record_path
from caloexport.simulation.crew.record import RecordWriter
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import Primary
from caloexport.simulation.simulated import Simulated
from tests.toys import toy_plan

SHAPES = {"9x16x45": (9, 16, 45), "2x3x4": (2, 3, 4)}


def simulated(plan: Plan, number: int) -> Simulated:
    random = np.random.default_rng(number)
    energies, inside = {}, {}
    for name, shape in SHAPES.items():
        cells = random.exponential(1.0, np.prod(shape)).astype(np.float32)
        cells[random.random(len(cells)) < 0.5] = 0
        energies[name] = cells
        inside[name] = float(cells.sum())
    primary = plan.primary(number)
    return Simulated(number, primary, 0.0, 1000.0, 30.0, energies, inside, 0.0)


def written(plan: Plan, path: Path, **options: bool | str) -> list[output.Target]:
    """Write the files of records that two workers made in any order."""
    made = output.targets(plan, path, **options)  # type: ignore[arg-type]
    with progress_folder(path, plan, {}, resume=True) as folder:
        for slot, numbers in enumerate(([4, 1], [2, 0, 3])):
            with RecordWriter(record_path(folder, slot)) as records:
                for number in numbers:
                    records.append(simulated(plan, number))
        found = finished(folder)
        leakage, primaries = output.read_balance(plan, found)
        for target in made:
            report: list[int] = []
            made_by = {"generator": "test", "cut_mm": 0.7}
            output.write_target(
                plan, target, folder, found, primaries, leakage, made_by, report.append
            )
            assert report[-1] == plan.n
    return made


def test_one_file_per_mesh_in_order_of_the_showers(tmp_path: Path) -> None:
    plan = toy_plan(5, tuple(SHAPES), deposits="active")
    made = written(plan, tmp_path / "a.h5")
    assert [target.path.name for target in made] == ["a-9x16x45.h5", "a-2x3x4.h5"]
    for name, shape in SHAPES.items():
        with open_showers(tmp_path / f"a-{name}.h5") as showers:
            assert showers.format == "par04"
            cells = showers.read()
            for number in range(5):
                expected = simulated(plan, number).energies[name]
                assert np.array_equal(cells[number], expected.reshape(shape))
            primaries = [plan.primary(number) for number in range(5)]
            assert showers.conditions["energy_mev"].tolist() == [p.energy_mev for p in primaries]
            assert showers.conditions["theta_rad"].tolist() == [p.theta_rad for p in primaries]
            assert showers.conditions["pdg"].tolist() == [11, 22, 11, 22, 11]
            assert set(showers.conditions["geometry"]) == {"siw"}
            facts = unit_facts(showers)
            assert facts["sensitive"] == "active material"
            assert (facts["energy_scale"], facts["threshold_mev"]) == (1.0, 0.0005)
            assert facts["generator"] == "test"
            told = showers.attributes
            assert told["plan_sha256"] == plan.hash
            assert told["materials"] == "90 x (G4_W 1.4 mm + G4_Si 0.3 mm active)"
            assert told["layers"] == 90
            assert told["cut_mm"] == 0.7
            assert told["deposited_fraction"] > 0
            assert told["caught_fraction_error"] > 0


def test_blocks_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = toy_plan(5, tuple(SHAPES))
    for name, block_bytes in (("a", output.BLOCK_BYTES), ("b", 2 * 4 * 6480)):
        monkeypatch.setattr(output, "BLOCK_BYTES", block_bytes)
        (tmp_path / name).mkdir()
        written(plan, tmp_path / name / "x.h5")
    first, second = (tmp_path / name / "x-9x16x45.h5" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_one_mesh_is_written_where_the_user_says(tmp_path: Path) -> None:
    plan = toy_plan(5, ("9x16x45",))
    (target,) = written(plan, tmp_path / "a.hdf5", format="calochallenge")
    assert target.path == tmp_path / "a.hdf5"
    with open_showers(target.path) as showers:
        assert (showers.format, showers.mesh.order) == ("calochallenge", ("z", "phi", "r"))
        cells = simulated(plan, 3).energies["9x16x45"].reshape(9, 16, 45)
        assert np.array_equal(showers.read()[3], cells.transpose(2, 1, 0))


def test_compact_files(tmp_path: Path) -> None:
    plan = toy_plan(5, ("9x16x45",))
    written(plan, tmp_path / "a.h5", compact=True)
    with open_showers(tmp_path / "a.h5") as showers:
        assert showers.stored_dtype == "float16"
        assert "8 mantissa bits" in showers.attributes["precision"]
        exact = simulated(plan, 3).energies["9x16x45"].reshape(9, 16, 45)
        np.testing.assert_allclose(showers.read()[3], exact, rtol=2**-9, atol=5e-8)


def test_detectors_name_the_layout_of_their_meshes(tmp_path: Path) -> None:
    plan = toy_plan(1, ("9x16x45", "4x4x4"), detector="calochallenge2", deposits="active")
    formats = [target.format for target in output.targets(plan, tmp_path / "a.h5")]
    assert formats == ["calochallenge", "par04"]


def test_a_layout_that_cannot_hold_the_showers_is_refused_before_them(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="whole GeV"):
        output.targets(toy_plan(), tmp_path / "a.h5", "par04-zenodo")
    with pytest.raises(UnknownName, match="shower format 'par5'"):
        output.targets(toy_plan(), tmp_path / "a.h5", "par5")
    assert list(tmp_path.iterdir()) == []


def test_names_of_meshes_do_not_leave_the_folder(tmp_path: Path) -> None:
    plan = toy_plan(1, ("9x16x45", "2x3x4"))
    strange = replace(plan.scorings[0], name="../of them")
    made = output.targets(replace(plan, scorings=(strange, plan.scorings[1])), tmp_path / "a.h5")
    assert [target.path for target in made] == [
        tmp_path / "a-..-of-them.h5",
        tmp_path / "a-2x3x4.h5",
    ]


def test_further_conditions_of_the_particle_are_handed_to_the_writer() -> None:
    primaries = [Primary(22, 1e3, 1.5, (0.1, 0.2), {"impact_eta": 0.3 + n}) for n in range(2)]
    found = output.conditions(toy_plan(), primaries)
    assert found["impact_eta"].tolist() == [0.3, 1.3]
