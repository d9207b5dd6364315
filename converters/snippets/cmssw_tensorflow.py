"""CMSSW with TensorFlow: an EDM plugin on PhysicsTools/TensorFlow and a SavedModel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cmssw_facts import PLUGIN, cmssw_names
from caloexport.converters.cpp.facts import Facts, manifest_inputs
from caloexport.converters.savedmodel.tensor_names import tensor_names
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return package, wrapper and the graph's names for the tensors."""
    return {**cmssw_names(facts, "TensorFlow"), **tensor_names(facts, artifact)}


def refuse(facts: Facts) -> str | None:
    """Refuse inputs of several axes: each tensor of the plugin is one row of numbers."""
    for name, shape in manifest_inputs(facts.manifest).items():
        if len(shape) != 1:
            return f"input '{name}' has the axes {shape}, the plugin feeds rows of numbers"
    return None


snippets.register("cmssw-tensorflow")(
    Snippet(
        summary="CMSSW plugin on PhysicsTools/TensorFlow: a global session, a sampler per stream",
        targets=("savedmodel",),
        page="docs/cpp/cmssw.md",
        shared=(*PLUGIN, "shared/tensor_names.h.jinja"),
        variables=variables,
        refuse=refuse,
    )
)
