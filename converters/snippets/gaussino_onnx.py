"""Gaussino's CaloChallenge example: a tool that fills showers through the ONNX model server."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.geant4_facts import par04_mesh, refusal_of_conditions
from caloexport.converters.snippets import Snippet, snippets
from caloexport.runtime.mesh import CylinderMesh


def variables(facts: Facts, artifact: Path) -> dict[str, Any]:
    """Return the mesh, with the example's cell sizes where it does not tell its own."""
    return {"mesh": par04_mesh(facts)}


def refuse(facts: Facts) -> str | None:
    """Say why the example cannot use a generator."""
    mesh = facts.sampling.mesh
    if not isinstance(mesh, CylinderMesh):
        return "the CaloChallenge example has cells on a cylinder, this mesh has layers of its own"
    if not math.isclose(mesh.phi_origin_rad, -math.pi):
        return f"Gaussino counts azimuth from -π, the mesh from {mesh.phi_origin_rad:g}"
    interface = facts.manifest.interface
    if interface is not None and interface.dtype != "float32":
        return f"the tool passes float32, the model takes {interface.dtype}: --choose dtype=float32"
    return refusal_of_conditions(facts)


snippets.register("gaussino-onnx")(
    Snippet(
        summary="Gaussino, CaloChallenge example: a model tool on ModelServerSvc, job options",
        targets=("onnx",),
        contract="gaussino-onnx",
        page="docs/cpp/gaussino.md",
        shared=("shared/geant4/track_conditions.h.jinja", "shared/onnx_manifest_hash.h"),
        variables=variables,
        refuse=refuse,
    )
)
