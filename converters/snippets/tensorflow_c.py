"""TensorFlow's C library on a SavedModel."""

from __future__ import annotations

from caloexport.converters.savedmodel.tensor_names import tensor_names
from caloexport.converters.snippets import Snippet, snippets

snippets.register("tensorflow-c")(
    Snippet(
        summary="TensorFlow's C library on a SavedModel: one model, a sampler for each thread",
        targets=("savedmodel",),
        page="docs/cpp/tensorflow.md",
        shared=(
            "shared/demonstration.h",
            "shared/reference_report.h",
            "shared/shower_sampler.h",
            "shared/tensor_names.h.jinja",
        ),
        variables=tensor_names,
    )
)
