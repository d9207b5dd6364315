from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.runtime.errors import OutputFileError, UnsupportedError, UsageError
from caloexport.simulation.crew.dispatch import Dispatch
from caloexport.simulation.crew.folder import finished, progress_folder
from caloexport.simulation.run import Advance, run_simulation
from caloexport.simulation.simulators import simulators
from caloexport.simulation.spectrum import Spectrum
from tests.toys import FOLDER, toy_plan

pytestmark = pytest.mark.usefixtures("toy")

MESHES = ("9x16x45", "4x4x4")
NAMES = [f"a-{mesh}.h5" for mesh in MESHES]
N = 12
#: showers of low energy, which are not the first, wait for a file: time to disturb the run
GO, HELD = "go", [3, 4, 6, 7, 8]
SETTINGS = json.dumps({"hold": {"numbers": HELD, "until": GO}})


STARTED: list[subprocess.Popen[str]] = []


def hashes(folder: Path) -> list[str]:
    return [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in NAMES]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files of an undisturbed run of one worker."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(FOLDER))
        (folder / GO).touch()
        done = program(folder, "--jobs", "1").communicate()
    assert (folder / NAMES[0]).exists(), done
    time.sleep(1.0)  # what is written later must not tell so
    return hashes(folder)


def program(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start ``caloexport simulate toy`` with the plan of these tests."""
    meshes = [part for mesh in MESHES for part in ("--mesh", mesh)]
    command = [
        sys.executable, str(FOLDER / "program.py"), "simulate", "toy", "--detector", "siw",
        "-n", str(N), "--energy", "1GeV..64GeV", "--theta", "60deg..90deg", "--seed", "3",
        *meshes, "-o", "a.h5", "--settings", SETTINGS, *options,
    ]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    STARTED.append(running)
    return running


@pytest.fixture(autouse=True)
def _end_programs() -> Iterator[None]:
    """End what a failing test leaves running: its showers would wait for ever."""
    yield
    while STARTED:
        running = STARTED.pop()
        running.kill()
        running.communicate()


def until_some_are_done(folder: Path) -> None:
    """Wait until a running program has recorded a shower; it cannot end before ``go``."""
    records = folder / "a.h5.progress"
    for _ in range(3000):
        if any(path.stat().st_size for path in records.glob("records-*.bin")):
            return
        time.sleep(0.02)
    pytest.fail("no shower was recorded")


def go(folder: Path) -> None:
    """Let the showers that wait go on."""
    (folder / GO).touch()


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_number_of_workers_leaves_no_trace(tmp_path: Path, expected: list[str]) -> None:
    go(tmp_path)
    out, _ = program(tmp_path, "--jobs", "2").communicate()
    assert out.split() == NAMES
    assert hashes(tmp_path) == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES, GO])


def test_killed_workers_leave_no_trace(tmp_path: Path, expected: list[str]) -> None:
    running = program(tmp_path, "--jobs", "2")
    until_some_are_done(tmp_path)
    for worker in children(running.pid):
        os.kill(worker, signal.SIGKILL)
    go(tmp_path)
    _, log = running.communicate()
    assert running.returncode == 0, log
    assert hashes(tmp_path) == expected


def test_kill_9_loses_the_showers_in_flight_only(tmp_path: Path, expected: list[str]) -> None:
    running = program(tmp_path, "--jobs", "2")
    until_some_are_done(tmp_path)
    workers = children(running.pid)
    running.kill()
    running.communicate()
    gone(workers)
    there = len(finished(tmp_path / "a.h5.progress"))
    assert 0 < there < N

    go(tmp_path)
    again = program(tmp_path, "--jobs", "2")
    _, log = again.communicate()
    assert again.returncode == 2
    assert f"a.h5.progress: holds {there} of {N} showers" in log
    assert "add --resume" in log

    resumed = program(tmp_path, "--jobs", "1", "--resume", "--json")
    out, log = resumed.communicate()
    assert resumed.returncode == 0, log
    assert f"{there} of {N} showers are already there" in log
    assert json.loads(out)["simulated"] == N - there
    assert hashes(tmp_path) == expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_goes_on_with_more_showers(
    tmp_path: Path, expected: list[str], number: signal.Signals
) -> None:
    running = program(tmp_path, "--jobs", "2", "-n", str(N - 2))
    until_some_are_done(tmp_path)
    workers = children(running.pid)
    running.send_signal(number)
    _, log = running.communicate()
    assert running.returncode == 130
    assert f"of {N - 2} showers are kept in a.h5.progress: --resume goes on" in log
    gone(workers)
    go(tmp_path)
    resumed = program(tmp_path, "--jobs", "2", "--resume")
    _, log = resumed.communicate()
    assert resumed.returncode == 0, log
    assert hashes(tmp_path) == expected


def test_an_interrupt_before_the_first_shower_leaves_nothing(tmp_path: Path) -> None:
    held = json.dumps({"hold": {"numbers": list(range(N)), "until": GO}})
    running = program(tmp_path, "--jobs", "1", "--settings", held)
    log_of_worker = tmp_path / "a.h5.progress" / "worker-0.log"
    for _ in range(3000):
        if log_of_worker.exists() and "banner" in log_of_worker.read_text():
            break
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, log = running.communicate()
    assert running.returncode == 130, log
    assert "--resume" not in log
    assert list(tmp_path.iterdir()) == []


def gone(workers: list[int]) -> None:
    """Wait for workers to end after their parent."""
    assert workers
    for _ in range(250):
        if not any(alive(worker) for worker in workers):
            return
        time.sleep(0.02)
    pytest.fail(f"workers outlive their parent: {workers}")


def test_a_full_disk_keeps_what_is_done(tmp_path: Path, expected: list[str]) -> None:
    running = program(tmp_path, "--jobs", "1")
    until_some_are_done(tmp_path)
    (worker,) = children(running.pid)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (64, 64))
    go(tmp_path)
    _, log = running.communicate()
    assert running.returncode == 3
    assert "a.h5.progress: cannot be written: File too large" in log
    assert "free space, then go on with --resume" in log
    resumed = program(tmp_path, "--jobs", "2", "--resume")
    resumed.communicate()
    assert hashes(tmp_path) == expected


def test_two_runs_into_one_file(tmp_path: Path, expected: list[str]) -> None:
    running = program(tmp_path, "--jobs", "2")
    until_some_are_done(tmp_path)
    other = program(tmp_path, "--jobs", "2", "--resume")
    _, log = other.communicate()
    assert other.returncode == 3
    assert f"a.h5: another simulation writes it now (process {running.pid})" in log
    go(tmp_path)
    _, log = running.communicate()
    assert running.returncode == 0, log
    assert hashes(tmp_path) == expected


def test_a_finished_run_is_not_simulated_again(tmp_path: Path) -> None:
    plan, said = toy_plan(4), list[str]()
    run_simulation(plan, tmp_path / "a.h5", jobs=1, resume=True, say=said.append)
    assert said.pop(0) == "nothing to resume: starts anew"
    said.clear()
    before = (tmp_path / "a.h5").stat().st_mtime_ns
    summary = run_simulation(plan, tmp_path / "a.h5", jobs=1, resume=True, say=said.append)
    assert summary["simulated"] == 0
    assert "finished before, nothing to do" in said[0]
    assert (tmp_path / "a.h5").stat().st_mtime_ns == before
    with pytest.raises(UsageError, match="is finished, with 4 showers of this simulation"):
        run_simulation(plan.with_n(5), tmp_path / "a.h5", jobs=1, resume=True)
    for resume in (True, False):
        with pytest.raises(UsageError, match="exists already and holds something else"):
            run_simulation(replace(plan, seed=9), tmp_path / "a.h5", jobs=1, resume=resume)
    assert (tmp_path / "a.h5").stat().st_mtime_ns == before


def test_finished_showers_are_not_given_up(tmp_path: Path) -> None:
    plan, out = toy_plan(4), tmp_path / "a.h5"
    with progress_folder(out, plan, simulators["toy"].provenance(plan), resume=False) as folder:
        Dispatch(folder, dict.fromkeys(range(4), 1e3), lambda mev, done: None).run(1)
    with pytest.raises(UsageError, match="holds 4 finished showers, and 3 are asked for"):
        run_simulation(plan.with_n(3), out, jobs=1, resume=True)
    said: list[str] = []
    assert run_simulation(plan, out, jobs=1, resume=True, say=said.append)["simulated"] == 0
    assert "4 of 4 showers are already there" in said
    assert not any("nothing to resume" in line for line in said)


def test_what_a_kill_left_of_files_being_written_goes(tmp_path: Path) -> None:
    plan, out = toy_plan(2), tmp_path / "a.h5"
    with progress_folder(out, plan, simulators["toy"].provenance(plan), resume=False) as folder:
        for name in (".a.h5.1234", ".plan.json.5678"):
            (folder / name).mkdir()
            (folder / name / name[1:5]).write_text("half")
    run_simulation(plan, out, jobs=1, resume=True)
    assert list(tmp_path.iterdir()) == [out]


def test_a_plan_that_cannot_be_simulated_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="the toy refuses"):
        run_simulation(toy_plan(settings={"refused": True}), tmp_path / "a.h5", jobs=1)
    with pytest.raises(UnsupportedError, match="whole GeV"):
        run_simulation(toy_plan(), tmp_path / "a.h5", jobs=1, format="par04-zenodo")
    with pytest.raises(OutputFileError, match="make the folder"):
        run_simulation(toy_plan(), tmp_path / "missing" / "a.h5", jobs=1)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_by_energy(tmp_path: Path) -> None:
    told: dict[str, list[int]] = {}

    @contextlib.contextmanager
    def progress(what: str, total: int) -> Iterator[Advance]:
        told[what] = [total]
        yield lambda done, text="": told[what].append(done)

    plan = replace(toy_plan(4), energy_mev=Spectrum("values", (1e3, 99e3)), pdg=(11,))
    run_simulation(plan, tmp_path / "a.h5", jobs=2, progress=progress)
    total, *steps = told["simulate siw, GeV done"]
    assert total == steps[-1] == 200
    assert steps == sorted(steps)
    assert next(step for step in steps if step) in (99, 198)  # the largest showers go first
    assert told["write a.h5"] == [4, 4]
