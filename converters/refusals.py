"""What a target cannot express, as far as its registries of translations tell."""

from __future__ import annotations

from typing import Any

from caloexport.converters.targets import Refusal
from caloexport.runtime.network import Network
from caloexport.runtime.registry import Registry


def untranslated(
    network: Network, layers: Registry[Any], activations: Registry[Any], format_name: str
) -> list[Refusal]:
    """List the layers whose kind or activation has no translation.

    Args:
        network: what is to be written.
        layers, activations: registries of the format's translations.
        format_name: for the reason.
    """
    refusals = []
    for node in network.nodes:
        function = node.attributes.get("function")
        if node.kind not in layers:
            reason = f"{format_name} has no translation of the layer kind '{node.kind}'"
            refusals.append(Refusal(node.name, reason))
        elif node.kind == "activation" and function not in activations:
            reason = f"{format_name} has no translation of the activation '{function}'"
            refusals.append(Refusal(node.name, reason))
    return refusals
