"""What the evaluator does not have is refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from caloexport.report.live.description import (
    describe_network,
    describe_sampling,
    require_sampling,
)
from caloexport.report.live.weights import WeightBytes
from caloexport.runtime.activations import Activation, activations
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import output_maps
from tests.every_layer import layer_cases
from tests.networks import decoder, sampling


def described(network: Network) -> dict[str, object]:
    return describe_network(network, "float32", WeightBytes(network, "float32"))


def test_values_are_numbered_inputs_first() -> None:
    found: Any = described(decoder().network)
    assert [node["inputs"] for node in found["nodes"]] == [[0], [1], [2], [3], [4]]
    assert found["output"] == 5
    assert found["nodes"][1]["attributes"]["constants"] == {"negative_slope": 0.3}


def test_recurrent_layers_are_refused_by_name() -> None:
    network = dict(layer_cases())["gru"]
    with pytest.raises(UnsupportedError, match=r"the layer kind 'gru' of layer") as caught:
        described(network)
    assert caught.value.exit_code == 4
    assert "-o NAME.png" in str(caught.value.hint)


def test_an_activation_of_somebody_else_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(activations._entries, "wavy", Activation(np.sin, {}))
    node = Node("last", "activation", ("x",), {"function": "wavy"})
    with pytest.raises(UnsupportedError, match="the activation 'wavy' of layer 'last'"):
        described(Network({"x": (2,)}, [node], ["last"]))


@pytest.mark.parametrize(
    ("registry", "name", "field"),
    [(encodings, "linear", "formula"), (output_maps, "fraction_of_incident", "scaling")],
)
def test_physics_without_a_formula_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, registry: object, name: str, field: str
) -> None:
    entries = registry._entries  # type: ignore[attr-defined]
    monkeypatch.setitem(entries, name, replace(entries[name], **{field: None}))
    with pytest.raises(UnsupportedError, match=f"'{name}'"):
        describe_sampling(sampling(require_sampling(decoder()).mesh))


def test_a_bare_network_is_refused() -> None:
    bare = Generator.from_network(decoder().network, name="bare")
    with pytest.raises(UnsupportedError, match="'bare' is a bare network"):
        require_sampling(bare)
