"""Activations in ONNX: one file each.

A translation adds operators of opset 13 that read the tensor ``x`` and make ``output``. Its
``constants`` are those of the activation, defaults filled in; trained parameters are weights of
the node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node
from caloexport.runtime.registry import Registry

Translation = Callable[[OnnxGraph, Node, Mapping[str, Any], str, str], None]

onnx_activations: Registry[Translation] = Registry(
    "activation of ONNX", "caloexport.converters.onnx.activations", "caloexport.onnx_activations"
)
