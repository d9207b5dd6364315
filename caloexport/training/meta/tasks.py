"""Tasks, and batches that stay with one task for some updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Integers
from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.batches import TASK, TASKS, Batches, stream
from caloexport.training.data import TrainingData

#: a condition with more values is a number and no name of a task
MOST = 32
#: values of a numeric condition that agree to so many digits are of one task
DIGITS = 6


@dataclass(frozen=True)
class Task:
    """A part of the showers.

    Attributes:
        name: condition and value.
        chosen: numbers of its showers to train on.
    """

    name: str
    chosen: Integers


def tasks_of(data: TrainingData, chosen: Integers, condition: str) -> list[Task]:
    """Split showers into tasks.

    Args:
        data: showers.
        chosen: numbers of those to train on; repeated ones stay repeated.
        condition: whose values are the tasks.

    Raises:
        UnknownName: the showers have no such condition.
        UsageError: it has one value only, or far too many.
    """
    if condition not in data.conditions:
        raise UnknownName("condition of tasks", condition, data.conditions)
    values = np.asarray(data.conditions[condition])[chosen]
    if values.dtype.kind == "f":
        values = values.round(DIGITS)
    found, group = np.unique(values, return_inverse=True)
    if not 2 <= len(found) <= MOST:
        message = f"'{condition}' has {len(found)} value(s), tasks need 2 to {MOST}"
        hint = "give showers of several, or name another condition: tasks in [meta]"
        raise UsageError(message, hint=hint)
    return [Task(f"{condition} {value}", chosen[group == i]) for i, value in enumerate(found)]


@dataclass(frozen=True)
class TaskBatches(Batches):
    """Batches of one task after the other.

    In each round every task has its turn once, in an order of its own; within a task batches are
    as those of a training on its showers alone.

    Attributes:
        tasks: at least one.
        stay: updates on a task before the next has its turn.
    """

    tasks: Sequence[Task] = ()
    stay: int = 1

    def __post_init__(self) -> None:
        for task in self.tasks:
            if len(task.chosen) < self.size:
                message = (
                    f"{task.name}: {len(task.chosen)} training showers do not fill a batch of "
                    f"{self.size}"
                )
                raise UsageError(message, hint="set batch in [training], or add data")

    @property
    def per_epoch(self) -> int:
        """Updates in which about as many showers are seen as there are, in whole turns."""
        return max(len(self.chosen) // (self.size * self.stay), 1) * self.stay

    def turn(self, update: int) -> tuple[int, int]:
        """Return the number of the task of an update, and its number among those of the task."""
        turn, inner = divmod(update, self.stay)
        round_, place = divmod(turn, len(self.tasks))
        order = stream(self.seed, TASKS, round_).permutation(len(self.tasks))
        return int(order[place]), round_ * self.stay + inner

    def among(self, update: int) -> Integers:
        """Return the numbers of the showers of an update's task."""
        return self.tasks[self.turn(update)[0]].chosen

    def selection(self, update: int) -> Integers:
        """Return the numbers of the showers in the batch of an update (counted from 0)."""
        number, of_task = self.turn(update)
        return self._part(self.tasks[number].chosen, of_task, TASK + number)
