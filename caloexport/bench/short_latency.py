"""The time of one shower, by one short measurement in this process: for a report, not for a claim."""

from __future__ import annotations

import time

from caloexport.bench.calls import sampling_call, typical_conditions
from caloexport.bench.statistics import Figures, figures
from caloexport.runtime.generator import Generator

#: calls at most, and the time after which no more are made
CALLS, SECONDS = 500, 0.5


def short_latency(generator: Generator) -> Figures:
    """Time single showers, conditions in and MeV out, one thread of whatever else runs here.

    The caches are hot and nothing else is compared; ``caloexport bench`` measures with care.
    """
    call = sampling_call(generator, 1, typical_conditions(generator))
    call(0)  # what compiles or packs
    samples: list[float] = []
    begin = time.perf_counter()
    while len(samples) < CALLS and (not samples or time.perf_counter() - begin < SECONDS):
        start = time.perf_counter_ns()
        call(len(samples) + 1)
        samples.append((time.perf_counter_ns() - start) / 1e3)
    return figures([samples])
