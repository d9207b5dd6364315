"""The condition vector as settings: a list of encoding terms, written as they stand in a manifest.

[conditions]
terms = [
    { kind = "standardised_log", condition = "energy_mev", mean = 9.704, sigma = 1.761 },
    { kind = "one_hot", condition = "econfig", codes = { "0" = 0, "1" = 1 }, size = 2 },
]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term, encodings
from caloexport.runtime.errors import UsageError
from caloexport.training.data import TrainingData
from caloexport.training.reading import require_condition

#: the end of an even spread lies further out than this many mean gaps once in e^ENDS samples
ENDS = 10.0


@dataclass(frozen=True)
class Terms:
    """The section [conditions].

    Attributes:
        terms: each with ``kind``, ``condition`` and the parameters of its kind.

    >>> energy = {"kind": "linear", "condition": "energy_mev", "offset": 0.0, "scale": 1e6}
    >>> Terms((energy,)).encoding.width
    1
    """

    terms: tuple[dict[str, Any], ...]

    def __post_init__(self) -> None:
        for number, term in enumerate(self.terms):
            for key in ("kind", "condition"):
                if not isinstance(term.get(key), str):
                    message = f"term {number} of terms has no '{key}'"
                    raise UsageError(message, hint='{ kind = "…", condition = "…", … }')
            encodings[term["kind"]]  # unknown: names the nearest
            try:
                _ = _term(term).width
            except (KeyError, TypeError, ValueError) as error:
                message = f"term {number} of terms ('{term['kind']}') has no usable {error}"
                raise UsageError(message) from None
        if not any(term["condition"] == "energy_mev" for term in self.terms):
            message = "no term reads the condition 'energy_mev'"
            raise UsageError(message)

    @property
    def encoding(self) -> Encoding:
        """The terms as an encoding."""
        return Encoding(tuple(_term(data) for data in self.terms))


def _term(data: Mapping[str, Any]) -> Term:
    parameters = {k: v for k, v in data.items() if k not in ("kind", "condition")}
    return Term(data["kind"], data["condition"], parameters)


def conditions_for(data: TrainingData, encoding: Encoding) -> tuple[Condition, ...]:
    """Return the conditions that the encoding reads, with the ranges that the data cover.

    Raises:
        InputFileError: a file lacks one of the conditions.
        UsageError: a term cannot encode what the data hold.
    """
    found: list[Condition] = []
    for term in encoding.terms:
        if term.condition not in data.conditions:
            require_condition(term.condition, data.files)
        condition = _condition(term, data)
        encodings[term.kind].check(condition, term.parameters)
        if condition.name not in [one.name for one in found]:
            found.append(condition)
    return tuple(found)


def _condition(term: Term, data: TrainingData) -> Condition:
    values = data.conditions[term.condition]
    if "codes" in term.parameters:
        codes = term.parameters["codes"]
        present = sorted(set(map(str, values.tolist())))
        unknown = [name for name in present if name not in codes]
        if unknown:
            message = f"'{term.condition}' has the values {', '.join(unknown)}"
            raise UsageError(message, hint=f"codes knows {', '.join(codes)}")
        return Condition(term.condition, categories=tuple(present))
    numbers = np.asarray(values, dtype=np.float64)
    return Condition(term.condition, *_range(term.condition, numbers))


def _range(condition: str, numbers: Float64) -> tuple[float, float]:
    """Return the range of a condition; of an impact position that of all that could have come.

    The outermost of n evenly spread numbers lies about 1/n of the range inside its end. Other
    showers of the same beam lie beyond it as often as not, and are no extrapolation.
    """
    low, high = float(numbers.min()), float(numbers.max())
    if condition == "energy_mev" or len(np.unique(numbers)) < len(numbers) / 2:
        return low, high
    margin = ENDS * (high - low) / len(numbers)
    return low - margin, high + margin
