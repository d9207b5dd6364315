"""ONNX: networks written as plain operators, and the proof read back without any library."""

from __future__ import annotations
