"""Geant4 example Par04 with the example's own input vector: macro, checks, an ONNX class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import gun_gev, par04_mesh
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return mesh, gun and what Par04 calls its library."""
    own = facts.target == "onnx"
    return {
        "mesh": par04_mesh(facts),
        "gun_gev": gun_gev(facts),
        "model_file": artifact.name,
        "library": "ONNX_CHECKED" if own else "",
        "inference": "Par04CheckedOnnxInference" if own else "Par04LwtnnInference",
        "fragment_file": "par04.cmake",
    }


snippets.register("par04-vae")(
    Snippet(
        summary="Geant4 Par04, VAE contract: macro, energy window, reference showers, safe ONNX",
        targets=("lwtnn", "onnx"),
        contract="par04-vae",
        page="docs/cpp/geant4-par04.md",
        shared=(
            "shared/geant4/track_conditions.h.jinja",
            "shared/par04/README.md.jinja",
            "shared/par04/edit_par04.cmake.jinja",
            "shared/par04/par04.cmake.jinja",
            "shared/par04/par04.mac.jinja",
            "shared/par04/trained_range.h",
        ),
        shared_of={"onnx": ("shared/onnx_network.h", "shared/open_once.h")},
        variables=variables,
    )
)
