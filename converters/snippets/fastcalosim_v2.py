"""FastCaloSim's GANV2 in Athena and standalone: the folder that it reads, and a check of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.fastcalosim_slice import SHARED, layers_out_of_order, slice_of
from caloexport.converters.snippets import Snippet, snippets


def variables(facts: Facts, artifact: Path) -> Mapping[str, Any]:
    """Return the slice that the file's name and its label tell."""
    return {"slice": slice_of(facts, artifact), "file": artifact.name}


snippets.register("fastcalosim-v2")(
    Snippet(
        summary="FastCaloSim GANV2, Athena and standalone: binning.xml, and what its C++ computes",
        targets=("lwtnn", "onnx"),
        contract="fastcalosim-v2",
        page="docs/cpp/fastcalosim.md",
        shared=SHARED,
        shared_of={"lwtnn": ("shared/lwtnn_file.h",), "onnx": ("shared/onnx_network.h",)},
        variables=variables,
        refuse=layers_out_of_order,
    )
)
