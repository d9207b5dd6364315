"""Standardised log: (ln x - mean)/sigma. The energy label of Athena's DNNCaloSim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Affine, TermKind, encodings, logarithm, require_positive
from caloexport.runtime.errors import UsageError
from caloexport.runtime.formula import Formula
from caloexport.runtime.parameters import require_numbers


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return (ln x - mean)/sigma as one column."""
    return ((logarithm(values) - parameters["mean"]) / parameters["sigma"])[:, None]


def check(condition: Condition, parameters: Mapping[str, Any]) -> None:
    """Refuse a sigma that is not positive."""
    require_numbers("standardised_log", parameters, ("mean", "sigma"))
    require_positive(condition)
    if parameters["sigma"] <= 0:
        message = f"'standardised_log' needs a positive sigma, not {parameters['sigma']:g}"
        raise UsageError(message)


def affine(parameters: Mapping[str, Any]) -> Affine:
    """Return ln x/sigma - mean/sigma."""
    return Affine("ln x", 1 / parameters["sigma"], -parameters["mean"] / parameters["sigma"])


def formula(condition: Condition, parameters: Mapping[str, Any]) -> Formula:
    """Return the term as numbers."""
    return Formula(offset=parameters["mean"], scale=parameters["sigma"], logarithmic=True)


encodings.register("standardised_log")(
    TermKind(encode, lambda parameters: 1, check, affine, formula)
)
