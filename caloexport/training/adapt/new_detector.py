"""The column of a detector that the generator has not seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from caloexport.runtime.errors import UsageError

CONDITIONS, CODES, SIZE = "conditions", "geometry_codes", "geometry_size"


def with_new_detectors(config: Mapping[str, Any], detectors: Collection[str]) -> dict[str, Any]:
    """Give detectors that have no column of the geometry's code a free one.

    MetaHEP keeps one column for every detector that comes later: SiW is [0, 0, 1], SciPb is
    [0, 1, 0] and a new one [1, 0, 0].

    Args:
        config: sections of the run's settings.
        detectors: of the new showers.

    Raises:
        UsageError: there are more new detectors than free columns.

    >>> config = {"conditions": {"geometry_codes": {"scipb": 1, "siw": 2}, "geometry_size": 3}}
    >>> with_new_detectors(config, ["pbwo4"])["conditions"]["geometry_codes"]
    {'scipb': 1, 'siw': 2, 'pbwo4': 0}
    """
    section = config.get(CONDITIONS, {})
    codes = dict(section.get(CODES, {}))
    new = [name for name in sorted(set(detectors)) if name not in codes]
    if not codes or not new:
        return dict(config)
    free = free_columns(section)
    if len(new) > len(free):
        message = (
            f"no column of the geometry's code is left for {', '.join(new[len(free) :])}: "
            f"{', '.join(codes)} have all {section[SIZE]}"
        )
        hint = "adapt a model that has a free column, such as one of the preset metahep-reptile"
        raise UsageError(message, hint=hint)
    return {
        **config,
        CONDITIONS: {**section, CODES: {**codes, **dict(zip(new, free, strict=False))}},
    }


def free_columns(conditions: Mapping[str, Any]) -> list[int]:
    """Return the columns of the geometry's code that no detector has.

    Args:
        conditions: the section of that name.

    >>> free_columns({"geometry_codes": {"scipb": 1, "siw": 2}, "geometry_size": 3})
    [0]
    """
    taken = conditions.get(CODES, {}).values()
    return [column for column in range(conditions.get(SIZE, 0)) if column not in taken]
