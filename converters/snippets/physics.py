"""The headers alone: conditions, encoding, noise, energies and cells, for any other framework."""

from __future__ import annotations

from caloexport.converters.snippets import Snippet, snippets

snippets.register("physics")(
    Snippet(
        summary="headers alone: conditions, encoding, noise, MeV and cells, for any framework",
        targets=("graphdef", "lwtnn", "numba", "onnx", "savedmodel"),
        page="docs/cpp/README.md",
    )
)
