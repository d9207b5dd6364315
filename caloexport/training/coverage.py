"""What a consumer will ask a generator for that the showers do not cover."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from caloexport.converters.contracts import contracts
from caloexport.runtime.conditions import Condition

#: showers at random places of a cell leave so much of its range uncovered and tell of all of it
EDGE = 0.02


def gaps(contract: str | None, conditions: Sequence[Condition]) -> Iterator[str]:
    """Tell where the conditions of a training fall short of those of its preset's contract.

    Args:
        contract: its name; None has no gaps.
        conditions: with the ranges and categories of the showers.

    Yields:
        A line for each condition.

    >>> list(gaps("athena-dnncalosim", [Condition("energy_mev", 1024.0, 65536.0)]))[0]
    'the consumer of athena-dnncalosim asks for energy_mev of 1024 to 262144, the showers cover 1024 to 65536'
    """
    here = {condition.name: condition for condition in conditions}
    for wanted in contracts[contract].assumed if contract else ():
        found = here.get(wanted.name)
        if found is None:
            continue
        asked = f"the consumer of {contract} asks for {wanted.name}"
        missing = [one for one in wanted.categories if one not in found.categories]
        if missing:
            yield f"{asked} = {', '.join(missing)}, of which there are no showers"
        elif not wanted.categories and not found.categories:
            (low, high), (least, most) = _range(wanted), _range(found)
            edge = EDGE * (high - low)
            if least > low + edge or most < high - edge:
                yield f"{asked} of {low:g} to {high:g}, the showers cover {least:g} to {most:g}"


def _range(condition: Condition) -> tuple[float, float]:
    low, high = condition.low, condition.high
    return -math.inf if low is None else low, math.inf if high is None else high
