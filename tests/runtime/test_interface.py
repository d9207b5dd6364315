from __future__ import annotations

import json
from typing import Any

import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port, interface_from_json, standard_interface
from caloexport.runtime.manifest import manifest_from_text
from caloexport.runtime.network import Network
from tests.networks import dense

GIVEN = Interface(
    (Port("Z", "{}"), Port("E_true", ("0",))), Port("output", "out_{}"), batch=1, dtype="float64"
)


def test_json_brings_it_back() -> None:
    data = json.loads(json.dumps(GIVEN.to_json()))
    assert interface_from_json(data, "file") == GIVEN


def test_labels_follow_the_pattern_without_padding() -> None:
    assert GIVEN.output.all_labels(11)[-1] == "out_10"
    assert GIVEN.inputs[1].all_labels(1) == ("0",)


def test_as_many_labels_as_values() -> None:
    with pytest.raises(InputFileError, match="'E_true' has 2 values and 1 labels"):
        GIVEN.inputs[1].all_labels(2)


def test_without_a_consumer_inputs_keep_their_names() -> None:
    interface = standard_interface({"a": (2,), "b": (1,)})
    assert [port.name for port in interface.inputs] == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": []}, "inputs need names of their own, found none"),
        ({"inputs": [{"name": "a", "labels": "{}"}] * 2}, "found a, a"),
        ({"inputs": [{"name": "a", "labels": "x"}]}, "a pattern holds {} once"),
        ({"inputs": [{"name": "a", "labels": 3}]}, "labels"),
        ({"batch": 0}, "has the batch 0"),
        ({"batch": True}, "has the batch True"),
        ({"dtype": "int8"}, "the numbers are int8"),
        ({"output": None}, "output"),
    ],
)
def test_damage_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        interface_from_json({**GIVEN.to_json(), **changes}, "file")


def test_the_manifest_carries_it() -> None:
    network = Network({"z": (2,), "e": (2,)}, [dense("y", "z", 2, 2)], ["y"])
    named = Generator.from_network(network, interface=GIVEN).manifest
    plain = Generator.from_network(network).manifest
    assert "interface" not in plain.to_json()
    assert named.hash != plain.hash
    assert manifest_from_text(named.dumps(), "file").interface == GIVEN
    short = json.loads(named.dumps())
    short["interface"]["inputs"].pop()
    with pytest.raises(InputFileError, match="names 1 inputs, the network has 2"):
        manifest_from_text(json.dumps(short), "file")
