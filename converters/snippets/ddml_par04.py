"""DDML's Par04 example model with an ONNX file: plugin, energy window, steering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.contracts.par04_vae import LATENTS
from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import low_mev, par04_mesh
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return mesh, window and what the plugins are called."""
    return {
        "mesh": par04_mesh(facts),
        "low_mev": low_mev(facts),
        "model_file": artifact.name,
        "barrel": "CheckedPar04Barrel",
        "endcap": "CheckedPar04Endcap",
    }


def refuse(facts: Facts) -> str | None:
    """Say why DDML cannot feed a generator: its LatentVectorSize does not reach the tensor."""
    if facts.n_latents == LATENTS:
        return None
    return f"DDML's Par04ExampleVAE always feeds {LATENTS} latents, not {facts.n_latents}"


snippets.register("ddml-par04")(
    Snippet(
        summary="DDML (key4hep), Par04 example model: safe ONNX plugin, window, ddsim steering",
        targets=("onnx",),
        contract="ddml-par04",
        page="docs/cpp/ddml.md",
        shared=(
            "shared/ddml/CMakeLists.txt.jinja",
            "shared/ddml/README.md.jinja",
            "shared/ddml/energy_window.h",
            "shared/ddml/steering.py.jinja",
            "shared/geant4/track_conditions.h.jinja",
            "shared/onnx_network.h",
            "shared/open_once.h",
        ),
        variables=variables,
        refuse=refuse,
    )
)
