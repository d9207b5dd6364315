"""Run a simulation: plan → workers → records → shower files."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from caloexport.runtime.errors import CaloexportError
from caloexport.simulation.crew.dispatch import Dispatch, WorkerFailed
from caloexport.simulation.crew.folder import finished, folder_of, progress_folder, remove
from caloexport.simulation.leakage import Leakage, warnings
from caloexport.simulation.output import (
    Target,
    described,
    finished_outputs,
    read_balance,
    targets,
    write_target,
)
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulators import simulators

SCHEMA = "caloexport.simulate/1"


class Advance(Protocol):
    """Tell that ``done`` units of a stage are done, with a text to show beside it."""

    def __call__(self, done: int, text: str = "") -> None: ...


#: (what, units in all) -> a block in which progress is told
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@contextlib.contextmanager
def silent(description: str, total: int) -> Iterator[Advance]:
    """Show no progress."""
    yield lambda done, text="": None


def run_simulation(
    plan: Plan,
    output: Path,
    *,
    jobs: int,
    resume: bool = False,
    format: str | None = None,
    compact: bool = False,
    progress: Progress = silent,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Simulate the showers of a plan and write their files.

    The files depend on the plan alone: not on ``jobs``, not on interruptions.

    Args:
        plan: what to simulate.
        output: the file to make; of several meshes one NAME-MESH.suffix each.
        jobs: number of worker processes.
        resume: continue from the progress folder that an interrupted run left.
        format: layout of the files; None takes what suits the mesh.
        compact: store float16 with eight bits of mantissa.
        progress: shows progress, for example ``console.progress``.
        say: takes remarks and warnings, a line each.

    Returns:
        the summary of schema ``caloexport.simulate/1``.

    Raises:
        UsageError: the plan makes no sense, or there is progress of another one.
        OutputFileError: a file cannot be written, or another process writes it.
        WorkerFailed: a worker died again and again.
        MissingDependency: the simulator needs a library that is not installed.
    """
    started = time.monotonic()
    simulator = simulators[plan.method]
    simulator.check(plan)
    made = targets(plan, output, format, compact=compact)
    if resume and not folder_of(output).exists() and finished_outputs(plan, made):
        say(f"{', '.join(str(target.path) for target in made)}: finished before, nothing to do")
        return _summary(plan, made, None, {}, None, started)
    for remark in simulator.remarks(plan):
        say(remark)
    provenance = simulator.provenance(plan)
    with progress_folder(output, plan, provenance, resume=resume) as folder:
        with _kept(folder, plan, say):
            if resume and not finished(folder):
                say("nothing to resume: starts anew")
            cpu_s = _simulate(plan, folder, jobs, progress, say)
            leakage = _write(plan, made, folder, provenance, progress)
        remove(folder)
    for target in made:
        for text in warnings(target.scoring, leakage.meshes[target.scoring.name]):
            say(f"warning: {text}")
    return _summary(plan, made, leakage, cpu_s, jobs, started)


def _summary(
    plan: Plan,
    made: list[Target],
    leakage: Leakage | None,
    cpu_s: Mapping[int, float],
    jobs: int | None,
    started: float,
) -> dict[str, Any]:
    """Return the summary; without ``jobs`` and leakage of what was finished before."""
    deposited = leakage.deposited if leakage else None
    return {
        "schema": SCHEMA,
        "method": plan.method,
        "detector": plan.detector.name,
        "showers": plan.n,
        "seed": plan.seed,
        "plan_sha256": plan.hash,
        "simulated": len(cpu_s),
        "jobs": jobs,
        "deposited_fraction": deposited.value if deposited and deposited.n else None,
        "deposited_fraction_error": deposited.error if deposited else None,
        "files": [described(target, leakage) for target in made],
        "cpu_ms_per_gev": _cost(plan, cpu_s),
        "wall_s": time.monotonic() - started,
    }


@contextlib.contextmanager
def _kept(folder: Path, plan: Plan, say: Callable[[str], None]) -> Iterator[None]:
    """Say what is kept when the work stops; a folder of no finished shower goes."""
    try:
        yield
    except BaseException as error:
        there = len(finished(folder))
        if there:
            say(f"{there} of {plan.n} showers are kept in {folder}: --resume goes on from them")
        elif isinstance(error, KeyboardInterrupt | CaloexportError) and not isinstance(
            error,
            WorkerFailed,  # whose log is wanted
        ):
            remove(folder)
        raise


def _simulate(
    plan: Plan, folder: Path, jobs: int, progress: Progress, say: Callable[[str], None]
) -> Mapping[int, float]:
    """Simulate what is not there yet; return the processor time by number."""
    there = finished(folder)
    energies_mev = {
        number: plan.primary(number).energy_mev for number in range(plan.n) if number not in there
    }
    before = plan.n - len(energies_mev)
    if before:
        say(f"{before} of {plan.n} showers are already there")
    if not energies_mev:
        return {}
    total_mev = sum(energies_mev.values())
    unit, size_mev = ("GeV", 1e3) if total_mev >= 1e4 else ("MeV", 1.0)
    title = f"simulate {plan.detector.name}, {unit} done"
    with progress(title, round(total_mev / size_mev)) as advance:
        dispatch = Dispatch(
            folder,
            energies_mev,
            lambda mev, done: advance(
                round(mev / size_mev), f"{before + done} of {plan.n} showers"
            ),
            say,
        )
        dispatch.run(jobs)
    return dispatch.cpu_s


def _write(
    plan: Plan,
    made: list[Target],
    folder: Path,
    provenance: Mapping[str, str | float],
    progress: Progress,
) -> Leakage:
    found = finished(folder)
    leakage, primaries = read_balance(plan, found)
    for target in made:
        with progress(f"write {target.path.name}", plan.n) as advance:
            write_target(plan, target, folder, found, primaries, leakage, provenance, advance)
    return leakage


def _cost(plan: Plan, cpu_s: Mapping[int, float]) -> float | None:
    """Return the median over showers of processor time per incident energy, ms/GeV."""
    costs = [1e6 * spent / plan.primary(number).energy_mev for number, spent in cpu_s.items()]
    return statistics.median(costs) if costs else None
