"""What a target cannot express, as far as its registries of translations tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caloexport.converters.targets import Refusal
from caloexport.runtime.network import Network, Node
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
        if node.kind not in layers:
            reason = f"{format_name} has no translation of the layer kind '{node.kind}'"
            refusals.append(Refusal(node.name, reason))
            continue
        for function in functions_of(node):
            if function not in activations:
                reason = f"{format_name} has no translation of the activation '{function}'"
                refusals.append(Refusal(node.name, reason))
    return refusals


def functions_of(node: Node) -> Iterator[str]:
    """Yield the names of the activations in a node: its own, and those inside a layer."""
    if node.kind == "activation":
        yield node.attributes["function"]
    for value in node.attributes.values():
        if isinstance(value, Mapping) and "function" in value:
            yield value["function"]
