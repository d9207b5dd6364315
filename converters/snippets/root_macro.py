"""A ROOT macro with the generated decoder: a tree of hits and a histogram."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import gun_gev, weights_name
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return an energy in the trained range, and the weights that are opened."""
    return {"energy_mev": float(gun_gev(facts)) * 1000, "file": weights_name(artifact)}


snippets.register("root-macro")(
    Snippet(
        summary="ROOT macro with the generated decoder: a tree of hits and a histogram",
        targets=("cpp",),
        page="docs/cpp/root.md",
        variables=variables,
    )
)
