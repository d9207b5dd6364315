"""Variables files of both forms: scaling before the network, names around it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caloexport.converters.lwtnn.variables import (
    Variables,
    VariablesFile,
    apply_variables,
    read_variables,
)
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.interface import Port
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate_all


def variable(name: str, offset: float = 0.0, scale: float = 1.0, **more: Any) -> dict[str, Any]:
    return {"name": name, "offset": offset, "scale": scale, **more}


SEQUENTIAL: dict[str, Any] = {
    "inputs": [
        variable("pt", -54150.5, 2.5e-5, default=1.4),
        variable("eta", 0.25, 2.0, default=None),
    ],
    "class_labels": ["u", "b"],
    "keras_version": "1.0.4",
    "miscellaneous": {"sort_by": "pt"},
}
OFFSETS = np.array([-54150.5, 0.25])
GRAPH: dict[str, Any] = {
    "inputs": [
        {"name": "noise", "variables": [variable("z0"), variable("z1")]},
        {"name": "conditions", "variables": [variable("energy", -0.5, 2.0, default=0.1)]},
    ],
    "input_sequences": [
        {"name": "tracks", "variables": [variable("d0", 1.0, 0.5), variable("z0")]}
    ],
    "outputs": [{"name": "cells", "labels": ["a", "b"]}, {"name": "sum", "labels": ["s"]}],
}


def read(folder: Path, content: Any) -> VariablesFile:
    path = folder / "variables.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_variables(path)


def passing(**inputs: tuple[int, ...]) -> Network:
    """Return a network that gives its inputs back."""
    nodes = [Node(f"{name}_out", "reshape", (name,), {"shape": s}) for name, s in inputs.items()]
    return Network(inputs, nodes, [node.name for node in nodes])


def graph_network() -> Network:
    shapes: dict[str, tuple[int, ...]] = {"t": (5, 2), "z": (2,), "c": (1,)}
    nodes = [
        Node("sum", "reduce", ("t",), {"function": "sum", "axes": [0], "keep": False}),
        Node("cells", "add", ("z", "sum")),
        Node("total", "multiply", ("c", "c")),
    ]
    return Network(shapes, nodes, ["cells", "total"])


def test_the_network_sees_x_plus_offset_times_scale(tmp_path: Path) -> None:
    network, interface = apply_variables(passing(x=(2,)), read(tmp_path, SEQUENTIAL))
    x = np.array([[60_000.0, -1.5], [54150.5, -0.25]])
    found = evaluate_all(network, {"x": x})[network.outputs[0]]
    np.testing.assert_allclose(found, (x + OFFSETS) * [2.5e-5, 2.0], atol=1e-7)
    assert found[1] == pytest.approx([0, 0], abs=1e-7)
    assert interface.inputs == (Port("input_node", ("pt", "eta")),)
    assert interface.output == Port("output_node", ("u", "b"))


def test_a_sequence_is_scaled_step_by_step(tmp_path: Path) -> None:
    network, _ = apply_variables(passing(x=(3, 2)), read(tmp_path, SEQUENTIAL))
    x = np.random.default_rng(0).normal(size=(4, 3, 2))
    found = evaluate_all(network, {"x": x})[network.outputs[0]]
    np.testing.assert_allclose(found, (x + OFFSETS) * [2.5e-5, 2.0], atol=1e-6)


def test_defaults_and_remarks_are_kept(tmp_path: Path) -> None:
    notes = read(tmp_path, SEQUENTIAL).notes
    assert notes == {"variable_defaults": {"pt": 1.4}, "miscellaneous": {"sort_by": "pt"}}
    assert read(tmp_path, GRAPH).notes == {"variable_defaults": {"energy": 0.1}}


def test_graph_inputs_are_matched_by_kind_and_order(tmp_path: Path) -> None:
    before = graph_network()
    network, interface = apply_variables(before, read(tmp_path, GRAPH))
    assert [port.name for port in interface.inputs] == ["tracks", "noise", "conditions"]
    assert [port.labels for port in interface.inputs] == [("d0", "z0"), "z{}", ("energy",)]
    assert interface.output == Port("cells", ("a", "b"))
    assert apply_variables(before, read(tmp_path, GRAPH), 1)[1].output == Port("sum", ("s",))
    generator = np.random.default_rng(0)
    x = {name: generator.normal(size=(4, *shape)) for name, shape in before.inputs.items()}
    scaled = {**x, "t": (x["t"] + [1, 0]) * [0.5, 1], "c": (x["c"] - 0.5) * 2}
    found, expected = evaluate_all(network, x), evaluate_all(before, scaled)
    for name in before.outputs:
        np.testing.assert_allclose(found[name], expected[name], atol=1e-6)
    assert [node.name for node in network.nodes if node.kind == "normalization"] == [
        "t_scaled", "c_scaled"
    ]  # fmt: skip


def test_what_changes_nothing_adds_nothing(tmp_path: Path) -> None:
    content = {**SEQUENTIAL, "inputs": [variable("a"), variable("b")]}
    before = passing(x=(2,))
    network, _ = apply_variables(before, read(tmp_path, content))
    assert [node.name for node in network.nodes] == [node.name for node in before.nodes]


def test_the_scaling_finds_a_free_name(tmp_path: Path) -> None:
    nodes = [Node("x_scaled", "activation", ("x",), {"function": "tanh"})]
    network, _ = apply_variables(
        Network({"x": (2,)}, nodes, ["x_scaled"]), read(tmp_path, SEQUENTIAL)
    )
    assert [node.name for node in network.nodes] == ["x_scaled_2", "x_scaled"]


def test_a_model_without_layers_gives_its_scaled_input(tmp_path: Path) -> None:
    network, _ = apply_variables(Network({"x": (2,)}, [], ["x"]), read(tmp_path, SEQUENTIAL))
    assert network.outputs == ("x_scaled",)


def test_a_sequence_may_be_called_like_a_vector(tmp_path: Path) -> None:
    """LWTNN's template counts both from node_0; other formats have one list of inputs."""
    content = copy.deepcopy(GRAPH)
    content["inputs"][0]["name"] = content["input_sequences"][0]["name"] = "node_0"
    _, interface = apply_variables(graph_network(), read(tmp_path, content))
    names = [port.name for port in interface.inputs]
    assert names == ["node_0_sequence", "node_0", "conditions"]


