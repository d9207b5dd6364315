"""Several seeds: which runs are trained, what comes out, and what an interruption leaves."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from caloexport.runtime.errors import InputFileError, OutputFileError, UsageError
from caloexport.training.runs.board import Board
from caloexport.training.runs.machine import Machine
from caloexport.training.seeds import result
from caloexport.training.seeds.series import train_seeds
from tests.caloexport.training import tiny
from tests.caloexport.training.runs.pretence import REFUSES, SLOW
from tests.caloexport.training.runs.quick_place import QuickPlace

Train = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def train(tmp_path: Path, showers: Path) -> Train:
    """Train seeds 3, 4, 5 in the folder ``seeds``, or go on with them."""

    def call(*, resume: bool = False, beta: float = 0.01, **others: Any) -> dict[str, Any]:
        config = tiny.config(tmp_path, f"{tiny.CONFIG}\n[loss]\nbeta = {beta}\n")
        options = {"seeds": None if resume else 3, **others}
        wanted = {"data": (showers,), "config": config, "seed": 3, "updates": 40}
        given = {"updates": options.pop("updates", None)} if resume else wanted
        with contextlib.closing(options.pop("place", None) or QuickPlace()) as place:
            return train_seeds("fastv", tmp_path / "seeds", given, place, resume=resume, **options)

    return call


def interrupt_when(ready: Callable[[Board], bool]) -> Callable[[Board], None]:
    """Return a display that interrupts once."""
    done: list[bool] = []

    def show(board: Board) -> None:
        if not done and ready(board):
            done.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    return show


def test_every_seed_gets_a_run_and_the_table_their_spread(train: Train, tmp_path: Path) -> None:
    found = train()
    assert [one["seed"] for one in found["seeds"]] == [3, 4, 5]
    assert found["score"]["spread"] == pytest.approx(0.01)  # what the seeds differ by
    assert found["score"]["mean"] == pytest.approx(found["seeds"][1]["score"])
    assert found["best"]["seed"] == 3
    assert Path(found["best"]["run"]) == tmp_path / "seeds" / "seed-3"
    assert found["rows"][0]["over_seeds"]["mean_ratio"]["spread"] == pytest.approx(0.01)
    assert json.loads((tmp_path / "seeds" / "seeds.json").read_text()) == found
    assert not result.lacking(found)
    assert (found["floor"], found["floor_error"]) == (0.2, 0.03)
    assert len(list(result.tables(found))) == 3
    console = Console(width=200)
    with console.capture() as captured:
        console.print(result.runs_table(found))
    assert "a perfect generator: 0.200 ± 0.030" in captured.get()


def test_a_seed_that_dies_does_not_stop_the_others(train: Train) -> None:
    machine = Machine(3)

    def show(board: Board) -> None:
        run = board.runs["seed-4"]
        if run.running and run.done == 10:
            os.kill(machine._hired["seed-4"].process, signal.SIGKILL)

    found = train(beta=SLOW, show=show, place=machine)
    ends = {one["seed"]: one["how"] for one in found["seeds"]}
    assert ends == {3: "finished", 4: "failed", 5: "finished"}
    assert "SIGKILL" in found["seeds"][1]["reason"]
    assert found["score"]["n"] == 2
    assert result.lacking(found).startswith("no result for seed 4:")
    again = train(resume=True)
    assert [one["how"] for one in again["seeds"]] == ["finished"] * 3
    assert again["seeds"][0] == found["seeds"][0]


def test_an_interruption_saves_all_and_a_finished_seed_is_not_trained_again(
    train: Train, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(show=interrupt_when(lambda board: board.runs["seed-5"].done >= 20))
    before = json.loads((tmp_path / "seeds" / "seeds.json").read_text())["seeds"]
    assert [one["how"] for one in before] == ["finished", "finished", "interrupted"]
    place = QuickPlace(2)
    found = train(resume=True, place=place)
    assert [one["how"] for one in found["seeds"]] == ["finished"] * 3
    assert place.started == ["seed-5"]
    assert place.begun[0] >= 20


def test_more_seeds_and_more_updates_can_be_asked_for_later(train: Train) -> None:
    train(seeds=1)
    found = train(resume=True, seeds=2)
    assert [one["updates"] for one in found["seeds"]] == [40, 40]
    found = train(resume=True, updates=80)
    assert [one["updates"] for one in found["seeds"]] == [80, 80]


def test_an_error_of_every_seed_is_the_error_of_all(train: Train) -> None:
    with pytest.raises(UsageError, match=r"do not please .*bring others"):
        train(beta=REFUSES)


def test_wrong_calls(train: Train, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"no run to go on with: has no seeds.toml"):
        train(resume=True)
    train(seeds=1)
    with pytest.raises(UsageError, match="exists already"):
        train(seeds=1)
    with contextlib.closing(QuickPlace()) as place, pytest.raises(UsageError, match="takes --seed"):
        train_seeds("fastv", tmp_path / "seeds", {"seed": 3}, place, seeds=1, resume=True)


def test_two_cannot_train_in_one_folder(train: Train, tmp_path: Path) -> None:
    def again(board: Board) -> None:
        with pytest.raises(OutputFileError, match="another training writes it now"):
            train(resume=True)

    train(seeds=1, show=again)
