"""lwtnn's fast interface, for programs that hold a FastGraph themselves."""

from __future__ import annotations

from caloexport.converters.snippets import Snippet, snippets

snippets.register("lwtnn-fastgraph")(
    Snippet(
        summary="lwtnn 2.11 or later, fast interface: FastGraph in float",
        targets=("lwtnn",),
        page="docs/cpp/lwtnn.md",
        shared=(
            "shared/demonstration.h",
            "shared/lwtnn_file.h",
            "shared/lwtnn_showers.cc",
            "shared/reference_report.h",
            "shared/shower_sampler.h",
        ),
    )
)
