"""Timing one call after another, hot or cold."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from caloexport.bench.energy import EnergyMeter
from caloexport.bench.orders import Order

#: floats that are read to take the caches away: 96 MB, more than those of one core hold
BALLAST = 96 << 18


@dataclass(frozen=True)
class Measured:
    """What calls took.

    Attributes:
        samples: µs per shower of every call.
        energy_uj: µJ per shower, of hot calls where the machine tells.
    """

    samples: tuple[float, ...]
    energy_uj: float | None = None


def measure(
    call: Callable[[int], object],
    order: Order,
    evict: Callable[[], object],
    meter: EnergyMeter | None = None,
    inside: Callable[[], int] = lambda: 0,
) -> Measured:
    """Time call after call, after some that are not counted.

    Hot calls are counted after as long a time of the same calls: a processor that was waiting
    first wakes, refills its caches and finds its clock.

    Args:
        call: runs a batch; its argument counts up, so that the input changes.
        order: how many, and whether ``evict`` runs before each.
        evict: takes the caches away.
        meter: of the energy, if it is wanted.
        inside: gives a sum of ns; what a call adds to it does not count.
    """
    samples: list[float] = []
    begin = time.perf_counter()
    call(0)
    while order.cache == "hot" and time.perf_counter() - begin < order.seconds:
        call(0)
    used = None if meter is None or order.cache == "cold" else meter.read()
    begin = time.perf_counter()
    while len(samples) < order.most:
        if len(samples) >= order.least and time.perf_counter() - begin > order.seconds:
            break
        if order.cache == "cold":
            evict()
        before, start = inside(), time.perf_counter_ns()
        call(len(samples) + 1)
        elapsed = time.perf_counter_ns() - start
        samples.append((elapsed - (inside() - before)) / 1e3 / order.batch)
    energy = None if meter is None else meter.used(used)
    showers = len(samples) * order.batch
    return Measured(tuple(samples), None if energy is None else energy / showers)


def make_evict() -> Callable[[], object]:
    """Return a function that reads more than the caches of one core hold.

    The memory is taken when it is first called.
    """
    ballast: list[Any] = []

    def evict() -> object:
        import numpy as np

        if not ballast:
            ballast.append(np.ones(BALLAST, dtype=np.float32))
        return ballast[0].sum()

    return evict
