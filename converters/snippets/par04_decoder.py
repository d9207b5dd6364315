"""Geant4 example Par04 with the generated decoder: all conditions, no library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import (
    gun_gev,
    par04_mesh,
    refusal_of_azimuth,
    refusal_of_conditions,
    refusal_of_mesh,
    weights_name,
)
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return mesh, gun and what Par04 calls the decoder."""
    return {
        "mesh": par04_mesh(facts),
        "gun_gev": gun_gev(facts),
        "model_file": weights_name(artifact),
        "library": "DECODER",
        "inference": "Par04DecoderInference",
        "fragment_file": "par04.cmake",
    }


def refuse(facts: Facts) -> str | None:
    """Say why Par04 cannot use a generator."""
    return refusal_of_conditions(facts) or refusal_of_mesh(facts) or refusal_of_azimuth(facts)


snippets.register("par04-decoder")(
    Snippet(
        summary="Geant4 Par04 with the generated decoder: all conditions, no library",
        targets=("cpp",),
        page="docs/cpp/geant4-par04.md",
        shared=(
            "shared/check_decoder.cc",
            "shared/geant4/model_file.h.jinja",
            "shared/geant4/track_conditions.h.jinja",
            "shared/open_once.h",
            "shared/par04/README.md.jinja",
            "shared/par04/edit_par04.cmake.jinja",
            "shared/par04/par04.cmake.jinja",
            "shared/par04/par04.mac.jinja",
            "shared/par04/trained_range.h",
        ),
        variables=variables,
        refuse=refuse,
    )
)
