"""Courses in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.training.adapt import side_by_side
from caloexport.training.adapt.arms import Arm, arms_of
from caloexport.training.adapt.compare import compare
from caloexport.training.adapt.held_out import HeldOut, read_held_out
from caloexport.training.adapt.side_by_side import ArmJob
from tests.caloexport.training.adapt.test_compare import STEPS, files

pytest.importorskip("tensorflow")

__all__ = ["files"]  # the fixture


def arms_on(files: dict[str, Path]) -> list[Arm]:
    return arms_of(files["run"], {}, [files["data"]], STEPS, [16], config=files["config"])


def train(arms: list[Arm], test: HeldOut, files: dict[str, Path], folder: Path) -> list[int]:
    heard: list[int] = []
    tell = lambda done, text: heard.append(done)
    side_by_side.train(arms, test, [files["test"]], 1, folder, 2, tell)
    return heard


def test_a_course_is_that_of_one_process(files: dict[str, Path], tmp_path: Path) -> None:
    arms, test = arms_on(files)[1:], read_held_out([files["test"]])
    assert train(arms, test, files, tmp_path)[-1] <= STEPS
    assert [path.name for path in tmp_path.iterdir()] == ["from-scratch-16-0.json"]
    untouched = lambda done, text: None
    (found,) = compare(arms, test, 1, tmp_path, untouched)
    assert found.jobs == 2
    assert train(arms, test, files, tmp_path) == []  # nothing is left to do
    (tmp_path / "own").mkdir()
    (alone,) = compare(arms, test, 1, tmp_path / "own", untouched)
    assert [place.updates for place in found.places] == [0, 10, STEPS]
    for place, other in zip(found.places, alone.places, strict=True):
        assert place.distances == other.distances


def test_an_error_of_a_process_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    test = read_held_out([files["test"]])
    lost = {**files, "test": tmp_path / "lost.h5"}
    with pytest.raises(InputFileError, match=r"lost\.h5"):
        train(arms_on(files)[:1], test, lost, tmp_path)


def test_a_job_comes_through_json_whole(files: dict[str, Path], tmp_path: Path) -> None:
    arm = arms_on(files)[0]
    job = ArmJob(arm.stem, tmp_path / arm.stem, arm.plan, arm.name, 16, 3, (files["test"],), 2)
    back = ArmJob.from_json(job.to_json())
    assert back.to_json() == job.to_json()
    assert back.plan.to_toml() == job.plan.to_toml()
