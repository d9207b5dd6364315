"""Activation: one entry of the activation registry as a layer of its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caloexport.runtime.activations import activations
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class ActivationLayer(LayerKind):
    """y = f(x); attribute ``function`` names f, the other attributes are its constants.

    Trained parameters (the β of swish) are weights of shape (1,) or (units,).
    """

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        function = activations[node.attributes.get("function", "")]
        for name, default in function.constants.items():
            value = node.attributes.get(name, default)
            if isinstance(value, float) and math.isnan(value):  # NaN marks: there is no default
                message = (
                    f"layer '{node.name}': {node.attributes['function']} needs '{name}', which "
                    "has no default that all libraries share"
                )
                raise InputFileError(message)
        units = shapes[0][-1] if shapes[0] else 1
        for name in function.trained:
            if name not in node.weights:
                message = f"layer '{node.name}': {node.attributes['function']} needs '{name}'"
                raise InputFileError(message)
            if node.weights[name].shape not in ((1,), (units,)):
                raise misfit(node, f"{name} of (1,) or ({units},)", node.weights[name].shape)
        groups = node.attributes.get("groups")
        if groups is not None and sum(groups) > units:
            raise misfit(node, f"groups of at most {units} units", sum(groups))
        return shapes[0]

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        entry = activations[node.attributes["function"]]
        trained = {k: node.weights[k] for k in entry.trained}
        return entry.function(inputs[0], **constants_of(node), **trained)


def constants_of(node: Node) -> dict[str, Any]:
    """Return the constants of an activation node, the defaults filled in."""
    entry = activations[node.attributes["function"]]
    return {k: node.attributes.get(k, default) for k, default in entry.constants.items()}


layers.register("activation")(ActivationLayer())
