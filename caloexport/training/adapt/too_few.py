"""Too few showers to adapt to: how many there must be."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence

from caloexport.runtime.errors import UsageError
from caloexport.training.adapt.glance import glances
from caloexport.training.batches import TooFewShowers
from caloexport.training.data import split
from caloexport.training.plan import Plan
from caloexport.training.settings import Schedule


def too_few(plan: Plan, error: TooFewShowers) -> UsageError:
    """Return an error that says how many showers the plan needs.

    Args:
        plan: of an adaptation.
        error: that it ended with.
    """
    counts, schedule = [file.n for file in glances(plan.data)], plan.schedule
    n, trained = sum(counts), _trained(counts, schedule, schedule.most)
    copies = error.found / trained if trained else 1.0  # mirrored ones are showers too
    needed = math.ceil(error.wanted / copies)
    held = n - _trained(counts, schedule, 0)
    message = f"{error.message}: of {n} showers {held} are held back"
    if schedule.most and _trained(counts, schedule, 0) >= needed:
        each = math.ceil(needed / len(counts))
        return UsageError(message, hint=f"train on more, with --showers {each}")
    hint = f"adapt to {_enough(counts, schedule, needed)} showers or more"
    batch = math.floor(schedule.batch * error.found / error.wanted)
    if batch > 1:
        hint += f", or set batch = {batch} in [training] of a file and give it as --config"
    return UsageError(message, hint=hint)


def _trained(counts: Sequence[int], schedule: Schedule, most: int) -> int:
    """Return how many of so many showers in each file are trained on."""
    left = 0
    for n in counts:
        held_back, beyond = split(n, schedule.held_back, schedule.held_back_fewest, most)
        left += int((~held_back & ~beyond).sum())
    return left


def _enough(counts: Sequence[int], schedule: Schedule, needed: int) -> int:
    """Return how many showers, spread over the files as they are, leave enough to train on."""

    def scaled(wanted: int) -> list[int]:
        return [math.ceil(n * wanted / sum(counts)) for n in counts]

    most = 2 * needed + math.ceil(2 * needed / (1 - schedule.held_back))
    trained = bisect.bisect_left(
        range(most), needed, key=lambda n: _trained(scaled(n), schedule, 0)
    )
    return sum(scaled(trained))
