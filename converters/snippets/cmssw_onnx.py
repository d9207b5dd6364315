"""CMSSW with ONNX Runtime: an EDM plugin on PhysicsTools/ONNXRuntime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cmssw_facts import PLUGIN, cmssw_names
from caloexport.converters.cpp.facts import Facts
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return package and wrapper."""
    return cmssw_names(facts, "ONNXRuntime")


snippets.register("cmssw-onnx")(
    Snippet(
        summary="CMSSW plugin on PhysicsTools/ONNXRuntime: a global cache, a sampler per stream",
        targets=("onnx",),
        contract="cmssw-onnx",
        page="docs/cpp/cmssw.md",
        shared=(*PLUGIN, "shared/onnx_manifest_hash.h"),
        variables=variables,
    )
)
