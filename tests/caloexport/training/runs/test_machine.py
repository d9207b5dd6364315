"""Worker processes on this machine: how runs go, end, die and are interrupted."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caloexport.training.plan import Plan
from caloexport.training.runs.job import Job
from caloexport.training.runs.machine import Machine
from caloexport.training.runs.messages import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    STOPPED,
    Ended,
    Message,
    Progress,
    Scored,
)
from tests.caloexport.training.runs.pretence import DIES, NO_NUMBER, RAISES, REFUSES, SLOW

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def machine() -> Iterator[Machine]:
    with contextlib.closing(Machine(2)) as place:
        yield place


def job(plan: Plan, folder: Path, name: str, beta: float = 0.01) -> Job:
    config = {**plan.config, "loss": {"beta": beta}}
    return Job(name, folder / name, dataclasses.replace(plan, config=config))


def heard(machine: Machine, *names: str, stop_at: int = 0) -> dict[str, list[Message]]:
    """Listen until every named job has ended; answer their scores."""
    told: dict[str, list[Message]] = {name: [] for name in names}
    running = set(names)
    while running:
        for name, message in machine.hear(0.5):
            told[name].append(message)
            if isinstance(message, Scored):
                machine.answer(name, stop=message.updates == stop_at)
            elif isinstance(message, Ended):
                running.remove(name)
    return told


def last(messages: list[Message]) -> Ended:
    assert isinstance(messages[-1], Ended)
    return messages[-1]


def test_a_job_becomes_a_run_with_a_summary(tmp_path: Path, machine: Machine, plan: Plan) -> None:
    one = job(plan, tmp_path, "one")
    machine.start(one)
    assert machine.free == 1
    messages = heard(machine, "one")["one"]
    ended = last(messages)
    assert ended.how == FINISHED
    assert ended.summary is not None
    assert [m.updates for m in messages if isinstance(m, Scored)] == [10, 20, 30, 40]
    assert (one.folder / "config.toml").exists()
    assert not one.log.exists()
    assert machine.free == 2


@pytest.mark.parametrize(
    ("beta", "reason"),
    [
        (DIES, "its process died (signal SIGKILL); out of memory?"),
        (RAISES, "ArithmeticError: the loss is not a number"),
        (REFUSES, "the showers do not please (bring others)"),
    ],
)
def test_a_run_that_fails_says_why_and_harms_no_other(
    tmp_path: Path, machine: Machine, plan: Plan, beta: float, reason: str
) -> None:
    machine.start(job(plan, tmp_path, "good"))
    bad = job(plan, tmp_path, "bad", beta)
    machine.start(bad)
    told = heard(machine, "good", "bad")
    assert last(told["good"]).how == FINISHED
    assert (last(told["bad"]).how, last(told["bad"]).reason) == (FAILED, reason)
    if beta == RAISES:
        assert "Traceback" in bad.log.read_text()


def test_a_run_without_a_score_has_failed(tmp_path: Path, machine: Machine, plan: Plan) -> None:
    machine.start(job(plan, tmp_path, "lost", NO_NUMBER))
    messages = heard(machine, "lost")["lost"]
    assert [m.score for m in messages if isinstance(m, Scored)] == [None] * 4
    assert last(messages).how == FAILED
    assert last(messages).reason == "no evaluation gave a score that is a number"


def test_a_run_is_stopped_by_the_answer_to_a_score(
    tmp_path: Path, machine: Machine, plan: Plan
) -> None:
    machine.start(job(plan, tmp_path, "poor"))
    messages = heard(machine, "poor", stop_at=20)["poor"]
    assert last(messages).how == STOPPED
    assert [m.updates for m in messages if isinstance(m, Scored)] == [10, 20]


def test_an_interrupted_run_saves_and_goes_on_where_it_was(
    tmp_path: Path, machine: Machine, plan: Plan
) -> None:
    slow = job(plan, tmp_path, "slow", SLOW)
    machine.start(slow)
    while not any(isinstance(m, Scored) for _, m in machine.hear(0.5)):
        pass
    machine.interrupt()  # while it waits for the answer
    machine.answer("slow", stop=False)
    machine.interrupt()  # asked again, it must not give up saving
    assert last(heard(machine, "slow")["slow"]).how == INTERRUPTED
    done = int((slow.folder / "done.txt").read_text())
    assert 10 <= done < 40
    machine.start(slow)
    messages = heard(machine, "slow")["slow"]
    assert isinstance(messages[0], Progress)
    assert messages[0].done == done
    assert last(messages).how == FINISHED


def test_a_run_that_is_killed_is_told_as_one(tmp_path: Path, machine: Machine, plan: Plan) -> None:
    machine.start(job(plan, tmp_path, "slow", SLOW))
    hired: Any = machine._hired["slow"]
    while not any(isinstance(m, Progress) for _, m in machine.hear(0.5)):
        pass
    os.kill(hired.process, signal.SIGKILL)
    ended = last(heard(machine, "slow")["slow"])
    assert ended.how == FAILED
    assert "SIGKILL" in str(ended.reason)


def test_closing_ends_what_still_runs(tmp_path: Path, plan: Plan) -> None:
    machine = Machine(1)
    machine.start(job(plan, tmp_path, "slow", SLOW))
    process = machine._hired["slow"].process
    machine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
