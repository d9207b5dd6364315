"""A fast-simulation model for any Geant4 application, with the generated decoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import (
    gun_gev,
    par04_mesh,
    refusal_of_conditions,
    refusal_of_mesh,
    weights_name,
)
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return mesh, gun and the file to open."""
    return {
        "mesh": par04_mesh(facts),
        "gun_gev": gun_gev(facts),
        "model_file": weights_name(artifact),
    }


def refuse(facts: Facts) -> str | None:
    """Say why a track cannot be replaced by a shower of a generator."""
    return refusal_of_conditions(facts) or refusal_of_mesh(facts)


snippets.register("geant4-fast-simulation")(
    Snippet(
        summary="Geant4: a G4VFastSimulationModel with the generated decoder, and an application",
        targets=("cpp",),
        page="docs/cpp/geant4-fast-simulation.md",
        shared=(
            "shared/check_decoder.cc",
            "shared/geant4/model_file.h.jinja",
            "shared/geant4/shower_model.h.jinja",
            "shared/geant4/track_conditions.h.jinja",
            "shared/open_once.h",
        ),
        variables=variables,
        refuse=refuse,
    )
)
