"""The conditions at which two generators can be compared."""

from __future__ import annotations

from caloexport.converters.sides import Side
from caloexport.runtime.arrays import Array
from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.vectors import spread


def common_conditions(mine: Side, reference: Side) -> dict[str, Array]:
    """Return values (vectors,) of every condition over the range that both were trained in.

    A condition that one of them has fixed takes that value.

    Raises:
        UnsupportedError: a condition that the other has not, or ranges that do not overlap.
    """
    ours, theirs = _conditions(mine), _conditions(reference)
    values = {}
    for turn, name in enumerate({**ours, **theirs}):
        if name in ours and name in theirs:
            condition = _overlap(ours[name], theirs[name], mine, reference)
        else:
            owner, other = (mine, reference) if name in ours else (reference, mine)
            condition = _fixed({**ours, **theirs}[name], owner, other)
        values[name] = spread(condition, turn)
    return values


def _conditions(side: Side) -> dict[str, Condition]:
    sampling = side.manifest.sampling
    return {} if sampling is None else {c.name: c for c in sampling.conditions}


def _overlap(a: Condition, b: Condition, mine: Side, reference: Side) -> Condition:
    if a.categories or b.categories:
        common = tuple(name for name in a.categories if name in b.categories)
        if common:
            return Condition(a.name, categories=common)
    elif a.low is None or b.low is None or a.high is None or b.high is None:
        return a if b.low is None else b
    elif max(a.low, b.low) <= min(a.high, b.high):
        return Condition(a.name, max(a.low, b.low), min(a.high, b.high))
    message = f"was trained in another range of {a.name} than {reference.name}"
    raise UnsupportedError(message, where=mine.name)


def _fixed(condition: Condition, owner: Side, other: Side) -> Condition:
    """Return a condition at the one value that the other side has fixed."""
    value = other.manifest.provenance.get(f"fixed_{condition.name}")
    if value is None:
        message = f"has the condition {condition.name}, {other.name} has not"
        hint = f"caloexport convert --fix {condition.name}=VALUE makes one without it"
        raise UnsupportedError(message, where=owner.name, hint=hint)
    chosen = str(value).partition(" (")[0]
    if condition.categories:
        return Condition(condition.name, categories=(chosen,))
    from caloexport.runtime.units import parse_quantity

    pure = condition.dimension is None
    number = float(chosen) if pure else parse_quantity(chosen, str(condition.dimension))
    return Condition(condition.name, number, number)
