"""What the C++ refuses of sequences, and what it silently computes wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.runtime.errors import InputFileError, UsageError
from tests.converters.lwtnn.graphs import written

Change = Callable[[dict[str, Any]], Any]
STEPS = 4


def gate() -> dict[str, Any]:
    return {"weights": [1.0] * 4, "bias": [0.5, 0.5], "U": [1.0, 0, 0, 1.0]}


def graph() -> dict[str, Any]:
    """Return a sequence of two values, a layer of each kind for it, and a dense layer."""
    return {
        "inputs": [],
        "input_sequences": [
            {
                "name": "track",
                "variables": [{"name": name, "offset": 0, "scale": 1} for name in ("pt", "kind")],
            }
        ],
        "nodes": [
            {"type": "input_sequence", "sources": [0], "size": 2},
            {"type": "sequence", "sources": [0], "layer_index": 0},
            {"type": "sequence", "sources": [0], "layer_index": 1},
            {"type": "sequence", "sources": [0], "layer_index": 2},
            {"type": "time_distributed", "sources": [1], "layer_index": 3},
            {"type": "feed_forward", "sources": [1], "layer_index": 3},
        ],
        "layers": [
            {
                "architecture": "gru",
                "components": {"z": gate(), "r": gate(), "h": gate()},
                "activation": "tanh",
                "inner_activation": "sigmoid",
            },
            {
                "architecture": "conv1d",
                "weights": [1.0] * 12,
                "bias": [0.0, 0.0],
                "dilation_rate": 1,
                "padding": "valid",
                "activation": "linear",
            },
            {
                "architecture": "embedding",
                "sublayers": [{"weights": [1.0] * 6, "index": 1, "n_out": 2}],
            },
            {"architecture": "dense", "weights": [1, 2], "bias": [0], "activation": "linear"},
        ],
        "outputs": {"out": {"labels": ["y"], "node_index": 5}},
    }


def layer(k: int, **changes: Any) -> Change:
    return lambda data: data["layers"][k].update(changes)


def node(k: int, **changes: Any) -> Change:
    return lambda data: data["nodes"][k].update(changes)


def component(name: str, **changes: Any) -> Change:
    return lambda data: data["layers"][0]["components"][name].update(changes)


def lookup(**changes: Any) -> Change:
    return lambda data: data["layers"][2]["sublayers"][0].update(changes)


def without(k: int, key: str) -> Change:
    return lambda data: data["layers"][k].pop(key)


DEFECTS: dict[str, tuple[Change, str]] = {
    "input out of range": (node(0, sources=[1]), "no input number 1, the file has 1"),
    "size": (node(0, size=3), "found vector of length 2, expected 3"),
    "vector as sequence": (node(4, sources=[5]), r"reads node 5 \(feed_forward\), which gives no"),
    "sum of a vector": (
        lambda data: data["nodes"].append({"type": "sum", "sources": [5]}),
        "gives no sequence",
    ),
    "steps as vector": (node(5, sources=[4]), r"reads node 4 \(time_distributed\).* a vector"),
    "input as vector": (node(5, sources=[0]), r"reads node 0 \(input_sequence\).* a vector"),
    "steps joined": (
        lambda data: data["nodes"].append({"type": "concatenate", "sources": [1, 4]}),
        "expected a vector",
    ),
    "sum of two": (
        lambda data: data["nodes"].append({"type": "sum", "sources": [1, 2]}),
        "need one source, found 2",
    ),
    "dense in a sequence node": (node(1, layer_index=3), "non-recurrent layer .'dense'"),
    "gru in a step": (node(4, layer_index=0), "layer that reads sequences .'gru'"),
    "no component": (lambda data: data["layers"][0]["components"].pop("r"), r"no such node \(r\)"),
    "unknown component": (
        lambda data: data["layers"][0]["components"].update(x=gate()),
        "unknown component 'x'",
    ),
    "no inner activation": (without(0, "inner_activation"), "'inner_activation' is missing"),
    "no activation": (without(0, "activation"), r"no such node \(activation\)"),
    "no U": (
        lambda data: data["layers"][0]["components"]["h"].pop("U"),
        "'h' has 2 .* 0 numbers U",
    ),
    "odd U": (component("z", U=[1.0] * 3), "Elements: 3, inputs: 2"),
    "wide U": (component("z", U=[1.0] * 6), "W: 2, U: 3"),
    "gates of two sizes": (
        component("h", weights=[1.0] * 6, bias=[0.0] * 3),
        "'h' has 3 outputs .* expected 2",
    ),
    "gate bias": (component("r", bias=[1.0]), "W: 2, b: 1"),
    "conv1d without padding": (without(1, "padding"), r"\(padding\)"),
    "conv1d without dilation": (without(1, "dilation_rate"), r"\(dilation_rate\)"),
    "conv1d without activation": (without(1, "activation"), "'activation'"),
    "padding": (layer(1, padding="full"), "padding full not recognized"),
    "dilation": (layer(1, dilation_rate=0), "dilation_rate is 0"),
    "conv1d bias": (layer(1, bias=[]), "wrong info for conv1d"),
    "conv1d weights": (layer(1, weights=[1.0] * 11), "11 weights and 2 biases for 2 inputs"),
    "embedding index": (lookup(index=2), "var_row_index 2 is outside"),
    "negative index": (lookup(index=-1), "var_row_index -1 is outside"),
    "embedding size": (lookup(n_out=4), "6 weights for n_out 4"),
    "embedding of nothing": (lookup(n_out=0), "n_out 0"),
    "labels of a sequence": (
        lambda data: data["outputs"]["out"].update(node_index=1),
        "1 labels for an output of 2",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_malformed_sequences_are_refused(name: str, tmp_path: Path) -> None:
    change, message = DEFECTS[name]
    data = graph()
    change(data)
    with pytest.raises(InputFileError, match=message):
        read_lwtnn(written(tmp_path, data), steps=STEPS)


def test_the_graph_that_is_changed_above_is_valid(tmp_path: Path) -> None:
    found = read_lwtnn(written(tmp_path, graph()), steps=STEPS)
    assert (found.n_in, found.n_out) == (2 * STEPS, 1)


def test_a_convolution_needs_its_steps(tmp_path: Path) -> None:
    data = graph()
    data["nodes"][5].update(sources=[2])
    assert read_lwtnn(written(tmp_path, data), steps=3).steps[2] == 1
    with pytest.raises(InputFileError, match="sequence of 2 steps too short"):
        read_lwtnn(written(tmp_path, data), steps=2)


def test_sequences_that_no_memory_holds_are_refused(tmp_path: Path) -> None:
    data = graph()
    data["nodes"][5].update(sources=[2])
    layer(1, padding="same", dilation_rate=2**30)(data)
    with pytest.raises(InputFileError, match=r"sequence of 4 steps with \d+ zeros around it"):
        read_lwtnn(written(tmp_path, data), steps=STEPS)
    data = {**graph(), "caloexport": {"steps": [2**30]}}
    with pytest.raises(InputFileError, match=r"one evaluation takes .* values"):
        read_lwtnn(written(tmp_path, data))


def test_the_mix_up_of_embeddings_is_refused_where_it_matters(tmp_path: Path) -> None:
    data = graph()
    data["nodes"][5].update(sources=[3], layer_index=4)
    data["layers"].append({**data["layers"][3], "weights": [1, 2, 3]})
    lookup(index=0)(data)
    with pytest.raises(InputFileError, match=r"number 0 of 2: the C.. copies the wrong values"):
        read_lwtnn(written(tmp_path, data), steps=STEPS)
    assert read_lwtnn(written(tmp_path, data), steps=2).n_out == 1


def test_the_number_of_steps_must_be_said(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"leaves open how many steps .*--steps N"):
        read_lwtnn(written(tmp_path, graph()))


@pytest.mark.parametrize("steps", [[0], [1.5], [True], [4, 4], "4", None])
def test_nonsense_about_steps_counts_as_nothing(steps: Any, tmp_path: Path) -> None:
    data = {**graph(), "caloexport": {"steps": steps}}
    with pytest.raises(InputFileError, match="--steps N"):
        read_lwtnn(written(tmp_path, data))


def test_a_node_of_single_steps_is_given_whole(tmp_path: Path) -> None:
    """Compute would throw there, and the caller scans."""
    data = graph()
    data["outputs"]["out"]["node_index"] = 4
    whole = read_lwtnn(written(tmp_path, data), steps=STEPS)
    x = np.arange(8.0)[None] / 10
    last = read_lwtnn(written(tmp_path, graph()), steps=STEPS)
    assert evaluate_graph(whole, x).shape == (1, STEPS)
    np.testing.assert_allclose(evaluate_graph(whole, x)[:, -1:], evaluate_graph(last, x))


@pytest.mark.parametrize("category", [-1.0, 0.5, 3.0, np.nan])
def test_what_is_no_category_is_refused(category: float, tmp_path: Path) -> None:
    data = graph()
    data["nodes"].append({"type": "sum", "sources": [3]})
    data["outputs"]["out"] = {"labels": ["a", "b", "c"], "node_index": 6}
    found = read_lwtnn(written(tmp_path, data), steps=1)
    assert evaluate_graph(found, np.array([[7.0, 2.0]])).tolist() == [[7.0, 1.0, 1.0]]
    with pytest.raises(UsageError, match="invalid embedded index"):
        evaluate_graph(found, np.array([[7.0, category]]))


def test_recurrent_layers_behind_others_are_refused(tmp_path: Path) -> None:
    """LightweightRNN would evaluate them first."""
    layers = graph()["layers"]
    data = {
        "inputs": graph()["input_sequences"][0]["variables"],
        "layers": [layers[3], layers[0]],
        "outputs": ["y"],
    }
    with pytest.raises(InputFileError, match=r"layers\[1\].*evaluate it first"):
        read_lwtnn(written(tmp_path, data), steps=STEPS)
