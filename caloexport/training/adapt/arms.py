"""What an adaptation is compared with: trainings on the same showers that start elsewhere."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import UsageError
from caloexport.training.adapt.glance import glances
from caloexport.training.adapt.plan import adaptation_plan
from caloexport.training.data import split
from caloexport.training.plan import Plan, check_settings
from caloexport.training.settings import merge, read_toml

#: the arm that starts from the run to be adapted, and the one that starts from fresh weights
ADAPTED, SCRATCH = "adapted", "from scratch"
#: settings of [training] in which arms must not differ, or their updates would not compare
ALIKE = (
    "batch", "learning_rate", "final_learning_rate", "warm_up", "held_back", "held_back_fewest",
    "largest_response", "negatives", "at_most", "balance", "rotate", "mirror",
)  # fmt: skip
NAME = re.compile(r"[\w][\w .,+-]*")


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

    @property
    def stem(self) -> str:
        """What names of its files begin with."""
        return f"{stem_of(self.name)}-{self.showers}"

    def to_json(self) -> dict[str, Any]:
        """Return what it starts from and trains by."""
        start = self.plan.start
        own = dict(self.plan.config["training"])
        del own["most"]  # differs between arms of this name
        return {
            "arm": self.name,
            "start": None if start is None else start.parent.name,
            "start_sha256": self.plan.start_hash or None,
            "family": self.plan.family,
            "preset": self.plan.preset,
            "beyond": [one.to_json() for one in self.plan.beyond],
            "settings": {**self.plan.config, "training": own},
        }


def arms_of(
    run: Path,
    others: Mapping[str, Path],
    data: Sequence[Path],
    steps: int,
    showers: Sequence[int],
    *,
    low_rank: int = 0,
    scratch: Mapping[str, Path] | None = None,
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
        low_rank: adapt few weights in a further arm, see ``adaptation_plan``; 0 for none.
        scratch: settings laid over those of fresh weights in further arms, files by name.
        options: further ones of ``adaptation_plan``.

    Raises:
        UsageError: two arms of one name, one that names no file, arms that would train by
            different settings, or fewer showers than are wanted.
        UnsupportedError: a family that cannot train few weights.
    """
    starts = {ADAPTED: (run, 0)}
    if low_rank:
        starts[f"{ADAPTED}, low rank {low_rank}"] = (run, low_rank)
    fresh = dict(scratch or {})
    _check_names([*others, *fresh], {*starts, SCRATCH})
    starts |= {name: (start, 0) for name, start in others.items()}
    found = []
    for number in dict.fromkeys(showers):
        plans = {
            name: _constant_rate(
                adaptation_plan(start, data, steps, most=number, low_rank=rank, **options)  # type: ignore[arg-type]
            )
            for name, (start, rank) in starts.items()
        }
        plans[SCRATCH] = dataclasses.replace(plans[ADAPTED], start=None, start_hash="")
        plans |= {name: _with(plans[SCRATCH], file) for name, file in fresh.items()}
        _require_alike(plans)
        _require_so_many(plans[ADAPTED], number)
        found += [Arm(name, plan, number) for name, plan in plans.items()]
    return found


def stem_of(name: str) -> str:
    """Return an arm's name as part of a file's.

    >>> stem_of("adapted, low rank 8")
    'adapted-low-rank-8'
    """
    return re.sub("[ ,]+", "-", name)


def alike(plan: Plan) -> dict[str, Any]:
    """Return what all arms have in common, one of whose plans is given."""
    schedule = plan.schedule
    return {name: getattr(schedule, name) for name in ALIKE} | {
        "batches": "follow from the seed and the number of the update, alike in all arms",
        "optimizer": "remembers nothing at the start",
        "statistics": "of normalisation, and the mean shower, are measured anew before the first "
        "update where weights are taken over; fresh weights start from what their family starts from",
    }


def _with(plan: Plan, file: Path) -> Plan:
    """Return a plan with the settings of a file laid over its own."""
    config = merge(plan.config, read_toml(file), str(file))
    check_settings(config, plan.family, str(file))
    return dataclasses.replace(plan, config=config)


def _check_names(others: Sequence[str], taken: set[str]) -> None:
    stems = set(map(stem_of, taken))
    for name in others:
        if name in taken:
            raise UsageError(f"'{name}' is the name of an arm that is always there")
        if not NAME.fullmatch(name) or stem_of(name) in stems:
            message = f"'{name}' cannot name an arm"
            hint = "files are named after it: take letters, digits and hyphens, and no name twice"
            raise UsageError(message, hint=hint)
        stems.add(stem_of(name))


def _require_alike(plans: Mapping[str, Plan]) -> None:
    usual = plans[ADAPTED].schedule
    for name, plan in plans.items():
        for key in ALIKE:
            one, other = getattr(usual, key), getattr(plan.schedule, key)
            if one != other:
                message = f"'{name}' would train with {key} = {other}, '{ADAPTED}' with {one}"
                raise UsageError(message, hint=f"set {key} in [training] of --config for all")


def _require_so_many(plan: Plan, number: int) -> None:
    """Check that a table will not tell of showers that were never there."""
    schedule = plan.schedule
    for file in glances(plan.data):
        held_back, _ = split(file.n, schedule.held_back, schedule.held_back_fewest, 0)
        left = int((~held_back).sum())
        if left < number:
            message = f"has {left} showers to train on beside those held back, expected {number}"
            hint = f"compare with fewer, with --showers {left}"
            raise UsageError(message, where=str(file.path), hint=hint)


def _constant_rate(plan: Plan) -> Plan:
    section = plan.config["training"]
    section = {**section, "final_learning_rate": section["learning_rate"]}
    return dataclasses.replace(plan, config={**plan.config, "training": section})
