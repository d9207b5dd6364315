"""Workers that die: their showers are tried once more, and nothing that is finished is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import CaloexportError, UnsupportedError
from caloexport.simulation.crew.dispatch import WorkerFailed
from caloexport.simulation.run import run_simulation
from tests.toys import toy_plan

pytestmark = pytest.mark.usefixtures("toy")


def run(
    folder: Path, n: int = 6, jobs: int = 2, said: list[str] | None = None, **misbehave: Any
) -> dict[str, Any]:
    plan = toy_plan(n, settings={"misbehave": misbehave})
    say = ([] if said is None else said).append
    return run_simulation(plan, folder / "a.h5", jobs=jobs, say=say)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (3, "worker died (signal SIGKILL) at shower 3: tried once more"),
        (-1, "worker died (signal SIGKILL) before its first shower: another takes its place"),
    ],
)
def test_a_worker_that_dies_once_is_replaced_and_told(tmp_path: Path, at: int, told: str) -> None:
    said: list[str] = []
    summary = run(tmp_path, jobs=1, said=said, at=at, how="kill", once=str(tmp_path / "killed"))
    assert (tmp_path / "killed").exists()
    assert said.count(told) == 1
    assert summary["simulated"] == 6
    assert not (tmp_path / "a.h5.progress").exists()


@pytest.mark.parametrize(
    ("how", "reason"),
    [("abort", "signal SIGABRT"), ("exit", "exit code 3"), ("bug", "exit code 1")],
)
def test_a_shower_that_kills_twice_stops_the_run(tmp_path: Path, how: str, reason: str) -> None:
    with pytest.raises(WorkerFailed) as caught:
        run(tmp_path, at=3, how=how)
    message = str(caught.value)
    assert f"died 2 times at shower 3 ({reason})" in message
    last = "ZeroDivisionError: integer division" if how == "bug" else f"about to {how}"
    assert last in message
    assert "--resume" in message
    assert "memory" not in message


def test_a_worker_that_the_system_kills_hints_at_memory(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match=r"signal SIGKILL[\s\S]*out of memory\? fewer --jobs"):
        run(tmp_path, at=0, how="kill", jobs=1)


def test_a_worker_that_dies_at_its_start_is_not_replaced_forever(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match=r"2 times before its first shower.*exit code 3"):
        run(tmp_path, at=-1, how="exit", jobs=1)


def test_an_error_of_ours_is_told_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="shower 0 cannot be simulated"):
        run(tmp_path, n=1, at=0, how="refuse")
    assert list(tmp_path.iterdir()) == []


def test_energies_that_no_reader_takes_are_not_stored(tmp_path: Path) -> None:
    plan = toy_plan(1, settings={"spoil_at": 0})
    with pytest.raises(
        CaloexportError, match=r"mesh '9x16x45': shower 0 has energies .*not finite"
    ):
        run_simulation(plan, tmp_path / "a.h5", jobs=1)
