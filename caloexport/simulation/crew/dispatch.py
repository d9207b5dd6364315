"""Hand out the showers of a plan to workers until all are recorded."""

from __future__ import annotations

import selectors
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from caloexport.converters.isolation import error_from_json
from caloexport.processes.ending import how_it_ended
from caloexport.runtime.errors import CaloexportError
from caloexport.simulation.crew.folder import record_path
from caloexport.simulation.crew.hired import Hired
from caloexport.simulation.crew.record import places

#: of one shower before the simulation stops
MOST_DEATHS = 2
#: showers that one worker gets at a time
LARGEST_BATCH = 64
#: a batch is at most this share of the work left to each worker, so that all end together
SHARE = 1 / 8
#: seconds between two looks at the clock when no shower gets finished
PATIENCE_S = 0.5

#: (energy simulated so far, showers simulated so far)
Report = Callable[[float, int], None]


class WorkerFailed(CaloexportError):
    """A worker process died again and again."""

    code = "worker-failed"


class Dispatch:
    """The showers to do and the workers that do them.

    The largest showers go first: the work of a shower is proportional to its energy, and whoever
    gets the last ones should get small ones.

    Attributes:
        cpu_s: processor time of every shower that was simulated, by number.
    """

    def __init__(
        self,
        folder: Path,
        energies_mev: Mapping[int, float],
        report: Report,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.cpu_s: dict[int, float] = {}
        self._say = say
        self._folder = folder
        self._energies_mev = energies_mev
        self._report = report
        # taken from the end
        self._to_do = sorted(energies_mev, key=lambda number: (energies_mev[number], -number))
        self._left_mev = sum(energies_mev.values())
        self._done: set[int] = set()
        self._done_mev = 0.0
        self._deaths: Counter[int] = Counter()
        self._deaths_at_start = 0
        self._selector = selectors.DefaultSelector()
        self._hired: dict[int, Hired] = {}
        self._jobs = 1

    def run(self, jobs: int) -> None:
        """Simulate everything.

        Args:
            jobs: number of worker processes.

        Raises:
            CaloexportError: what a worker raised.
            WorkerFailed: a worker died twice at one shower, or before its first one.
        """
        self._jobs = min(jobs, len(self._to_do))
        try:
            for slot in range(self._jobs):
                self._hire(slot)
            while len(self._done) < len(self._energies_mev):
                for key, _ in self._selector.select(PATIENCE_S):
                    worker: Hired = key.data
                    answers = worker.take()
                    if answers is None:
                        self._replace(worker)
                    else:
                        self._hear(worker, answers)
                self._report(self._done_mev, len(self._done))
        finally:
            for worker in self._hired.values():
                worker.end()
            self._selector.close()

    def _hire(self, slot: int) -> None:
        worker = self._hired[slot] = Hired(self._folder, slot)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)
        worker.give(self._batch())

    def _hear(self, worker: Hired, answers: list[dict[str, Any]]) -> None:
        for answer in answers:
            if "error" in answer:
                raise error_from_json(answer["error"])
            if "done" in answer:
                worker.waiting.remove(answer["done"])
                self.cpu_s[answer["done"]] = answer["cpu_s"]
                self._finish(answer["done"])
            worker.ready = True
        if worker.ready and not worker.waiting and self._to_do:
            worker.give(self._batch())

    def _batch(self) -> list[int]:
        most_mev = SHARE * self._left_mev / self._jobs
        batch: list[int] = []
        energy_mev = 0.0
        while self._to_do and len(batch) < LARGEST_BATCH:
            next_mev = self._energies_mev[self._to_do[-1]]
            if batch and energy_mev + next_mev > most_mev:
                break
            energy_mev += next_mev
            batch.append(self._to_do.pop())
        self._left_mev -= energy_mev
        return batch

    def _finish(self, number: int) -> None:
        self._done.add(number)
        self._done_mev += self._energies_mev[number]
        self._deaths_at_start = 0

    def _replace(self, worker: Hired) -> None:
        """Put another worker in the place of one that died; try its shower once more."""
        self._selector.unregister(worker.answers)
        code = worker.end()
        recorded = record_path(self._folder, worker.slot)
        for number in places(recorded) if recorded.exists() else ():
            if number in worker.waiting:  # recorded, but it died before it could say so
                worker.waiting.remove(number)
                self._finish(number)
        if worker.ready and worker.waiting:
            culprit = worker.waiting[0]
            self._deaths[culprit] += 1
            when, then = f"at shower {culprit}", "tried once more"
            self._refuse_death(self._deaths[culprit], code, worker, when)
        else:
            self._deaths_at_start += 1
            when = "between showers" if worker.ready else "before its first shower"
            then = "another takes its place"
            self._refuse_death(self._deaths_at_start, code, worker, when)
        self._say(f"worker died ({how_it_ended(code)}) {when}: {then}")
        self._to_do.extend(reversed(worker.waiting))
        self._left_mev += sum(self._energies_mev[number] for number in worker.waiting)
        self._hire(worker.slot)

    def _refuse_death(self, deaths: int, code: int, worker: Hired, when: str) -> None:
        if deaths < MOST_DEATHS:
            return
        message = (
            f"a worker process died {deaths} times {when} ({how_it_ended(code)}); "
            f"its log ends with\n{worker.last_words()}\n"
        )
        hint = "what is finished is kept: add --resume to try again"
        if code == -9:
            hint = f"did the system run out of memory? fewer --jobs need less; {hint}"
        raise WorkerFailed(message, where=str(worker.log), hint=hint)
