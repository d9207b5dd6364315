"""Conditions: the named physics inputs of a generator, with unit and trained range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import OutOfRange, UnknownName, UsageError

Policy = Literal["error", "clamp", "extrapolate"]
POLICIES: tuple[str, ...] = get_args(Policy)

#: range ends come from training data through float arithmetic; this much beyond is not "outside"
SLACK = 1e-6

#: dimension of a condition, by the end of its name
SUFFIXES = {"_mev": "energy", "_mm": "length", "_rad": "angle"}
#: unit of a dimension
UNITS = {"energy": "MeV", "length": "mm", "angle": "rad"}


@dataclass(frozen=True)
class Condition:
    """One condition.

    Attributes:
        name: with its unit, for example ``energy_mev`` or ``theta_rad``.
        low, high: trained range of a number; both None for a category.
        categories: allowed values of a category; empty for a number.
    """

    name: str
    low: float | None = None
    high: float | None = None
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.categories)) != len(self.categories):
            message = f"condition '{self.name}' has a category twice"
            raise UsageError(message)
        if (self.low is None) != (self.high is None) or (self.categories and self.low is not None):
            message = f"condition '{self.name}' needs both ends of a range, or categories"
            raise UsageError(message)
        if self.low is not None and self.high is not None and not self.low <= self.high:
            message = f"condition '{self.name}' has the range {self.low:g} to {self.high:g}"
            raise UsageError(message, hint="low comes first")

    @property
    def dimension(self) -> str | None:
        """Dimension of the quantity, None for a category or a pure number."""
        return next((d for end, d in SUFFIXES.items() if self.name.endswith(end)), None)

    @property
    def unit(self) -> str:
        """Unit of its values, empty for a category or a pure number."""
        return UNITS.get(self.dimension or "", "")

    def to_json(self) -> dict[str, Any]:
        """Return the condition as JSON."""
        if self.categories:
            return {"name": self.name, "categories": list(self.categories)}
        return {"name": self.name, "low": self.low, "high": self.high}

    def admit(self, values: Array, policy: Policy) -> Array:
        """Return the values after the out-of-range policy.

        Args:
            values: (n,) numbers, or strings for a category.
            policy: ``error`` raises, ``clamp`` moves to the nearest end, ``extrapolate`` keeps.

        Raises:
            OutOfRange: a number outside the range under ``error``.
            UsageError: not a number, not finite, or a negative energy (under every policy).
            UnknownName: not one of the categories.

        >>> energy = Condition("energy_mev", 1000.0, 64_000.0)
        >>> energy.admit(np.array([100_000.0]), "clamp")
        array([64000.])
        """
        if self.categories:
            for value in values:
                if str(value) not in self.categories:
                    raise UnknownName(self.name, str(value), self.categories)
            return values
        try:
            x = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            message = f"{self.name} = {np.asarray(values).flat[0]!r:.40} is not a number"
            raise UsageError(message, hint="the unit is that of the name") from None
        if not x.size:
            return x
        least, most = float(x.min()), float(x.max())  # NaN if any value is
        if not (math.isfinite(least) and math.isfinite(most)):
            message = f"{self.name} is not a finite number"
            raise UsageError(message)
        if least < 0 and self.dimension == "energy":
            message = f"{self.name} = {least:g} is negative"
            raise UsageError(message)
        if self.low is None or self.high is None or policy == "extrapolate":
            return x
        if self.low <= least and most <= self.high:
            return x
        slack = SLACK * max(abs(self.low), abs(self.high))
        outside = (x < self.low - slack) | (x > self.high + slack)
        if policy == "error" and outside.any():
            message = (
                f"{self.name} = {x[outside][0]:g} is outside the trained range "
                f"{self.low:g} to {self.high:g} {self.unit}".rstrip()
            )
            raise OutOfRange(message, hint="out_of_range = clamp or extrapolate allows it")
        return np.clip(x, self.low, self.high)


def gather(
    conditions: Iterable[Condition], given: Mapping[str, Any], n: int, policy: Policy
) -> dict[str, Array]:
    """Bring what a caller gave to one checked array (n,) per condition.

    Scalars are repeated. A condition with a single allowed value may be left out.

    Raises:
        UsageError: a condition is missing or has the wrong length.
        UnknownName: a name that the generator does not have.
    """
    chosen: Any = policy  # whatever a caller gave; an array has no single answer to "in"
    if not isinstance(chosen, str) or chosen not in POLICIES:
        raise UnknownName("out-of-range policy", str(policy), POLICIES)
    known = {condition.name: condition for condition in conditions}
    for name in given:
        if name not in known:
            raise UnknownName("condition", name, known)
    gathered = {}
    for name, condition in known.items():
        value = given.get(name, only_value(condition))
        if value is None:
            message = f"condition '{name}' is missing"
            raise UsageError(message, hint=f"conditions: {', '.join(known)}")
        try:
            array = np.atleast_1d(np.asarray(value))
        except ValueError:
            message = f"condition '{name}' is not one value or a list of {n}"
            raise UsageError(message) from None
        if array.shape not in ((1,), (n,)):
            message = f"condition '{name}' has shape {array.shape}, expected one value or ({n},)"
            raise UsageError(message)
        admitted = condition.admit(array, policy)
        gathered[name] = admitted if len(admitted) == n else np.broadcast_to(admitted, (n,))
    return gathered


def only_value(condition: Condition) -> str | float | None:
    """Return the value of a condition that may be left out, None when it has several."""
    if len(condition.categories) == 1:
        return condition.categories[0]
    if condition.low is not None and condition.low == condition.high:
        return condition.low
    return None
