"""The generated decoder as a network of FastCaloSim, beside its handlers for LWTNN and ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.fastcalosim_slice import SHARED, layers_out_of_order, slice_of
from caloexport.converters.cpp.geant4_facts import weights_name
from caloexport.converters.snippets import Snippet, snippets
from caloexport.runtime.errors import UsageError


def variables(facts: Facts, artifact: Path) -> Mapping[str, Any]:
    """Return the slice that the file's name and its label tell, and its weights.

    Raises:
        UsageError: FastCaloSim would find no file.
    """
    found, weights = slice_of(facts, artifact), weights_name(artifact)
    if weights != f"{found.name}.safetensors":
        message = f"FastCaloSim looks for {found.name}.safetensors, the weights are "
        message += f"in {weights}" if weights else "inside the header"
        hint = "convert it without --embed and --weights"
        raise UsageError(message, where=str(artifact), hint=hint)
    return {"slice": found, "file": weights}


snippets.register("fastcalosim-decoder")(
    Snippet(
        summary="FastCaloSim GANV2 with the generated decoder: a VNetworkBase without a library",
        targets=("cpp",),
        contract="fastcalosim-v2",
        page="docs/cpp/fastcalosim.md",
        shared=(*SHARED, "shared/open_once.h"),
        variables=variables,
        refuse=layers_out_of_order,
    )
)
