from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import InputFileError, OutputFileError, UsageError
from caloexport.simulation.crew.folder import (
    finished,
    folder_of,
    plan_of,
    progress_folder,
    record_path,
    remove,
)
from caloexport.simulation.crew.record import RecordWriter
from caloexport.simulation.plan import Plan
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.crew.test_record import shower
from tests.toys import toy_plan

MADE_BY: dict[str, str | float] = {"generator": "toy 1", "cut_mm": 0.7}


def begin(output: Path, plan: Plan, *, resume: bool = False, **changed: Any) -> Path:
    with progress_folder(output, plan, MADE_BY | changed, resume=resume) as folder:
        return folder


def test_the_folder_holds_the_plan_and_goes_alone(tmp_path: Path) -> None:
    plan = toy_plan()
    folder = begin(tmp_path / "a.h5", plan)
    assert folder == folder_of(tmp_path / "a.h5") == tmp_path / "a.h5.progress"
    assert plan_of(folder) == plan
    (folder / "notes.txt").write_text("not ours")
    remove(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    (folder / "notes.txt").unlink()
    remove(folder)
    assert not folder.exists()


def test_what_is_there_is_not_touched_without_resume(tmp_path: Path) -> None:
    begin(tmp_path / "a.h5", toy_plan())
    with pytest.raises(UsageError, match=r"a.h5.progress: holds 0 of 12 .*add --resume"):
        begin(tmp_path / "a.h5", toy_plan())


def test_resume_takes_another_number_of_showers_only(tmp_path: Path) -> None:
    begin(tmp_path / "a.h5", toy_plan(12), resume=True)
    folder = begin(tmp_path / "a.h5", toy_plan(20), resume=True)
    assert plan_of(folder).n == 20
    other = replace(toy_plan(), seed=4, energy_mev=Spectrum("values", (1e3,)))
    with pytest.raises(UsageError, match="another simulation: energy_mev, seed differ"):
        begin(tmp_path / "a.h5", other, resume=True)


def test_resume_refuses_another_version_of_the_simulator(tmp_path: Path) -> None:
    begin(tmp_path / "a.h5", toy_plan())
    with pytest.raises(UsageError, match="generator was 'toy 1', is 'toy 2'"):
        begin(tmp_path / "a.h5", toy_plan(), resume=True, generator="toy 2")


def test_the_folder_must_have_a_place(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match=r"No such file.*make the folder"):
        begin(tmp_path / "missing" / "a.h5", toy_plan())
    (tmp_path / "a.h5.progress").write_text("a file")
    with pytest.raises(OutputFileError, match="File exists"):
        begin(tmp_path / "a.h5", toy_plan())


def test_records_without_a_plan_are_nobodys(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a.h5")
    folder.mkdir()
    with RecordWriter(record_path(folder, 0)) as records:
        records.append(shower(3))
    assert list(finished(folder)) == [3]
    begin(tmp_path / "a.h5", toy_plan())
    assert finished(folder) == {}


def test_a_plan_that_lost_its_end_is_refused(tmp_path: Path) -> None:
    folder = begin(tmp_path / "a.h5", toy_plan())
    (folder / "plan.json").write_text("")
    with pytest.raises(InputFileError, match=r"plan.json: is damaged.*delete the folder"):
        begin(tmp_path / "a.h5", toy_plan(), resume=True)
