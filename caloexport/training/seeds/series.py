"""Train the runs of several seeds, so many at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from caloexport.converters.isolation import error_from_json
from caloexport.processes.lock import locked
from caloexport.training.interruption import interruption
from caloexport.training.plan import Plan
from caloexport.training.run_folder import RunFolder
from caloexport.training.runs.board import Board
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import FINISHED, Ended, Scored
from caloexport.training.runs.place import Place
from caloexport.training.seeds.folder import LOCK, PLAN, SeedsFolder
from caloexport.training.seeds.result import entry, result
from caloexport.training.start import overrides_of, plan_of, plan_there

#: seconds between two looks at the clock while no run tells anything
PATIENCE_S = 0.5

Show = Callable[[Board], None]


class Series:
    """The runs of several seeds.

    Args:
        folder: of all.
        plan: of the first seed.
        number: of seeds.
        renewed: the schedule has changed, so that even finished runs are gone through again.
    """

    def __init__(self, folder: SeedsFolder, plan: Plan, number: int, *, renewed: bool) -> None:
        self.folder, self.plan = folder, plan
        self.jobs = folder.jobs(plan, number)
        before = {} if renewed else {one["seed"]: one for one in _seeds(folder)}
        self.entries = {
            seed: before[seed]
            if before.get(seed, {}).get("how") == FINISHED
            else entry(seed, job, None)
            for seed, job in self.jobs.items()
        }
        self._errors: list[Mapping[str, Any]] = []

    def result(self) -> dict[str, Any]:
        """Return what came out so far."""
        return result(self.plan, self.folder.path, self.entries)

    def run(self, place: Place, show: Show = lambda board: None) -> dict[str, Any]:
        """Train what is not finished.

        Raises:
            KeyboardInterrupt: on Ctrl-C or SIGTERM, after every run has saved.
            CaloexportError: every run failed; this is the error of the first.
        """
        waiting = [seed for seed, one in self.entries.items() if one["how"] != FINISHED]
        board = Board([self.jobs[seed].name for seed in waiting])
        seeds = {job.name: seed for seed, job in self.jobs.items()}
        running: set[str] = set()
        with interruption() as asked:
            while running or (waiting and not asked()):
                while waiting and place.free and not asked():
                    job = self.jobs[waiting.pop(0)]
                    self._start(place, job, board, running)
                if asked():
                    place.interrupt()
                for name, message in place.hear(PATIENCE_S):
                    board.hear(name, message)
                    if isinstance(message, Scored):
                        place.answer(name, stop=False)
                    elif isinstance(message, Ended):
                        running.remove(name)
                        self._end(seeds[name], message)
                show(board)
            if asked():
                raise KeyboardInterrupt
        self._refuse_nothing()
        return self.result()

    def _start(self, place: Place, job: Job, board: Board, running: set[str]) -> None:
        board.start(job.name)
        running.add(job.name)
        place.start(job)

    def _end(self, seed: int, ended: Ended) -> None:
        self.entries[seed] = entry(seed, self.jobs[seed], ended)
        if ended.error is not None:
            self._errors.append(ended.error)
        self.folder.write_result(self.result())

    def _refuse_nothing(self) -> None:
        """Raise the error of the first run where all failed for a reason of the user's."""
        if len(self._errors) == len(self.entries):
            raise error_from_json(dict(self._errors[0]))


def _seeds(folder: SeedsFolder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = folder.read_result().get("seeds", [])
    return found


def train_seeds(
    family: str,
    folder: Path,
    wanted: Mapping[str, Any],
    place: Place,
    *,
    seeds: int | None,
    resume: bool,
    show: Show = lambda board: None,
) -> dict[str, Any]:
    """Train with several seeds, or go on with it.

    Args:
        family: entry of the registry.
        folder: of all runs.
        wanted: as ``start.prepare`` takes it.
        place: where to train.
        seeds: how many; None takes as many as before.
        resume: take up ``folder`` instead of making it.
        show: how far the runs are.

    Returns:
        The result, schema ``caloexport.seeds/1``; it is in the folder, too.

    Raises:
        UsageError: an option that a resumed training has decided already, or another family.
        KeyboardInterrupt: on Ctrl-C or SIGTERM, after every run has saved.
    """
    there = SeedsFolder(folder)
    if resume:
        plan = plan_there(family, folder, wanted, PLAN)
        seeds = seeds or there.number()
    else:
        RunFolder(folder).require_absent()
        plan = plan_of(family, wanted)
        folder.mkdir(parents=True)
    with locked(folder / LOCK, str(folder), "training"):
        there.write_plan(plan, seeds or 1)
        series = Series(there, plan, seeds or 1, renewed=bool(overrides_of(wanted)) and resume)
        return series.run(place, show)
