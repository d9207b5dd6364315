"""Adaptation beside training from scratch."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.showers.write import write_showers
from caloexport.training import loop, start
from caloexport.training.adapt.arms import ADAPTED, SCRATCH, arms_of
from caloexport.training.adapt.compare import Course, compare, reached, to_json
from caloexport.training.adapt.course import Place
from caloexport.training.adapt.held_out import read_held_out
from caloexport.training.adapt.outcome import write_outcome
from caloexport.training.adapt.table import comparison_table
from caloexport.validation.estimate import Estimate
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


def scan(path: Path, n: int = 60, energies_mev: tuple[float, ...] = (8e3, 50e3)) -> Path:
    """Write showers at single energies."""
    random = np.random.default_rng(3)
    energy = np.repeat(energies_mev, n)
    cells = random.exponential(size=(len(energy), *tiny.MESH.shape)) * np.exp(-np.arange(5.0))
    cells *= (0.8 * energy / cells.sum(axis=(1, 2, 3)))[:, None, None, None]
    conditions = {"energy_mev": energy, "geometry": np.full(len(energy), "pbwo4")}
    write_showers(path, "par04", tiny.MESH, conditions, [cells.astype("f4")], {"geometry": "pbwo4"})
    return path


def courses_of(files: dict[str, Path], folder: Path, *numbers: int, seeds: int) -> list[Course]:
    arms = arms_of(
        files["run"], {"again": files["run"]}, [files["data"]], STEPS, numbers,
        config=files["config"],
    )  # fmt: skip
    with eagerly():
        return compare(arms, read_held_out([files["test"]]), seeds, folder, lambda done, text: None)


@pytest.fixture(scope="module")
def courses(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Course]:
    return courses_of(files, tmp_path_factory.mktemp("courses"), 16, 40, seeds=2)


def test_every_way_is_gone_with_every_number_of_showers(courses: list[Course]) -> None:
    arms = (ADAPTED, "again", SCRATCH)
    expected = [(arm, n, seed) for n in (16, 40) for arm in arms for seed in (0, 1)]
    assert [(one.arm, one.showers, one.seed) for one in courses] == expected
    for one in courses:
        assert [place.updates for place in one.places] == [0, 10, STEPS]
        assert [sorted(place.distances) for place in one.places] == [[8e3, 50e3]] * 3
        assert one.places[0].seconds == 0 < one.places[1].seconds < one.places[2].seconds


def test_ways_differ_in_their_start_alone(courses: list[Course]) -> None:
    by_arm = {one.arm: one for one in courses if (one.showers, one.seed) == (40, 1)}
    ends = {arm: one.places[-1].distances[8e3].value for arm, one in by_arm.items()}
    assert ends[ADAPTED] == ends["again"] != ends[SCRATCH]
    assert by_arm[ADAPTED].places[0].farthest != by_arm[SCRATCH].places[0].farthest


def test_what_was_trained_is_not_trained_again(files: dict[str, Path], tmp_path: Path) -> None:
    first = courses_of(files, tmp_path, 16, seeds=1)
    times = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert courses_of(files, tmp_path, 16, seeds=1) == first
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times
    other = arms_of(
        files["run"], {"again": files["run"]}, [files["data"]], STEPS + 1, [16],
        config=files["config"],
    )  # fmt: skip
    with pytest.raises(UsageError, match="is of a comparison with other settings"):
        compare(other, read_held_out([files["test"]]), 1, tmp_path, lambda done, text: None)
    next(tmp_path.glob("adapted-*.json")).write_text("[{")
    with pytest.raises(InputFileError, match="is damaged"):
        courses_of(files, tmp_path, 16, seeds=1)


def place(updates: int, *values: float) -> Place:
    return Place(
        updates, updates / 100, {float(i): Estimate(v, 0.01, 0.005) for i, v in enumerate(values)}
    )


def test_a_distance_is_reached_where_all_energies_are_within() -> None:
    one = Course("a", 100, 0, [place(0, 0.5, 0.4), place(10, 0.04, 0.3), place(20, 0.09, 0.05)])
    other = Course("a", 100, 1, [place(0, 0.5, 0.5), place(10, 0.1, 0.1), place(20, 0.2, 0.2)])
    found = reached([one, other], "a", 100, 0.1)
    assert (found.updates, found.seeds) == (15.0, 2)
    assert found.seconds == pytest.approx(0.15)
    assert found.updates_spread == pytest.approx(50**0.5)
    assert str(found) == "15 ± 7 (0.2 s)"
    assert str(reached([one, other], "a", 100, 0.09)) == "not reached (1 of 2)"
    assert str(reached([one, other], "a", 100, 0.01)) == "not reached"


def test_table_picture_and_json(courses: list[Course], tmp_path: Path) -> None:
    told = write_outcome(courses, tmp_path, threads=1)
    assert json.loads((tmp_path / "comparison.json").read_text()) == json.loads(json.dumps(told))
    assert len(told["courses"]) == 12
    assert len(told["reached"]) == 18
    assert (tmp_path / "comparison.svg").stat().st_size > 10_000
    assert comparison_table(courses).row_count == 6
    assert to_json(courses, {})["published"].startswith("MetaHEP")


def test_a_name_that_is_taken_is_refused(files: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match="'from scratch' is the name of an arm"):
        arms_of(files["run"], {SCRATCH: files["run"]}, [files["data"]], 5, [10])


def test_test_showers_of_a_spectrum_are_refused(files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 test showers of"):
        read_held_out([files["data"]])
    with pytest.raises(UsageError, match="49 test showers of 8 GeV, expected 50"):
        read_held_out([scan(tmp_path / "few.h5", n=49)])
