"""Geant4 example Par04, VAE inference.

Source: Geant4/geant4, examples/extended/parameterisations/Par04/src/Par04InferenceSetup.cc,
Par04LwtnnInference.cc and Par04OnnxInference.cc, releases 11.0 to 11.4: identical contract.
The C++ feeds one tensor of shape (1, 14) under the name of the last graph input, so that the four
inputs which the training code of the example exports cannot be loaded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from caloexport.converters.contracts import (
    Cells,
    Constant,
    Contract,
    Feed,
    Form,
    Latents,
    contracts,
)
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.network import Network

LATENTS = 10
MESH = CylinderMesh(18, 50, 45, 2.325, 3.4)
SLOTS = (
    Latents("normal", 0.0, 1.0, LATENTS),
    Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0}),
    Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2}),
    Constant(0.0, "geometry"),
    Constant(1.0, "geometry"),
)
#: as in the public training sets, Zenodo 6082201
TRAINED = (
    Condition("energy_mev", 1_000.0, 1_024_000.0),
    Condition("theta_rad", 50 * math.pi / 180, math.pi / 2),
)
ONNX_NOTES = (
    "Par04's ONNX reader fails with ONNX Runtime 1.23 or later for a reason of its own",
    "Par04 runs ONNX unoptimised unless /Par04/inference/setOptimizationFlag 1 is given",
)
CELLS = Cells(
    kind="fraction_of_incident",
    threshold_mev=0.0005,
    mesh=MESH,
    family="cylinder",
    order=("r", "phi", "z"),
    phi_origin_rad=-math.pi,
    settable=True,
)


def commands(network: Network, sampling: Sampling | None, choices: Mapping[str, str]) -> str | None:
    """Return the macro commands for sizes other than the example's own."""
    if sampling is None or not isinstance(sampling.mesh, CylinderMesh):
        return None
    mesh, noise = sampling.mesh, sampling.noise
    wanted = {
        "setSizeLatentVector": (noise.size, LATENTS, ""),
        "setNbOfRhoCells": (mesh.n_r, MESH.n_r, ""),
        "setNbOfPhiCells": (mesh.n_phi, MESH.n_phi, ""),
        "setNbOfZCells": (mesh.n_z, MESH.n_z, ""),
        "setSizeOfRhoCells": (mesh.dr_mm or MESH.dr_mm, MESH.dr_mm, " mm"),
        "setSizeOfZCells": (mesh.dz_mm or MESH.dz_mm, MESH.dz_mm, " mm"),
    }
    lines = [
        f"/Par04/inference/{command} {value}{unit}"
        for command, (value, default, unit) in wanted.items()
        if value != default
    ]
    return "before setInferenceLibrary set " + "; ".join(lines) if lines else None


contracts.register("par04-vae")(
    Contract(
        summary="Geant4 Par04 VAE: 10 latents, E/1024 GeV, θ/90°, 0, 1 in; 18x50x45 fractions out",
        versions="Geant4 11.0 to 11.4; LWTNN 2.8 or later; ONNX Runtime up to 1.22",
        forms={
            "lwtnn": Form((Feed("node_0", SLOTS),), CELLS),
            "onnx": Form((Feed("input", SLOTS),), CELLS, notes=ONNX_NOTES),
        },
        assumed=TRAINED,
        advice=(commands,),
        notes=(
            "the C++ always sets the geometry slots to 0, 1 (SiW); fix another geometry with --fix",
            "--choose geometry=1,0 fixes the geometry of a file that does not name its geometries",
            "its energy window test is always true: the trained range is not checked by the C++",
        ),
    )
)
