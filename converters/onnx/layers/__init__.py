"""Layer kinds in ONNX: one file each.

A translation adds operators of opset 13 that read ``inputs`` and make the tensor ``output``.
Inner tensors and weights are named ``OUTPUT/…`` after it.
"""

from __future__ import annotations

from collections.abc import Callable

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node
from caloexport.runtime.registry import Registry

Translation = Callable[[OnnxGraph, Node, list[str], str], None]

onnx_layers: Registry[Translation] = Registry(
    "layer kind of ONNX", "caloexport.converters.onnx.layers", "caloexport.onnx_layers"
)
