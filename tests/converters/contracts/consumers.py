"""What the C++ of each consumer does with a file, step by step, in Python."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator

#: node or tensor -> variable -> value, as ATLAS' NetworkInputs
Inputs = Mapping[str, Mapping[str, float]]


def converted(generator: Generator, contract: str, target: str, path: Path, **options: Any) -> Path:
    """Write a generator for a contract, verified."""
    fitted = apply_contract(generator, contract, target, **options)
    return export(fitted, target, path).path


def session(path: Path) -> Any:
    """Open a session as the consumers do: one thread, all optimisations off."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(os.fspath(path), options)


def par04_onnx(path: Path, vector: Array, n_cells: int) -> Float32:
    """Par04OnnxInference: one tensor of shape (1, length) under the name of the last input."""
    model = session(path)
    name = model.get_inputs()[-1].name
    outputs = model.run(None, {name: np.asarray(vector, dtype=np.float32)[None]})
    return np.ravel(outputs[0])[:n_cells]


def by_position(path: Path, *inputs: Array) -> Float32:
    """DDML and Gaussino: inputs in the order of the graph, one shower, the first output flat."""
    model = session(path)
    feeds = {}
    for port, values in zip(model.get_inputs(), inputs, strict=True):
        shape = [1 if not isinstance(size, int) or size < 0 else size for size in port.shape]
        assert port.type == "tensor(float)"
        feeds[port.name] = np.asarray(values, dtype=np.float32).reshape(shape)
    return np.ravel(model.run(None, feeds)[0])


def lwtnn(path: Path, inputs: Inputs) -> dict[str, float]:
    """LightweightGraph::compute: look every declared node and variable up, ignore the others."""
    data = json.loads(path.read_text())
    assert data["input_sequences"] == []
    (output,) = data["outputs"].values()  # the consumers name no output, so there must be one
    vector = []
    for node in data["inputs"]:
        values = inputs[node["name"]]  # a KeyError here is an NNEvaluationException there
        vector += [values[variable["name"]] for variable in node["variables"]]
    (result,) = evaluate_graph(read_lwtnn(path), np.array([vector]))
    assert len(result) == len(output["labels"])
    return dict(zip(output["labels"], result.tolist(), strict=True))


def without_prefix(outputs: Mapping[str, float]) -> dict[str, float]:
    """VNetworkBase::removePrefixes: cut the longest common beginning off all names."""
    first, last = min(outputs), max(outputs)  # what these share, all share
    cut = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return {name[cut:]: value for name, value in outputs.items()}


def is_sequential(path: Path) -> bool:
    """TFCSNetworkFactory: the sequential reader takes what has an offset at each input."""
    data = json.loads(path.read_text())
    return all("offset" in node and "scale" in node for node in data["inputs"])


def fastcalosim_lwtnn(path: Path, inputs: Inputs) -> dict[str, float]:
    """TFCSGANLWTNNHandler: rename the inputs of GANV2, compute, cut the prefix."""
    assert not is_sequential(path)
    renamed = {"node_0": inputs["Noise"], "node_1": inputs["mycond"]}
    return without_prefix(lwtnn(path, renamed))


def fastcalosim_onnx(path: Path, inputs: Inputs) -> dict[str, float]:
    """TFCSONNXHandler: tensors by name, elements by the number in the name of the variable."""
    model = session(path)
    feeds = {}
    for port in model.get_inputs():
        shape = [size if isinstance(size, int) and size >= 1 else 1 for size in port.shape]
        assert port.type == "tensor(float)"
        values = np.zeros(np.prod(shape), dtype=np.float32)
        for name, value in inputs[port.name].items():
            first_digit = next(k for k, letter in enumerate(name) if letter.isdigit())
            values[int(name[first_digit:])] = value  # an IndexError here is heap corruption there
        feeds[port.name] = values.reshape(shape)
    (port,) = model.get_outputs()
    assert port.type == "tensor(float)"
    (result,) = model.run(None, feeds)
    flat = result.ravel().tolist()
    return without_prefix({f"{port.name}_{k}": value for k, value in enumerate(flat)})


def numbered(values: Array, pattern: str = "variable_{}") -> dict[str, float]:
    """Name the values of an input."""
    return {pattern.format(k): float(value) for k, value in enumerate(np.ravel(values))}
