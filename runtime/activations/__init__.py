"""Activations: one small file each, a plain function of numpy arrays.

Each takes ``x`` of shape (n, units) and its parameters by name, and returns the same shape and
dtype. Parameters that are trained (the β of swish) arrive as arrays of shape (1,) or (units,);
constants arrive as floats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caloexport.runtime.arrays import Array
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Activation:
    """What the rest of the program knows about an activation.

    Attributes:
        function: the numpy reference.
        constants: names and defaults of its constant parameters.
        trained: names of parameters that live with the weights.
        elementwise: False when an output depends on the other units (softmax).
    """

    function: Callable[..., Array]
    constants: dict[str, float | list[int]]
    trained: tuple[str, ...] = ()
    elementwise: bool = True


activations: Registry[Activation] = Registry(
    "activation", "caloexport.runtime.activations", "caloexport.activations"
)


def activation(
    name: str,
    *,
    trained: tuple[str, ...] = (),
    elementwise: bool = True,
    **constants: float | list[int],
) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Register the decorated function as the reference of an activation."""

    def add(function: Callable[..., Array]) -> Callable[..., Array]:
        activations.register(name)(Activation(function, constants, trained, elementwise))
        return function

    return add
