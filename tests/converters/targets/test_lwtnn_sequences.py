"""What LWTNN's target says of sequences, and the names that consumers demand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.lwtnn.write import write_graph
from caloexport.converters.targets import targets
from caloexport.converters.verify import verify
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.network import Network, Node
from tests.golden.lwtnn.maker import Maker, act
from tests.golden.lwtnn.sequences import last_step, networks
from tests.networks import decoder, dense

make = Maker(1)
SEQUENCE = {"x": (4, 3)}


def reduced(function: str, axes: list[int]) -> list[Node]:
    return [Node("bad", "reduce", ("x",), {"function": function, "axes": axes, "keep": False})]


def conv(**changes: Any) -> list[Node]:
    node = make.conv("bad", "x", (2, 3, 2), [0, 0])
    return [Node("bad", "conv", ("x",), {**node.attributes, **changes}, node.weights)]


def slice_of(start: int, length: int) -> list[Node]:
    part = {"axis": 0, "start": start, "step": 1, "length": length}
    lstm = make.recurrent("lstm", "r", "x", 3, 2, return_sequences=True)
    shape = {"shape": [2 * length]}
    return [lstm, Node("bad", "slice", ("r",), part), Node("v", "reshape", ("bad",), shape)]


KERAS_3 = {"function": "hard_sigmoid", "slope": 1 / 6}
REFUSED: dict[str, tuple[list[Node], str]] = {
    "backwards": ([make.recurrent("lstm", "bad", "x", 3, 2, go_backwards=True)], "forwards only"),
    "reset after": ([make.recurrent("gru", "bad", "x", 3, 2, reset_after=True)], "reset_after"),
    "gelu": ([make.recurrent("lstm", "bad", "x", 3, 2, activation={"function": "gelu"})], "'gelu'"),
    "slope of Keras 3": (
        [
            make.recurrent(
                "lstm",
                "bad",
                "x",
                3,
                2,
                recurrent_activation={"function": "hard_sigmoid", "slope": 1 / 6},
            )
        ],
        "slope 0.2, not",
    ),
    "embedding": ([make.embedding("bad", "x", 1, 4, 2)], "number 1 of 3: .* copies the wrong"),
    "strides": (conv(strides=[2]), "stride 1 and one group"),
    "padding": (conv(padding=[[1, 1]]), "valid, same and causal"),
    "mean": (reduced("mean", [0]), r"sums over the steps .* the mean over \[0\]"),
    "sum of a step": (reduced("sum", [1]), r"the sum over \[1\]"),
    "first step": (slice_of(0, 1), "the last step of a sequence, and no other"),
    "two steps": (slice_of(2, 2), "the last step of a sequence, and no other"),
    "last step of an input": (
        [
            Node("bad", "slice", ("x",), {"axis": 0, "start": 3, "step": 1, "length": 1}),
            Node("v", "reshape", ("bad",), {"shape": [3]}),
        ],
        "not of 'x'",
    ),
    "sequences joined": ([Node("bad", "concatenate", ("x", "x"))], "joins and adds vectors"),
    "flattened": (
        [dense("d", "x", 3, 2), Node("bad", "reshape", ("d",), {"shape": [8]})],
        "a vector of a sequence",
    ),
    "layer without a word": ([Node("bad", "multiply", ("x", "x"))], "no multiply node"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_name_layer_and_reason(name: str) -> None:
    nodes, reason = REFUSED[name]
    refusals = targets["lwtnn"].refusals(Network(SEQUENCE, nodes, [nodes[-1].name]))
    assert [refusal.layer for refusal in refusals] == ["bad"]
    assert re.search(reason, refusals[0].reason)


def test_an_image_is_no_sequence() -> None:
    image = Node("d", "dense", ("x",), {}, {"kernel": np.ones((2, 3)), "bias": np.zeros(3)})
    refusals = targets["lwtnn"].refusals(Network({"x": (4, 5, 2)}, [image], ["d"]))
    assert [refusal.layer for refusal in refusals] == ["x", "d"]
    assert "vectors or sequences" in refusals[0].reason


@pytest.mark.parametrize("name", ["lstm", "sequence_before_vector", "scan_lstm", "embedding"])
def test_sequences_verify_from_the_file_alone(name: str, tmp_path: Path) -> None:
    generator = Generator.from_network(networks()[name])
    path = export(generator, "lwtnn", tmp_path / "a.json").path
    assert verify(path).equal
    about = json.loads(path.read_text())["caloexport"]
    shapes = generator.network.inputs.values()
    assert about["steps"] == [shape[0] for shape in shapes if len(shape) == 2]


def test_vectors_carry_nothing_about_sequences(tmp_path: Path) -> None:
    path = export(decoder(), "lwtnn", tmp_path / "a.json").path
    data = json.loads(path.read_text())
    assert not {"steps", "order"} & set(data["caloexport"])
    assert data["input_sequences"] == []


def test_a_grid_at_the_end_of_a_recurrent_network_is_a_vector(tmp_path: Path) -> None:
    nodes = [
        make.recurrent("lstm", "r", "x", 3, 6),
        Node("grid", "reshape", ("r",), {"shape": [2, 3]}),
    ]
    generator = Generator.from_network(Network(SEQUENCE, nodes, ["grid"]))
    path = export(generator, "lwtnn", tmp_path / "a.json").path
    data = json.loads(path.read_text())
    assert data["outputs"]["output"]["labels"] == [f"out_{k}" for k in range(6)]
    assert [node["type"] for node in data["nodes"]] == ["input_sequence", "sequence"]


def test_a_sequence_at_the_end_cannot_be_mistaken_for_its_last_step(tmp_path: Path) -> None:
    network = networks()["scan_lstm"]
    write_graph(tmp_path / "a.json", network, {})
    data = json.loads((tmp_path / "a.json").read_text())
    assert [node["type"] for node in data["nodes"]][-1] == "time_distributed"
    assert data["outputs"]["output"]["labels"] == ["out_0", "out_1", "out_2"]


def test_the_last_step_of_a_convolution_costs_no_node(tmp_path: Path) -> None:
    nodes = [make.conv("c", "x", (2, 3, 2), [1, 0]), act("a", "c", {"function": "relu"})]
    network = Network(SEQUENCE, [*nodes, *last_step("v", "a", 4, 2)], ["v"])
    write_graph(tmp_path / "a.json", network, {})
    data = json.loads((tmp_path / "a.json").read_text())
    assert [node["type"] for node in data["nodes"]] == ["input_sequence", "sequence"]


NAMES = Interface(
    (Port("Noise", "z{}"), Port("mycond", ("energy", "eta"))), Port("voxels", "cell_{}")
)


def two_inputs() -> Network:
    nodes = [Node("j", "concatenate", ("a", "b")), dense("d", "j", 5, 4)]
    return Network({"a": (3,), "b": (2,)}, nodes, ["d"])


def test_names_that_a_consumer_demands(tmp_path: Path) -> None:
    generator = Generator.from_network(two_inputs(), interface=NAMES)
    data = json.loads(export(generator, "lwtnn", tmp_path / "a.json").path.read_text())
    names = {one["name"]: [v["name"] for v in one["variables"]] for one in data["inputs"]}
    assert names == {"Noise": ["z0", "z1", "z2"], "mycond": ["energy", "eta"]}
    assert list(data["outputs"]) == ["voxels"]
    assert data["outputs"]["voxels"]["labels"] == ["cell_0", "cell_1", "cell_2", "cell_3"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (Interface(NAMES.inputs, Port("o", ("a",))), "'o' has 4 values and 1 labels"),
        (Interface(NAMES.inputs, Port("o", ("a", "b", "c", "a"))), "two labels are called 'a'"),
        (
            Interface((Port("n", "z{}"), Port("m", ("e", "e"))), NAMES.output),
            "two variables are called 'e'",
        ),
    ],
)
def test_names_that_do_not_fit_are_refused(names: Interface, message: str, tmp_path: Path) -> None:
    generator = Generator.from_network(two_inputs(), interface=names)
    with pytest.raises(InputFileError, match=message):
        export(generator, "lwtnn", tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []
