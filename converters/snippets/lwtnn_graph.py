"""lwtnn's map interface, for programs that hold a LightweightGraph themselves."""

from __future__ import annotations

from caloexport.converters.snippets import Snippet, snippets

snippets.register("lwtnn-graph")(
    Snippet(
        summary="lwtnn 2.8 or later, map interface: LightweightGraph in double",
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
