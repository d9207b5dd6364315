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
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from caloexport.bench.chunks import in_chunks
from caloexport.bench.energy import EnergyMeter
from caloexport.bench.memory import memory
from caloexport.bench.orders import LIMIT, Order, Startup, Subject, Turn
from caloexport.bench.timing import Measured, make_evict, measure

if TYPE_CHECKING:
    from caloexport.bench.calls import Calls


def main() -> None:
    """Serve orders until the other end closes."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    lines = iter(sys.stdin.readline, "")
    subject = Subject(**json.loads(next(lines)))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, subject.cores)
    serving = serve_probe if subject.backend == LIMIT else serve
    serving(subject, (Order(**json.loads(line)) for line in lines), answers)


def serve(subject: Subject, orders: Iterator[Order], answers: Any) -> None:
    """Answer with the start-up figures, then with one turn per order."""
    begin = time.perf_counter()
    from caloexport.bench.calls import calls_of, import_everything

    import_everything(subject.backend)
    imported, before = time.perf_counter(), memory()
    calls = calls_of(subject)
    first_call = calls.shower(1) or calls.network(1)
    first_call(0)
    first, after = time.perf_counter(), memory()
    more = after.since(before)
    startup = Startup(
        imported - begin, first - imported, more.resident, more.private, more.shared,
        more.proportional, after.resident,
    )  # fmt: skip
    give(answers, asdict(startup))
    evict, meter = make_evict(), EnergyMeter()
    gc.disable()
    for order in orders:
        give(answers, asdict(one_turn(calls, order, evict, meter)))
        gc.collect()


def one_turn(calls: Calls, order: Order, evict: Callable[[], object], meter: EnergyMeter) -> Turn:
    """Measure what one order asks for."""
    many = replace(
        order,
        least=max(order.least, order.least_showers),
        most=max(order.most, order.least_showers),
    )
    shower = in_chunks(calls.shower, order.batch)
    whole = Measured(()) if shower is None else measure(shower, many, evict, meter)
    network = measure(in_chunks(calls.network, order.batch), order, evict, meter)
    observed = calls.observed() if order.batch == 1 else None
    outside = (
        Measured(()) if observed is None else measure(observed[0], order, evict, inside=observed[1])
    )
    energy = network.energy_uj if shower is None else whole.energy_uj
    return Turn(whole.samples, network.samples, outside.samples, energy)


def serve_probe(subject: Subject, orders: Iterator[Order], answers: Any) -> None:
    """Answer with start-up figures that nobody reads, then with the readings per order."""
    from caloexport.bench.calls import import_everything
    from caloexport.bench.probe import Probe

    import_everything(subject.backend)
    probe, evict = Probe(tuple(subject.footprints)), make_evict()
    give(answers, asdict(Startup(0.0, 0.0, 0.0)))
    gc.disable()
    for order in orders:
        give(answers, {"readings": [asdict(one) for one in probe.readings(order, evict)]})
        gc.collect()


def give(answers: Any, answer: dict[str, Any]) -> None:
    """Write one answer."""
    print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
