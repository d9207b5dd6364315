"""The conductor: who takes part, in which order they take turns, and what comes out."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from caloexport.bench.bandwidth import curve
from caloexport.bench.budget import LEAST_CALLS
from caloexport.bench.chunks import LARGEST
from caloexport.bench.crew import Worker, crew
from caloexport.bench.files import Obstacle, subjects_of
from caloexport.bench.footprint import footprint
from caloexport.bench.machine import describe_machine
from caloexport.bench.orders import LIMIT, Cache, Order
from caloexport.bench.participants import Participant, participants
from caloexport.bench.results import Result, Results
from caloexport.bench.summary import Readings, Recorded, Turns, summarise
from caloexport.bench.validity import credible
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator

#: (steps done, what is going on)
Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Effort:
    """How long to measure.

    Attributes:
        rounds, batch_rounds, chunk_rounds: times that everybody takes his turn, of one shower,
            of many, and of more than are made at a time.
        seconds: per turn and span, hot.
        least_hot, least_cold: calls per turn and span, whatever they take; of a batch, one.
        most: calls per turn and span.
    """

    rounds: int = 10
    batch_rounds: int = 4
    chunk_rounds: int = 2
    seconds: float = 0.05
    least_hot: int = 3
    least_cold: int = 12
    most: int = 500

    def order(self, batch: int, cache: Cache, showers: int = 0) -> Order:
        """Return one turn's order.

        Args:
            batch, cache: what to measure.
            showers: calls of the whole path that all turns together must have.
        """
        least = self.least_hot if cache == "hot" else self.least_cold
        seconds = self.seconds if cache == "hot" else 0.0
        each = -(-showers // self.rounds_of(batch))
        return Order(batch, cache, seconds, least if batch == 1 else 1, self.most, each)

    def rounds_of(self, batch: int) -> int:
        """Return the number of rounds for a batch size."""
        if batch > LARGEST:
            return self.chunk_rounds
        return self.rounds if batch == 1 else self.batch_rounds


@dataclass(frozen=True)
class Request:
    """What is asked of the bench.

    Attributes:
        generators: what to measure, by the name in the results.
        named: backends and peers that must take part; empty takes the usual ones that can.
        precisions: by name or family; empty takes that of the generator.
        batches, caches: what to measure each with.
        budget_ms: for the verdict, if any.
        judged: backends that the verdict is about; they make as many calls as it needs.
        threads: per backend, and cores it is pinned to.
        with_peers: whether peers take part when nobody is named.
        effort: how long.
    """

    generators: dict[str, Generator]
    named: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    batches: tuple[int, ...] = (1, 256)
    caches: tuple[Cache, ...] = ("hot", "cold")
    budget_ms: float | None = None
    judged: tuple[str, ...] = ()
    threads: int = 1
    with_peers: bool = True
    effort: Effort = field(default_factory=Effort)

    @property
    def steps_each(self) -> int:
        """Steps that a workload takes: exporting, then the rounds."""
        return 1 + len(self.caches) * sum(map(self.effort.rounds_of, self.batches))

    @property
    def steps(self) -> int:
        """Steps in all, for progress."""
        return len(self.generators) * self.steps_each


def run(request: Request, report: Report, note: Callable[[str], None]) -> Results:
    """Measure.

    Args:
        request: what.
        report: told about progress.
        note: told who does not take part, and what looks wrong.

    Raises:
        MissingDependency: a named backend's library is absent.
        UnsupportedError: a named backend cannot execute a workload.
        UnknownName: there is no such backend or precision.
    """
    taking_part = {
        name: participants(
            generator, request.named, request.precisions, note, with_peers=request.with_peers
        )
        for name, generator in request.generators.items()
    }
    rows: list[Result] = []
    readings: Readings = defaultdict(list)
    for number, (name, backends) in enumerate(taking_part.items()):

        def advance(done: int, text: str, before: int = number * request.steps_each) -> None:
            report(before + done, text)

        rows += measure_workload(name, request, backends, advance, note, readings)
    checked = credible(rows)
    for text in dict.fromkeys(
        f"{row.workload}, {row.cache}: no limit, {row.limit_note}"
        for row in checked
        if row.limit_note
    ):
        note(text)
    points = [p for cache, rounds in readings.items() for p in curve(cache, rounds)]
    return Results(describe_machine(), tuple(checked), tuple(points))


def measure_workload(
    name: str,
    request: Request,
    backends: Sequence[Participant],
    advance: Report,
    note: Callable[[str], None],
    readings: Readings,
) -> list[Result]:
    """Make the files of a generator, let who takes part take turns, and summarise.

    Args:
        name, request, backends: what to measure of whom.
        advance, note: told about progress and problems.
        readings: of the probe, to which the rounds of this workload are added.

    Raises:
        AnswerIsNo: somebody who was named, or a backend of ours, computes another network.
        UnsupportedError: somebody who was named cannot; others are left out.
    """

    def refuse(one: Participant, reason: Obstacle) -> None:
        wrong = isinstance(reason, AnswerIsNo)
        if request.named or (wrong and not one.is_peer):
            raise reason
        note(f"left out of {name}: {reason}")

    cores = chosen_cores(request.threads)
    with tempfile.TemporaryDirectory(prefix="caloexport-bench-") as folder:
        advance(0, f"{name}: export")
        generator = request.generators[name]
        subjects = subjects_of(
            generator, backends, Path(folder), request.batches, cores, request.threads, refuse
        )
        advance(0, f"{name}: start")
        own: Readings = defaultdict(list)
        with crew(subjects) as workers:
            turns = take_turns(name, request, [worker for worker, _ in workers], advance, own)
            startups = {worker.name: startup for worker, startup in workers}
    present = [one for one in backends if one.name in startups]
    sizes = {one.name: footprint(generator.network, one.precision) for one in present}
    for cache, rounds in own.items():
        readings[cache] += rounds
    places = [(batch, cache) for batch in request.batches for cache in request.caches]
    recorded = Recorded(turns, startups, own, sizes)
    return summarise(name, places, present, recorded, budget_ms=request.budget_ms)


def take_turns(
    name: str,
    request: Request,
    workers: Sequence[Worker],
    advance: Report,
    readings: Readings,
) -> Turns:
    """Let everybody measure in every round, in an order that alternates.

    Args:
        name, request: what.
        workers: who.
        advance: told about progress.
        readings: to which those of the probe are added.
    """
    turns: Turns = defaultdict(list)
    done = 1
    for batch in request.batches:
        for cache in request.caches:
            order = request.effort.order(batch, cache)
            judged = request.effort.order(batch, cache, LEAST_CALLS)
            # the limit of a batch is arithmetic, which the probe does not measure
            present = [w for w in workers if w.name != LIMIT or batch == 1]
            for number in range(request.effort.rounds_of(batch)):
                advance(done, f"{name}, batch {batch}, {cache}")
                for worker in present if number % 2 else reversed(present):
                    if worker.name == LIMIT:
                        readings[cache].append(worker.readings(order))
                    else:
                        its = judged if worker.name.split()[0] in request.judged else order
                        turns[worker.name, batch, cache].append(worker.turn(its))
                done += 1
    return turns


def chosen_cores(threads: int) -> tuple[int, ...]:
    """Return the last cores that this process may use: the first ones serve interrupts."""
    if not hasattr(os, "sched_getaffinity"):
        return ()
    return tuple(sorted(os.sched_getaffinity(0))[-threads:])
