"""Plans of layers that are made of several operations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import Step
from caloexport.runtime.network import Node

if TYPE_CHECKING:
    from caloexport.runtime.kernels.planner import Planner


def plan_layer_normalization(planner: Planner, node: Node, source: int) -> None:
    """Plan a layer normalization."""
    row = planner.unary(node, source, codes.LAYER_NORMALIZE)
    row[codes.FIRST] = planner.weight(node, "gamma")
    row[codes.SECOND] = planner.weight(node, "beta")
    constants = float(node.attributes["epsilon"]), float(node.attributes.get("rms", False))
    planner.steps.append(Step(row, constants))


def plan_maxout(planner: Planner, node: Node, source: int) -> None:
    """Plan maxout: all pieces side by side, then the largest, piece by piece."""
    shape = planner.network.shapes[node.name]
    pieces, n_in, n_out = node.weights["kernel"].shape
    positions = math.prod(shape[:-1])
    place = planner.place((positions, pieces, n_out))
    kernel, bias = planner.weight(node, "kernel"), planner.weight(node, "bias")
    sizes = positions, n_in, pieces * n_out
    planner.steps.append(Step(_dense(source, place, sizes, kernel, bias)))
    parts = np.arange(positions * pieces * n_out).reshape(positions, pieces, n_out)
    largest, where = place, np.ascontiguousarray(parts[:, 0]).reshape(-1)
    for piece in range(1, pieces):
        maps = where, np.ascontiguousarray(parts[:, piece]).reshape(-1)
        largest = planner.combination(codes.MAXIMUM, largest, place, maps)
        where = np.arange(positions * n_out)
    planner.places[node.name] = largest


def plan_highway(planner: Planner, node: Node, source: int) -> None:
    """Plan highway: c·f(x·W_t + b_t) + (1 - c)·x."""
    shape = planner.network.shapes[node.name]
    units, positions = shape[-1], math.prod(shape[:-1])
    places = {}
    functions = {"transform": node.attributes["activation"], "carry": {"function": "sigmoid"}}
    for part, given in functions.items():
        places[part] = planner.place(shape)
        kernel, bias = planner.weight(node, f"{part}_kernel"), planner.weight(node, f"{part}_bias")
        row = _dense(source, places[part], (positions, units, units), kernel, bias)
        numbers, constants = planner.inner_function(given)
        planner.steps.append(Step({**row, **numbers}, constants))
    rest = planner.place(shape)
    one = np.ones(units, dtype=np.float32)
    row = {
        codes.OPERATION: codes.NORMALIZE,
        codes.SOURCE: places["carry"],
        codes.TARGET: rest,
        codes.POSITIONS: positions,
        codes.N_OUT: units,
        codes.FIRST: planner.address(-one),
        codes.SECOND: planner.address(one),
    }
    planner.steps.append(Step(row))
    each = np.arange(math.prod(shape)), np.arange(math.prod(shape))
    new = planner.combination(codes.MULTIPLY, places["carry"], places["transform"], each)
    old = planner.combination(codes.MULTIPLY, rest, source, each)
    planner.places[node.name] = planner.combination(codes.ADD, new, old, each)


def _dense(
    source: int, target: int, sizes: tuple[int, int, int], kernel: int, bias: int
) -> dict[int, int]:
    """Return the row of a dense layer of (positions, n_in, n_out)."""
    positions, n_in, n_out = sizes
    return {
        codes.OPERATION: codes.DENSE,
        codes.SOURCE: source,
        codes.TARGET: target,
        codes.POSITIONS: positions,
        codes.N_IN: n_in,
        codes.N_OUT: n_out,
        codes.FIRST: kernel,
        codes.SECOND: bias,
    }
