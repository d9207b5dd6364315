"""What the members of the conditions are called in C++."""

from __future__ import annotations

from caloexport.converters.cpp.identifiers import identifiers
from caloexport.runtime.manifest import Sampling


def condition_identifiers(sampling: Sampling) -> dict[str, str]:
    """Return the identifier of each condition by its name."""
    names = [one.name for one in sampling.conditions]
    return dict(zip(names, identifiers(names, "condition"), strict=True))
