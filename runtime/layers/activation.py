"""Activation: one entry of the activation registry as a layer of its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caloexport.runtime.activations import activations
from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class ActivationLayer(LayerKind):
    """y = f(x); attribute ``function`` names f, the other attributes are its constants.

    Trained parameters (the β of swish) are weights of shape (1,) or (units,).
    """

    attributes = ("function",)

    def known(self, node: Node) -> set[str]:
        name = node.attributes.get("function")
        if not isinstance(name, str) or name not in activations:
            near = UnknownName("activation", str(name), activations.names())
            message = f"layer '{node.name}' has the unknown activation '{name}'"
            raise InputFileError(message, hint=near.hint)
        return {*super().known(node), *activations[name].constants, *activations[name].trained}

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        function = activations[node.attributes["function"]]
        for name, default in function.constants.items():
            _check_constant(node, name, node.attributes.get(name, default))
        units = shapes[0][-1] if shapes[0] else 1
        for name in function.trained:
            if name not in node.weights:
                message = f"layer '{node.name}': {node.attributes['function']} needs '{name}'"
                raise InputFileError(message)
            if node.weights[name].shape not in ((1,), (units,)):
                raise misfit(node, f"{name} of (1,) or ({units},)", node.weights[name].shape)
        groups = node.attributes.get("groups", ())
        if sum(groups) > units:
            raise misfit(node, f"groups of at most {units} units", sum(groups))
        return shapes[0]

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        entry = activations[node.attributes["function"]]
        trained = {k: node.weights[k] for k in entry.trained}
        return entry.function(inputs[0], **constants_of(node), **trained)


def _check_constant(node: Node, name: str, value: Any) -> None:
    function = node.attributes["function"]
    if isinstance(value, list):
        if not value or not all(type(n) is int and n > 0 for n in value):
            raise misfit(node, f"'{name}' a list of positive whole numbers", value)
    elif not isinstance(value, (int, float)) or math.isnan(value):
        if name in node.attributes:
            raise misfit(node, f"'{name}' a number", value)
        # NaN in the registry marks: there is no default
        message = f"layer '{node.name}': {function} needs '{name}', which has no shared default"
        raise InputFileError(message)


def constants_of(node: Node) -> dict[str, Any]:
    """Return the constants of an activation node, the defaults filled in."""
    entry = activations[node.attributes["function"]]
    return {k: node.attributes.get(k, default) for k, default in entry.constants.items()}


layers.register("activation")(ActivationLayer())
