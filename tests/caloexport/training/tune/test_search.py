"""Searches: which trials are tried, what comes out, and what deaths and interruptions leave."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import AnswerIsNo, OutputFileError, UsageError
from caloexport.training.plan import MESH, Plan, new_plan
from caloexport.training.runs.machine import Machine
from caloexport.training.runs.messages import Ended, Message
from caloexport.training.tune.result import changed_settings, tables
from caloexport.training.tune.start import search
from tests.caloexport.training import tiny
from tests.caloexport.training.runs.pretence import DIES, RAISES, REFUSES, SLOW
from tests.caloexport.training.runs.quick_place import QuickPlace

pytest.importorskip("optuna")
pytestmark = pytest.mark.usefixtures("quick")

Tune = Callable[..., dict[str, Any]]
RATE = 'learning_rate = { kind = "float", low = 1e-4, high = 1e-1, log = true }'


def space(*betas: float) -> str:
    """Return a space: learning rates, and values of β by which the quick worker misbehaves."""
    choices = f'[loss.beta]\nkind = "categorical"\nchoices = {list(betas)}' if betas else ""
    return f"only = true\n{choices}\n[training]\n{RATE}"


@pytest.fixture
def tune(tmp_path: Path, showers: Path) -> Tune:
    """Search in the folder ``search``, or in another; or go on."""

    def call(
        text: str = space(), *, name: str = "search", place: Any = None, resume: bool = False,
        show: Any = lambda watch: None, **others: Any,
    ) -> dict[str, Any]:  # fmt: skip
        given: dict[str, Any] = others
        if not resume:
            file = tmp_path / "space.toml"
            file.write_text(text)
            given = {"data": (showers,), "config": tiny.config(tmp_path), "updates": 40}
            given |= {"space": file, "trials": 4, "seeds_per_trial": 1, "seed": 5, **others}
        with (
            search("fastv", tmp_path / name, given, resume=resume) as work,
            contextlib.closing(place or QuickPlace()) as where,
        ):
            return work.run(where, show)

    return call


def interrupt_at_trial(number: int) -> Callable[[Any], None]:
    """Return a display that interrupts once, when a trial has done half of its updates."""
    done: list[bool] = []

    def show(watch: Any) -> None:
        run = watch._board.runs.get(f"trial-{number:04d}")
        if run and run.done >= 20 and not done:
            done.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    return show


def outcome(found: dict[str, Any]) -> list[tuple[str, dict[str, Any], float]]:
    return [(one["how"], one["parameters"], one["score"]) for one in found["trials"]]


def test_a_search_leaves_trials_and_the_best_settings(
    tune: Tune, tmp_path: Path, showers: Path
) -> None:
    found = tune(seeds_per_trial=2)
    assert found["schema"] == "caloexport.tune/1"
    assert found["counts"] == {"finished": 4, "pruned": 0, "failed": 0, "running": 0}
    first = found["trials"][0]
    assert first["parameters"]["training.learning_rate"] == 1e-3  # the preset's own
    assert first["scores"][1] - first["scores"][0] == pytest.approx(0.01)  # seed 6 against seed 5
    assert first["score"] == pytest.approx(sum(first["scores"]) / 2)
    assert first["spread"] == pytest.approx(0.01 / 2**0.5)
    best = min(found["trials"], key=lambda one: one["score"])
    assert found["best"]["number"] == best["number"]
    folder = tmp_path / "search"
    assert json.loads((folder / "tune.json").read_text()) == found
    for seed in (5, 6):
        assert (folder / f"trial-{best['number']:04d}" / f"seed-{seed}" / "decoder.keras").exists()
    plan = new_plan("fastv", [showers], config=folder / "best.toml")
    assert plan.schedule.learning_rate == best["parameters"]["training.learning_rate"]
    assert plan.config["network"]["mesh"] == [3, 4, 5]  # what --config said
    assert plan.schedule.epochs == 350  # how long is asked for anew
    assert (found["floor"], found["floor_error"]) == (0.2, 0.03)
    assert "(a perfect generator: 0.200 ± 0.030)" in next(tables(found, []))


def test_the_best_settings_have_what_the_user_changed_outside_of_sections(plan: Plan) -> None:
    other = dataclasses.replace(plan, config={**plan.config, MESH: "window"})
    assert changed_settings(other, {})[MESH] == "window"
    assert MESH not in changed_settings(plan, {})


def test_poor_trials_are_pruned_and_leave_their_settings_alone(tune: Tune, tmp_path: Path) -> None:
    found = tune(trials=10)
    pruned = [one for one in found["trials"] if one["how"] == "pruned"]
    finished = [one for one in found["trials"] if one["how"] == "finished"]
    assert pruned
    assert len(pruned) + len(finished) == 10
    assert min(one["score"] for one in pruned) > min(one["score"] for one in finished)
    for one in pruned:
        run = tmp_path / "search" / f"trial-{one['number']:04d}" / "seed-5"
        assert [path.name for path in run.iterdir()] == ["config.toml"]


def test_the_importance_of_parameters_is_told_when_enough_are_finished(tune: Tune) -> None:
    text = f"{space(0.01)}\nbatch = {{ kind = 'categorical', choices = [8, 16] }}"
    found = tune(text, trials=16, place=QuickPlace(2))
    assert found["counts"]["finished"] >= 8
    shares = found["importance"]
    assert shares["training.learning_rate"] > shares["training.batch"]  # which does nothing
    assert sum(shares.values()) == pytest.approx(1)


def test_an_interrupted_search_goes_on_to_the_same_trials(tune: Tune, tmp_path: Path) -> None:
    whole = tune(trials=5, name="whole")
    with pytest.raises(KeyboardInterrupt):
        tune(trials=5, show=interrupt_at_trial(2))
    left = json.loads((tmp_path / "search" / "tune.json").read_text())
    assert left["counts"] == {"finished": 2, "pruned": 0, "failed": 0, "running": 1}
    saved = tmp_path / "search" / "trial-0002" / "seed-5" / "done.txt"
    saved_at = saved.read_text()
    assert 20 <= int(saved_at) < 40
    place = QuickPlace()
    assert outcome(tune(resume=True, place=place)) == outcome(whole)
    assert place.begun == [int(saved_at), 0, 0]


def test_a_search_interrupted_between_two_seeds_does_the_second_only(tune: Tune) -> None:
    class Last(QuickPlace):
        """Interrupts as the first seed's run comes to its end."""

        def interrupt(self) -> None:  # it ends before it can hear of it
            pass

        def hear(self, patience_s: float) -> list[tuple[str, Message]]:
            heard = super().hear(patience_s)
            if any(isinstance(message, Ended) for _, message in heard):
                os.kill(os.getpid(), signal.SIGINT)
            return heard

    with pytest.raises(KeyboardInterrupt):
        tune(trials=2, seeds_per_trial=2, place=Last())
    place = QuickPlace()
    found = tune(resume=True, place=place)
    assert place.started == ["seed-6", "seed-5", "seed-6"]
    assert [len(one["scores"]) for one in found["trials"]] == [2, 2]


