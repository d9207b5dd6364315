"""Logistic function, accurate in its tail.

ONNX Runtime's Sigmoid is a polynomial with an absolute error of 1.4e-7 (measured in 1.32): of a
64 GeV shower that is 9 keV in a cell, while the readout cut of Par04 is 0.5 keV. Its Exp is
accurate to the last digits everywhere, so 1/(1 + e^-x) is written out; the price is some 30 µs
for 40 500 cells. e^-x overflows to infinity where the result is 0, as it should.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("sigmoid")
def sigmoid(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write Reciprocal(Add(Exp(Neg(x)), 1))."""
    one = graph.weight(f"{node.name}/one", np.ones(1))
    negative = graph.operate("Neg", [x], graph.name(f"{node.name}/negative"))
    power = graph.operate("Exp", [negative], graph.name(f"{node.name}/power"))
    total = graph.operate("Add", [power, one], graph.name(f"{node.name}/total"))
    graph.operate("Reciprocal", [total], output)
