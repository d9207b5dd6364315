"""A Dask cluster of two worker processes on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training.plan import Plan
from caloexport.training.runs import cluster as clusters
from caloexport.training.runs.cluster import Cluster
from caloexport.training.runs.messages import FAILED, FINISHED, INTERRUPTED, STOPPED, Progress
from caloexport.training.tune.start import search
from tests.caloexport.training.conftest import ROOT
from tests.caloexport.training.runs.pretence import DIES, RAISES, SLOW
from tests.caloexport.training.runs.test_machine import heard, job, last

distributed: Any = pytest.importorskip("distributed")


def pretend_there() -> None:
    """Let the processes that this one starts pretend to train."""
    from caloexport.training.runs import hired

    hired.WORKER = "tests.caloexport.training.runs.quick_worker"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
            ) as local,
            distributed.Client(local, set_as_default=False) as client,
        ):
            client.run(pretend_there)
            yield local.scheduler_address


@pytest.fixture
def cluster(scheduler: str) -> Iterator[Cluster]:
    with contextlib.closing(Cluster(scheduler)) as place:
        yield place


def test_jobs_run_on_the_workers_and_end_as_on_one_machine(
    cluster: Cluster, tmp_path: Path, plan: Plan
) -> None:
    assert cluster.free == 2
    for name, beta in (("good", 0.01), ("dies", DIES), ("raises", RAISES)):
        cluster.start(job(plan, tmp_path, name, beta))
    told = {
        name: last(messages) for name, messages in heard(cluster, "good", "dies", "raises").items()
    }
    assert told["good"].how == FINISHED
    assert told["good"].summary is not None
    assert told["dies"].how == FAILED
    assert "signal SIGKILL" in str(told["dies"].reason)
    assert told["raises"].reason == "ArithmeticError: the loss is not a number"
    assert cluster.free == 2


def test_a_job_is_stopped_by_an_answer(cluster: Cluster, tmp_path: Path, plan: Plan) -> None:
    cluster.start(job(plan, tmp_path, "poor", SLOW))
    assert last(heard(cluster, "poor", stop_at=20)["poor"]).how == STOPPED


def test_an_interruption_saves_and_what_waits_does_not_begin(
    cluster: Cluster, tmp_path: Path, plan: Plan
) -> None:
    for name in ("one", "two", "three"):
        cluster.start(job(plan, tmp_path, name, SLOW))
    begun: set[str] = set()
    while len(begun) < 2:
        begun |= {name for name, message in cluster.hear(0.5) if isinstance(message, Progress)}
    cluster.interrupt()
    told = heard(cluster, "one", "two", "three")
    assert {last(messages).how for messages in told.values()} == {INTERRUPTED}
    saved = [path.parent.name for path in tmp_path.glob("*/done.txt")]
    assert sorted(saved) == sorted(begun)


def test_a_worker_that_is_killed_is_replaced_and_the_run_goes_on(
    scheduler: str, cluster: Cluster, tmp_path: Path, plan: Plan
) -> None:
    slow = job(plan, tmp_path, "slow", SLOW)
    cluster.start(slow)
    with distributed.Client(scheduler, set_as_default=False) as client:
        while not (slow.folder / "done.txt").exists():
            cluster.hear(0.1)
        processes = client.run(os.getpid)
        (where,) = (place for place, tasks in client.processing().items() if tasks)
        os.kill(processes[where], signal.SIGKILL)
    messages = heard(cluster, "slow")["slow"]
    assert last(messages).how == FINISHED
    begins = [m.done for m in messages if isinstance(m, Progress) and m.text.startswith("began")]
    assert begins[-1] >= 10
    with distributed.Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(2)
        client.run(pretend_there)  # the new one, too


def test_a_run_that_nobody_waits_for_any_more_saves_and_ends(
    scheduler: str, tmp_path: Path, plan: Plan
) -> None:
    slow = job(plan, tmp_path, "slow", SLOW)
    with contextlib.closing(Cluster(scheduler)) as gone:
        gone.start(slow)
        while not (slow.folder / "done.txt").exists():
            gone.hear(0.1)
    with distributed.Client(scheduler, set_as_default=False) as client:
        while any(client.run(children).values()):
            pass
    assert 10 <= int((slow.folder / "done.txt").read_text()) < 40


def children() -> int:
    """Return how many processes this one has started, the resource tracker aside."""
    own = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    found = [number for path in own for number in path.read_text().split()]
    lines = [Path(f"/proc/{number}/cmdline").read_text() for number in found]
    return sum("quick_worker" in line for line in lines)


def test_a_search_on_the_cluster(scheduler: str, tmp_path: Path, showers: Path, plan: Plan) -> None:
    pytest.importorskip("optuna")
    file = tmp_path / "space.toml"
    rate = 'learning_rate = { kind = "float", low = 1e-4, high = 1e-1, log = true }'
    file.write_text(f"only = true\n[training]\n{rate}")
    wanted = {"data": (showers,), "config": showers.parent / "tiny.toml", "updates": 40}
    wanted |= {"space": file, "trials": 2, "seeds_per_trial": 2}
    with (
        search("fastv", tmp_path / "search", wanted, resume=False) as work,
        contextlib.closing(Cluster(scheduler)) as place,
    ):
        found = work.run(place)
    assert found["counts"] == {"finished": 2, "pruned": 0, "failed": 0, "running": 0}


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "TIMEOUT_S", 0.5)
    with pytest.raises(UsageError, match=r"tcp://127.0.0.1:9: no Dask scheduler answers"):
        Cluster("tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match=r"no Dask scheduler answers"):
        Cluster("nosuch://address")


def test_a_worker_with_another_caloexport_is_refused(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "__version__", "9.9")
    with pytest.raises(UsageError, match=r"has caloexport .*, here is 9.9"):
        Cluster(scheduler)
