"""Time the new decoder in every backend that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from caloexport.bench.run import Effort, Request, run
from caloexport.runtime import load

#: what an event loop asks for: one shower at a time
BATCHES = (1,)
#: a fifth of what the bench command spends: enough for a first look
EFFORT = Effort(rounds=4, seconds=0.03, least_cold=6)


def measure_speed(artifact: Path, step: Callable[[int, str], None]) -> dict[str, Any]:
    """Return the object ``caloexport.bench/1``: one shower at a time, hot and cold caches.

    Args:
        artifact: one of ours.
        step: progress.
    """
    request = Request(
        {"decoder": load(artifact)}, batches=BATCHES, with_peers=False,
        effort=EFFORT,
    )  # fmt: skip
    return run(request, step, lambda text: step(0, text)).to_json()


def steps() -> int:
    """Return the number of steps that :func:`measure_speed` reports."""
    request = Request({}, batches=BATCHES)
    return 1 + len(request.batches) * len(request.caches) * EFFORT.rounds
