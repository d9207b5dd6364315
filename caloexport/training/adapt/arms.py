"""What an adaptation is compared with: trainings on the same showers that start elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from caloexport.runtime.errors import UsageError
from caloexport.training.adapt.plan import adaptation_plan
from caloexport.training.plan import Plan

#: the arm that starts from the run to be adapted, and the one that starts from fresh weights
ADAPTED, SCRATCH = "adapted", "from scratch"


@dataclass(frozen=True)
class Arm:
    """One way to a generator of the new showers.

    Attributes:
        name: of what it starts from.
        plan: of its training, of the first seed.
        showers: that it trains on, of each file.
    """

    name: str
    plan: Plan
    showers: int


def arms_of(
    run: Path,
    others: Mapping[str, Path],
    data: Sequence[Path],
    steps: int,
    showers: Sequence[int],
    **options: object,
) -> list[Arm]:
    """Return every way with every number of showers.

    The learning rate stays as it is at the start, so that what is reached after n updates does not
    depend on how many follow.

    Args:
        run: to be adapted.
        others: runs that are fine-tuned for comparison, by name.
        data: new showers.
        steps: most updates.
        showers: numbers to train on.
        options: further ones of ``adaptation_plan``.

    Raises:
        UsageError: two arms of one name.
    """
    taken = {ADAPTED, SCRATCH} & set(others)
    if taken:
        raise UsageError(f"'{taken.pop()}' is the name of an arm that is always there")
    found = []
    for number in showers:
        plans = {
            name: adaptation_plan(start, data, steps, most=number, **options)  # type: ignore[arg-type]
            for name, start in {ADAPTED: run, **others}.items()
        }
        plans[SCRATCH] = dataclasses.replace(plans[ADAPTED], start=None, start_hash="")
        found += [Arm(name, _constant_rate(plan), number) for name, plan in plans.items()]
    return found


def _constant_rate(plan: Plan) -> Plan:
    section = plan.config["training"]
    section = {**section, "final_learning_rate": section["learning_rate"]}
    return dataclasses.replace(plan, config={**plan.config, "training": section})
