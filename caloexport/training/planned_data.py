"""The showers that a plan trains on."""

from __future__ import annotations

from collections.abc import Callable

from caloexport.training.data import TrainingData, load
from caloexport.training.plan import Plan


def planned_data(
    plan: Plan, report: Callable[[int, str], None] = lambda done, text: None
) -> TrainingData:
    """Load the files of a plan as its schedule says.

    Raises:
        InputFileError: a file is damaged.
        UsageError: files that do not fit each other, or nothing left to train on.
    """
    schedule = plan.schedule
    return load(
        plan.data,
        schedule.held_back,
        report,
        fewest=schedule.held_back_fewest,
        most=schedule.most,
        at_most=schedule.at_most,
        largest_response=schedule.largest_response,
        negatives=schedule.negatives,
    )
