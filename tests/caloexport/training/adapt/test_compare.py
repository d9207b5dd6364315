"""Adaptation beside training from scratch."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.write import write_showers
from caloexport.training import loop, start
from caloexport.training.adapt.arms import ADAPTED, SCRATCH, arms_of
from caloexport.training.adapt.compare import compare
from caloexport.training.adapt.courses import Course
from caloexport.training.adapt.held_out import read_held_out
from caloexport.training.adapt.outcome import write_outcome
from caloexport.training.adapt.table import comparison_markdown, comparison_tables
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

STEPS = 12
SETTINGS = "[training]\nbatch = 8\nheld_back = 0.25\nheld_back_fewest = 0\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    wanted = tiny_runs.options(folder, "fastv", updates=6)
    with eagerly():
        loop.run(start.prepare("fastv", folder / "run", wanted, resume=False))
    (folder / "adapt.toml").write_text(SETTINGS)
    return {
        "run": folder / "run",
        "data": tiny.write(folder / "pbwo4.h5", "pbwo4", n=80),
        "test": scan(folder / "test.h5"),
        "config": folder / "adapt.toml",
    }


def scan(
    path: Path, n: int = 60, energies_mev: tuple[float, ...] = (8e3, 50e3),
    mesh: CylinderMesh = tiny.MESH,
) -> Path:  # fmt: skip
    """Write showers at single energies."""
    random = np.random.default_rng(3)
    energy = np.repeat(energies_mev, n)
    cells = random.exponential(size=(len(energy), *mesh.shape)) * np.exp(-np.arange(5.0))
    cells *= (0.8 * energy / cells.sum(axis=(1, 2, 3)))[:, None, None, None]
    conditions = {"energy_mev": energy, "geometry": np.full(len(energy), "pbwo4")}
    write_showers(path, "par04", mesh, conditions, [cells.astype("f4")], {"geometry": "pbwo4"})
    return path


def courses_of(files: dict[str, Path], folder: Path, *numbers: int, seeds: int) -> list[Course]:
    arms = arms_of(
        files["run"], {"again": files["run"]}, [files["data"]], STEPS, numbers,
        config=files["config"],
    )  # fmt: skip
    with eagerly():
        return compare(arms, read_held_out([files["test"]]), seeds, folder, lambda done, text: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("courses")


@pytest.fixture(scope="module")
def courses(files: dict[str, Path], folder: Path) -> list[Course]:
    return courses_of(files, folder, 16, 40, seeds=1)


def test_every_way_is_gone_with_every_number_of_showers(courses: list[Course]) -> None:
    arms = (ADAPTED, "again", SCRATCH)
    assert [(one.arm, one.showers) for one in courses] == [(a, n) for n in (16, 40) for a in arms]
    for one in courses:
        assert [place.updates for place in one.places] == [0, 10, STEPS]
        for place in one.places:
            own = place.distances
            assert [*own.longitudinal] == [*own.lateral] == [*own.response] == [8e3, 50e3]
        assert one.places[0].seconds < one.places[1].seconds < one.places[2].seconds


def test_ways_differ_in_their_start_alone(courses: list[Course]) -> None:
    by_arm = {one.arm: one for one in courses if one.showers == 40}
    ends = {arm: one.places[-1].distances.longitudinal[8e3].value for arm, one in by_arm.items()}
    assert ends[ADAPTED] == ends["again"] != ends[SCRATCH]
    assert by_arm[ADAPTED].places[0].farthest != by_arm[SCRATCH].places[0].farthest


def test_what_was_trained_is_not_trained_again(
    files: dict[str, Path], courses: list[Course], folder: Path, tmp_path: Path
) -> None:
    times = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert courses_of(files, folder, 16, 40, seeds=1) == courses
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == times
    other = arms_of(files["run"], {}, [files["data"]], STEPS + 1, [16], config=files["config"])
    with pytest.raises(UsageError, match="is of a comparison with other settings"):
        compare(other, read_held_out([files["test"]]), 1, folder, lambda done, text: None)
    (tmp_path / "adapted-16-0.json").write_text("[{")
    with pytest.raises(InputFileError, match="is damaged"):
        courses_of(files, tmp_path, 16, seeds=1)


def test_json_and_pictures(courses: list[Course], files: dict[str, Path], tmp_path: Path) -> None:
    arms = arms_of(
        files["run"], {"again": files["run"]}, [files["data"]], STEPS, [16, 40],
        config=files["config"],
    )  # fmt: skip
    told = write_outcome(courses, arms, read_held_out([files["test"]]), tmp_path)
    assert json.loads((tmp_path / "comparison.json").read_text()) == json.loads(json.dumps(told))
    assert (len(told["courses"]), len(told["reached"]), len(told["arms"])) == (6, 18, 3)
    assert told["looks"] == [place["updates"] for place in told["courses"][0]["places"]]
    assert (told["alike"]["batch"], told["alike"]["warm_up"]) == (8, 30)
    assert told["test"]["without_fpd"].startswith("needs 260 test showers")
    assert told["published"].startswith("MetaHEP")
    for name in ("comparison.svg", "comparison-lateral.svg", "comparison-response.svg"):
        assert (tmp_path / name).stat().st_size > 10_000
    assert "published 527" in (tmp_path / "comparison.svg").read_text().replace("\n", " ")
    assert [len(table.rows) for table in comparison_tables(told)] == [6, 4]
    summary = json.loads((tmp_path / "comparison-summary.json").read_text())
    assert comparison_markdown(summary) == comparison_markdown(told)


def test_showers_that_are_trained_on_are_refused(files: dict[str, Path], tmp_path: Path) -> None:
    arms = arms_of(files["run"], {}, [files["test"]], STEPS, [16], config=files["config"])
    with pytest.raises(UsageError, match="is trained on too"):
        read_held_out([files["test"]], arms[0].plan.hashes)


def test_a_training_that_diverges_ends_early(files: dict[str, Path], tmp_path: Path) -> None:
    files["config"].with_name("wild.toml").write_text(SETTINGS + "learning_rate = 1e30\n")
    arms = arms_of(
        files["run"], {}, [files["data"]], STEPS, [16],
        config=files["config"].with_name("wild.toml"),
    )  # fmt: skip
    test = read_held_out([files["test"]])
    with eagerly():
        found = compare(arms[:1], test, 1, tmp_path, lambda done, text: None)
    assert [place.updates for place in found[0].places] == [0]


def test_gammas_in_the_detector_of_the_run_take_files_alone(
    files: dict[str, Path], tmp_path: Path
) -> None:
    """A run of electrons in one detector is compared on photons in it: no new column is needed."""
    wanted = {
        **tiny_runs.options(tmp_path, "fastv", updates=4),
        "data": [tiny.write(tmp_path / "electrons.h5", "pbwo4", n=60)],
    }
    data = tiny.write(tmp_path / "gamma.h5", "pbwo4", n=40)
    with eagerly():
        loop.run(start.prepare("fastv", tmp_path / "run", wanted, resume=False))
        arms = arms_of(tmp_path / "run", {}, [data], 10, [16], config=files["config"])
        found = compare(arms, read_held_out([files["test"]]), 2, tmp_path, lambda done, text: None)
    assert [(one.arm, one.seed) for one in found] == [
        (name, seed) for name in (ADAPTED, SCRATCH) for seed in (0, 1)
    ]
    assert len({one.places[-1].farthest for one in found}) == 4
