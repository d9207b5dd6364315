"""How ONNX files store weights: one file for each precision."""

from __future__ import annotations

from caloexport.converters.onnx.graph import Storage
from caloexport.runtime.registry import Registry

onnx_storages: Registry[Storage] = Registry(
    "precision of ONNX", "caloexport.converters.onnx.storages", "caloexport.onnx_storages"
)
