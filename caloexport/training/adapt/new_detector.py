"""The column of a detector, or of a particle, that the generator has not seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from caloexport.runtime.errors import UsageError

CONDITIONS = "conditions"


def with_columns(
    config: Mapping[str, Any], values: Collection[str], condition: str = "geometry"
) -> dict[str, Any]:
    """Give detectors that have no column of the geometry's code a free one.

    MetaHEP keeps one column for every detector that comes later: SiW is [0, 0, 1], SciPb is
    [0, 1, 0] and a new one [1, 0, 0]. Particles have theirs in the same way.

    Args:
        config: sections of the run's settings.
        values: of the condition, in the new showers.
        condition: that has a code, if the model knows it.

    Raises:
        UsageError: there are more new detectors than free columns.

    >>> config = {"conditions": {"geometry_codes": {"scipb": 1, "siw": 2}, "geometry_size": 3}}
    >>> with_columns(config, ["pbwo4"])["conditions"]["geometry_codes"]
    {'scipb': 1, 'siw': 2, 'pbwo4': 0}
    """
    section = config.get(CONDITIONS, {})
    codes = dict(section.get(_codes(condition), {}))
    new = [name for name in sorted(set(values)) if name not in codes]
    if not codes or not new:
        return dict(config)
    free = free_columns(section, condition)
    if len(new) > len(free):
        message = (
            f"no column of the code of {condition} is left for {', '.join(new[len(free) :])}: "
            f"{', '.join(codes)} have all {section[_size(condition)]}"
        )
        hint = f"adapt a model that has a free column: {_size(condition)} beyond its codes"
        if condition == "geometry":
            hint += ", as in the preset metahep-reptile"
        raise UsageError(message, hint=hint)
    columns = {**codes, **dict(zip(new, free, strict=False))}
    return {**config, CONDITIONS: {**section, _codes(condition): columns}}


def free_columns(conditions: Mapping[str, Any], condition: str = "geometry") -> list[int]:
    """Return the columns of a condition's code that no value has.

    Args:
        conditions: the section of that name.
        condition: that has the code.

    >>> free_columns({"geometry_codes": {"scipb": 1, "siw": 2}, "geometry_size": 3})
    [0]
    """
    taken = conditions.get(_codes(condition), {}).values()
    columns = range(conditions.get(_size(condition), 0))
    return [column for column in columns if column not in taken]


def _codes(condition: str) -> str:
    return f"{condition}_codes"


def _size(condition: str) -> str:
    return f"{condition}_size"