def test_more_trials_can_be_asked_for_later(tune: Tune) -> None:
    tune(trials=2)
    found = tune(resume=True, trials=3)
    assert found["counts"]["finished"] == 3


def test_a_trial_that_is_killed_does_not_end_the_search(tune: Tune, tmp_path: Path) -> None:
    found = tune(space(0.01, DIES), trials=2, place=Machine(2))
    failed = [one for one in found["trials"] if one["how"] == "failed"]
    assert failed
    assert {one["reason"] for one in failed} == {
        "its process died (signal SIGKILL); out of memory?"
    }
    assert found["counts"]["finished"] == 2
    assert found["best"]["parameters"]["loss.beta"] == 0.01
    folder = tmp_path / "search" / f"trial-{failed[0]['number']:04d}"
    assert (folder / "seed-5.log").exists()
    assert [path.name for path in (folder / "seed-5").iterdir()] == ["config.toml"]


def test_a_trial_that_fails_is_replaced_by_another(tune: Tune) -> None:
    found = tune(space(0.01, RAISES), trials=4, place=QuickPlace(2))
    failed = [one for one in found["trials"] if one["how"] == "failed"]
    assert failed
    assert {one["reason"] for one in failed} == {"ArithmeticError: the loss is not a number"}
    assert found["counts"]["finished"] == 4


def test_a_search_whose_trials_all_fail_gives_up(tune: Tune) -> None:
    with pytest.raises(AnswerIsNo, match=r"5 trials failed one after the other.*do not please"):
        tune(f"{space()}\n[loss]\nbeta = {REFUSES}", trials=20)


def test_a_killed_search_goes_on_and_its_running_trials_have_failed(
    tune: Tune, tmp_path: Path, showers: Path
) -> None:
    text = f"{space()}\n[loss]\nbeta = {SLOW}"
    (tmp_path / "space.toml").write_text(text)
    tiny.config(tmp_path)
    program = f"""
import contextlib
from pathlib import Path
from caloexport.training.runs import hired
from caloexport.training.runs.machine import Machine
from caloexport.training.runs.messages import Ended, Message
from caloexport.training.tune.start import search
hired.WORKER = {"tests.caloexport.training.runs.quick_worker"!r}
here = Path({str(tmp_path)!r})
wanted = dict(data=(Path({str(showers)!r}),), config=here / "tiny.toml", updates=40, seed=5,
              space=here / "space.toml", trials=3, seeds_per_trial=1)
with search("fastv", here / "search", wanted, resume=False) as work:
    work.run(Machine(1))
"""
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        saved = tmp_path / "search" / "trial-0001" / "seed-5" / "done.txt"
        begun = time.monotonic()
        while not saved.exists():
            assert parent.poll() is None
            assert time.monotonic() - begun < 120
            time.sleep(0.01)
        parent.kill()
    found = tune(resume=True)
    assert found["counts"] == {"finished": 3, "pruned": 0, "failed": 1, "running": 0}
    (failed,) = (one for one in found["trials"] if one["how"] == "failed")
    assert failed["number"] == 1
    assert failed["reason"] == "the search was killed while it ran"


def test_others_trials_in_a_shared_database_are_left_alone(tune: Tune, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/trials.db"
    tune(trials=1, storage=url)
    found = tune(trials=1, storage=url, name="other")
    assert found["counts"]["finished"] == 1
    assert found["study"] == "other"
    assert found["storage"] == url
    with pytest.raises(UsageError, match="but the search began with"):
        tune(resume=True, storage="sqlite:///another.db")
    assert tune(resume=True, trials=2)["counts"]["finished"] == 2  # in the same database


def test_two_cannot_search_in_one_folder(tune: Tune) -> None:
    tried: list[bool] = []

    def again(watch: Any) -> None:
        if not tried:
            tried.append(True)
            with pytest.raises(OutputFileError, match="another search writes it now"):
                tune(resume=True)

    tune(trials=1, show=again)
    assert tried


def test_wrong_calls_leave_nothing(tune: Tune, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="say --trials N"):
        tune(trials=None)
    with pytest.raises(UsageError, match="not the URL of a database"):
        tune(storage="nosuch://host/db")
    with pytest.raises(UsageError, match="takes --updates from the search"):
        tune(resume=True, updates=3)
    assert not (tmp_path / "search").exists()
