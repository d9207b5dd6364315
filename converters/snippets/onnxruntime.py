"""ONNX Runtime's C++ interface, for programs that load the model themselves."""

from __future__ import annotations

from caloexport.converters.snippets import Snippet, snippets

#: what else uses ONNX Runtime directly may take the same files
SHARED = (
    "shared/demonstration.h",
    "shared/onnx_network.h",
    "shared/reference_report.h",
    "shared/shower_sampler.h",
)

snippets.register("onnxruntime")(
    Snippet(
        summary="ONNX Runtime 1.14 or later, C++: one model, a sampler for each thread",
        targets=("onnx",),
        page="docs/cpp/onnxruntime.md",
        shared=SHARED,
    )
)
