"""The process of one backend: opens its artifact, then measures whenever it is told to.

Started as ``python -m caloexport.bench.worker``. Reads a subject and then orders from stdin,
answers on stdout, and ends with its stdin. Nothing heavy is imported before the clock runs.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from caloexport.bench.memory import resident_mb
from caloexport.bench.orders import LIMIT, Order, Startup, Subject, Turn


def main() -> None:
    """Serve orders until the other end closes."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    lines = iter(sys.stdin.readline, "")
    subject = Subject(**json.loads(next(lines)))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, subject.cores)
    serve(subject, (Order(**json.loads(line)) for line in lines), answers)


def serve(subject: Subject, orders: Iterator[Order], answers: Any) -> None:
    """Answer with the start-up figures, then with one turn per order."""
    begin = time.perf_counter()
    from caloexport.bench.calls import Calls, StreamCalls, calls_of, import_everything

    import_everything(subject.backend)
    imported, before = time.perf_counter(), resident_mb()
    calls: Calls = StreamCalls(subject) if subject.backend == LIMIT else calls_of(subject)
    first_call = calls.shower(1) or calls.network(1)
    first_call(0)
    first = time.perf_counter()
    startup = Startup(imported - begin, first - imported, resident_mb() - before)
    print(json.dumps(asdict(startup)), file=answers, flush=True)
    evict = make_evict()
    gc.disable()
    for order in orders:
        shower = calls.shower(order.batch)
        turn = Turn(
            () if shower is None else measure(shower, order, evict),
            measure(calls.network(order.batch), order, evict),
        )
        print(json.dumps(asdict(turn)), file=answers, flush=True)
        gc.collect()


def measure(
    call: Callable[[int], object], order: Order, evict: Callable[[], object]
) -> tuple[float, ...]:
    """Return µs per shower of call after call, after some that are not counted.

    Hot calls are counted after as long a time of the same calls: a processor that was waiting
    first wakes, refills its caches and finds its clock.

    Args:
        call: runs a batch; its argument counts up, so that the input changes.
        order: how many, and whether ``evict`` runs before each.
        evict: takes the caches away.
    """
    samples: list[float] = []
    begin = time.perf_counter()
    call(0)
    while order.cache == "hot" and time.perf_counter() - begin < order.seconds:
        call(0)
    begin = time.perf_counter()
    while len(samples) < order.most:
        if len(samples) >= order.least and time.perf_counter() - begin > order.seconds:
            break
        if order.cache == "cold":
            evict()
        start = time.perf_counter_ns()
        call(len(samples) + 1)
        samples.append((time.perf_counter_ns() - start) / 1e3 / order.batch)
    return tuple(samples)


def make_evict() -> Callable[[], object]:
    """Return a function that reads 96 MB, more than the caches of one core hold.

    The memory is taken when it is first called.
    """
    ballast: list[Any] = []

    def evict() -> object:
        import numpy as np

        if not ballast:
            ballast.append(np.ones(96 << 18, dtype=np.float32))
        return ballast[0].sum()

    return evict


if __name__ == "__main__":
    main()