def test_sequences_may_be_left_out(tmp_path: Path) -> None:
    content = {key: value for key, value in GRAPH.items() if key != "input_sequences"}
    assert read(tmp_path, content).sequences == ()


finite = st.floats(-1e3, 1e3, allow_nan=False, width=32)


@settings(
    derandomize=True,
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine
)
@given(st.lists(st.tuples(finite, finite, finite), min_size=1, max_size=5))
def test_any_scaling(rows: list[tuple[float, float, float]]) -> None:
    x, offsets, scales = np.array(rows).T
    names = tuple(f"v{k}" for k in range(len(rows)))
    one = Variables("in", names, tuple(offsets), tuple(scales))
    given_file = VariablesFile((one,), (), (Port("out", names),), True, {}, "v.json")
    network, _ = apply_variables(passing(x=(len(rows),)), given_file)
    found = evaluate_all(network, {"x": x[None]})[network.outputs[0]][0]
    expected = (x + offsets) * scales
    np.testing.assert_allclose(found, expected, atol=1e-6 * (1 + np.abs(x * scales).max() * 4))


def refused(folder: Path, content: Any, message: str) -> None:
    with pytest.raises(InputFileError, match=message) as caught:
        read(folder, content)
    assert "variables.json" in str(caught.value)


def changed(content: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy with one entry replaced; ``inputs.0.name`` names it."""
    result = copy.deepcopy(content)
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place: Any = result
    for key in parents:
        place = place[key]
    place[last] = value
    return result


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "holds a list"),
        ({}, "not a variables file of LWTNN's converters .it holds nothing"),
        ({"class_name": "Sequential", "config": []}, "it holds class_name, config"),
        ({"inputs": [], "nodes": []}, "expected inputs and class_labels"),
        (changed(SEQUENTIAL, "inputs", 7), "'variables' is 7, expected a list"),
        (changed(SEQUENTIAL, "inputs.0", 7), "holds 'name', found int"),
        (changed(SEQUENTIAL, "inputs.0.offset", "0"), "'offset' is '0', expected a number"),
        (changed(SEQUENTIAL, "inputs.1.scale", None), "'scale' is None"),
        (json.dumps(SEQUENTIAL).replace("2.0", "NaN"), "'scale' holds nan"),
        (json.dumps(SEQUENTIAL).replace("2.0", "1e400"), "'scale' holds inf"),
        (changed(SEQUENTIAL, "inputs.1.name", "pt"), "'pt' is given twice"),
        (changed(SEQUENTIAL, "inputs.1.name", "\x1b[2J"), "expected printable text"),
        (changed(SEQUENTIAL, "class_labels", "u"), "'class_labels' is 'u', expected a list"),
        (changed(SEQUENTIAL, "class_labels", ["u", "u"]), "'u' is given twice"),
        (changed(SEQUENTIAL, "class_labels", [1, 2]), "holds 1, expected printable text"),
        (changed(GRAPH, "inputs.0.variables", {}), r"inputs\[0\].*'variables' is"),
        (changed(GRAPH, "inputs.1.name", 5), r"inputs\[1\].*'name' is 5"),
        (changed(GRAPH, "input_sequences.0.variables.0", {}), r"sequences\[0\].*'name' is missing"),
        (changed(GRAPH, "outputs", {}), "'outputs' is {}, expected a list"),
        (changed(GRAPH, "outputs.0.labels", ["a", "a"]), "'a' is given twice"),
        (changed(GRAPH, "outputs.1", "cells"), "holds 'name', found str"),
    ],
)
def test_damaged_and_foreign_files(content: Any, message: str, tmp_path: Path) -> None:
    refused(tmp_path, content, message)


@pytest.mark.parametrize(
    ("content", "network", "message"),
    [
        (SEQUENTIAL, passing(x=(3,)), "2 variables, the model's input 'x' takes 3"),
        (SEQUENTIAL, passing(x=(2,), y=(2,)), "for a model of one input, this one has 2"),
        (SEQUENTIAL | {"class_labels": ["u"]}, passing(x=(2,)), "1 labels, the output has 2"),
        (GRAPH, passing(x=(2,), y=(1,)), "input 'tracks', which the model does not have"),
        (GRAPH, passing(x=(2,), y=(1,), z=(1,)), "fewer vectors .* 'z' is left over"),
        (GRAPH, passing(x=(3, 2), y=(3, 2)), "fewer sequences .* 'y' is left over"),
        (GRAPH, passing(x=(2,), y=(1,), z=(3, 2)), "lists 2 outputs, the model has 3"),
    ],
)
def test_files_of_another_model(
    content: dict[str, Any], network: Network, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputFileError, match=message) as caught:
        apply_variables(network, read(tmp_path, content))
    assert "variables.json" in str(caught.value)


@pytest.mark.parametrize(("offset", "scale"), [(0.0, 1e39), (1e30, 1e30), (-1e300, 1e300)])
def test_what_float32_cannot_hold(offset: float, scale: float, tmp_path: Path) -> None:
    content = {**SEQUENTIAL, "inputs": [variable("a"), variable("b", offset, scale)]}
    with pytest.raises(InputFileError, match=r"variable 'b' has offset .* float32 cannot hold"):
        apply_variables(passing(x=(2,)), read(tmp_path, content))


def test_images_have_no_variables(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="neither a vector nor a sequence"):
        apply_variables(passing(x=(2, 3, 1)), read(tmp_path, SEQUENTIAL))
