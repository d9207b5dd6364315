"""DDML with the generated decoder as a model of its own: all conditions, no library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import (
    low_mev,
    par04_mesh,
    refusal_of_conditions,
    refusal_of_mesh,
    refusal_of_sizes,
    weights_name,
)
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return mesh, window and what the plugins are called."""
    return {
        "mesh": par04_mesh(facts),
        "low_mev": low_mev(facts),
        "model_file": weights_name(artifact),
        "barrel": "GeneratedBarrel",
        "endcap": "GeneratedEndcap",
    }


def refuse(facts: Facts) -> str | None:
    """Say why DDML cannot place the showers of a generator."""
    return refusal_of_conditions(facts) or refusal_of_mesh(facts) or refusal_of_sizes(facts)


snippets.register("ddml-decoder")(
    Snippet(
        summary="DDML (key4hep) with the generated decoder: all conditions, no library",
        targets=("cpp",),
        page="docs/cpp/ddml.md",
        shared=(
            "shared/check_decoder.cc",
            "shared/ddml/CMakeLists.txt.jinja",
            "shared/ddml/README.md.jinja",
            "shared/ddml/energy_window.h",
            "shared/ddml/steering.py.jinja",
            "shared/geant4/model_file.h.jinja",
            "shared/geant4/track_conditions.h.jinja",
            "shared/open_once.h",
        ),
        variables=variables,
        refuse=refuse,
    )
)
