"""The conductor: who takes part, in which order they take turns, and what comes out."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from caloexport.bench.crew import Worker, crew
from caloexport.bench.files import Obstacle, subjects_of
from caloexport.bench.machine import describe_machine
from caloexport.bench.orders import LIMIT, Cache, Order, Startup, Turn
from caloexport.bench.participants import Participant, participants
from caloexport.bench.results import CREDIBLE, PEER, Result, Results, make_result
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator

#: (steps done, what is going on)
Report = Callable[[int, str], None]
#: who, batch, cache -> one turn per round
Turns = dict[tuple[str, int, Cache], list[Turn]]


@dataclass(frozen=True)
class Effort:
    """How long to measure.

    Attributes:
        rounds, batch_rounds: times that everybody takes his turn, one shower or many per call.
        seconds: per turn and span, hot.
        least_hot, least_cold: calls per turn and span, whatever they take; of a batch, one.
        most: calls per turn and span.
    """

    rounds: int = 10
    batch_rounds: int = 4
    seconds: float = 0.05
    least_hot: int = 3
    least_cold: int = 12
    most: int = 500

    def order(self, batch: int, cache: Cache) -> Order:
        """Return one turn's order."""
        least = self.least_hot if cache == "hot" else self.least_cold
        seconds = self.seconds if cache == "hot" else 0.0
        return Order(batch, cache, seconds, least if batch == 1 else 1, self.most)

    def rounds_of(self, batch: int) -> int:
        """Return the number of rounds for a batch size."""
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
    for number, (name, backends) in enumerate(taking_part.items()):

        def advance(done: int, text: str, before: int = number * request.steps_each) -> None:
            report(before + done, text)

        rows += measure_workload(name, request, backends, advance, note)
    for row in rows:
        if row.times_limit is not None and row.times_limit < CREDIBLE:
            note(
                f"{row.backend} on {row.workload} ({row.cache}) beats the bandwidth probe: "
                "the machine was too busy, the ratios to the limit mean little"
            )
    return Results(describe_machine(), tuple(rows))


def measure_workload(
    name: str,
    request: Request,
    backends: Sequence[Participant],
    advance: Report,
    note: Callable[[str], None],
) -> list[Result]:
    """Make the files of a generator, let who takes part take turns, and summarise.

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
        with crew(subjects) as workers:
            turns = take_turns(name, request, [worker for worker, _ in workers], advance)
            startups = {worker.name: startup for worker, startup in workers}
    present = [one for one in backends if one.name in startups]
    return summarise(name, request, present, turns, startups)


def take_turns(
    name: str,
    request: Request,
    workers: Sequence[Worker],
    advance: Report,
) -> Turns:
    """Let everybody measure in every round, in an order that alternates."""
    turns: Turns = defaultdict(list)
    done = 1
    for batch in request.batches:
        for cache in request.caches:
            order = request.effort.order(batch, cache)
            # the limit of a batch is arithmetic, which the probe does not measure
            present = [w for w in workers if w.name != LIMIT or batch == 1]
            for number in range(request.effort.rounds_of(batch)):
                advance(done, f"{name}, batch {batch}, {cache}")
                for worker in present if number % 2 else reversed(present):
                    turns[worker.name, batch, cache].append(worker.turn(order))
                done += 1
    return turns


def summarise(
    name: str,
    request: Request,
    backends: Sequence[Participant],
    turns: Turns,
    startups: dict[str, Startup],
) -> list[Result]:
    """Return one row per batch, cache and backend."""
    return [
        make_result(
            (name, one.backend, one.precision, batch, cache),
            turns[one.name, batch, cache],
            startups[one.name],
            limit=turns.get((LIMIT, batch, cache)),
            peer=turns.get((PEER, batch, cache)),
            budget_ms=request.budget_ms,
        )
        for batch in request.batches
        for cache in request.caches
        for one in backends
    ]


def chosen_cores(threads: int) -> tuple[int, ...]:
    """Return the last cores that this process may use: the first ones serve interrupts."""
    if not hasattr(os, "sched_getaffinity"):
        return ()
    return tuple(sorted(os.sched_getaffinity(0))[-threads:])
