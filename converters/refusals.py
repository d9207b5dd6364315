"""What a target cannot express, as far as its registries of translations tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from caloexport.converters.targets import Refusal
from caloexport.runtime.layers import layers as kinds
from caloexport.runtime.network import Network, Node
from caloexport.runtime.recurrence import Recurrent
from caloexport.runtime.registry import Registry

#: steps of a sequence that are written one by one
STEPS_LIMIT = 1000


def is_recurrent(node: Node) -> bool:
    """Say whether a node goes through a sequence step by step."""
    return isinstance(kinds[node.kind], Recurrent)


def untranslated(
    network: Network,
    layers: Registry[Any],
    activations: Registry[Any],
    format_name: str,
    unrolls: Callable[[Node], bool] = is_recurrent,
) -> list[Refusal]:
    """List the layers whose kind or activation has no translation, or one without end.

    Args:
        network: what is to be written.
        layers, activations: registries of the format's translations.
        format_name: for the reason.
        unrolls: says whether a node is written out step by step.
    """
    refusals = []
    for node in network.nodes:
        if node.kind not in layers:
            reason = f"{format_name} has no translation of the layer kind '{node.kind}'"
            refusals.append(Refusal(node.name, reason))
            continue
        steps = network.shapes[node.inputs[0]][0]
        if unrolls(node) and steps > STEPS_LIMIT:
            reason = f"{format_name} would hold its {steps} steps one by one"
            refusals.append(Refusal(node.name, f"{reason}, at most {STEPS_LIMIT} are written"))
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
