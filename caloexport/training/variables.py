"""TensorFlow variables to and from a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError


def snapshot(variables: Mapping[str, Any]) -> dict[str, Array]:
    """Return the values of variables by name."""
    return {name: variable.numpy() for name, variable in variables.items()}


def restore(variables: Mapping[str, Any], state: Mapping[str, Array], where: str) -> None:
    """Give variables the values of a checkpoint; all or none.

    Raises:
        InputFileError: names or shapes differ.
    """
    for name, variable in variables.items():
        if name not in state or state[name].shape != tuple(variable.shape):
            found = state[name].shape if name in state else "nothing"
            message = f"'{name}' is {found}, expected {tuple(variable.shape)}"
            raise InputFileError(message, where=where)
    for name, variable in variables.items():
        variable.assign(state[name])
