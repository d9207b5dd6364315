"""Mish, accurate in its tail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("mish")
def mish(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write the reference: one exponential and a quotient that loses no digits.

    Tanh and Softplus of ONNX Runtime would give 0 below -17.
    """
    zero, one, two = (
        graph.weight(f"{node.name}/{word}", np.array(value))
        for word, value in (("zero", 0.0), ("one", 1.0), ("two", 2.0))
    )
    size = graph.operate("Abs", [x], graph.name(f"{node.name}/size"))
    exponent = graph.operate("Neg", [size], graph.name(f"{node.name}/exponent"))
    e = graph.operate("Exp", [exponent], graph.name(f"{node.name}/power"))
    negative = graph.operate("Less", [x, zero], graph.name(f"{node.name}/negative"))
    # below 0 the parts are e² + 2e and 2, elsewhere 1 + 2e and 2e²
    doubled = graph.operate("Mul", [e, two], graph.name(f"{node.name}/doubled"))
    square = graph.operate("Mul", [e, e], graph.name(f"{node.name}/square"))
    other = graph.operate("Mul", [doubled, e], graph.name(f"{node.name}/other"))
    added = graph.operate("Where", [negative, square, one], graph.name(f"{node.name}/added"))
    part = graph.operate("Add", [doubled, added], graph.name(f"{node.name}/part"))
    rest = graph.operate("Where", [negative, two, other], graph.name(f"{node.name}/rest"))
    total = graph.operate("Add", [part, rest], graph.name(f"{node.name}/total"))
    gate = graph.operate("Div", [part, total], graph.name(f"{node.name}/gate"))
    graph.operate("Mul", [x, gate], output)
