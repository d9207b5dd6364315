"""LWTNN JSON, graph or sequential: an experiment's file, or one that we wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.lwtnn.graph import Graph
from caloexport.converters.lwtnn.network import interface_of, network_of
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.converters.targets import targets
from caloexport.converters.verify import judge
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.files import sha256_of
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate


class LwtnnReader(Reader):
    """Names, offsets and scales of the file; physics where we wrote it."""

    uses = ("steps", "output")
    summary = "an LWTNN .json"

    def recognises(self, path: Path, start: bytes) -> bool:
        return targets["lwtnn"].recognises(path)

    def read(self, path: Path, choices: Choices) -> Generator:
        graph = read_lwtnn(path, choices.output, choices.steps)
        with blame_file(str(path)):
            network, interface = network_of(graph), interface_of(graph)
            network.require_finite(str(path))  # before they are rounded for the hash
        provenance: dict[str, Any] = {"source": path.name, "source_sha256": sha256_of(path)}
        bare = Generator.from_network(
            network, name=path.name.split(".")[0], provenance=provenance, interface=interface
        )
        return _with_physics(bare, path) if _is_ours(graph, path) else bare


def _is_ours(graph: Graph, path: Path) -> bool:
    """Say whether the file that holds manifest and test vectors lies beside it."""
    about = graph.about
    named = about.get("manifest") if isinstance(about, dict) else None
    return isinstance(named, str) and Path(named).name == named and path.with_name(named).is_file()


def _with_physics(bare: Generator, path: Path) -> Generator:
    """Return the generator that was exported, if the network still gives what it gave then."""
    target = targets["lwtnn"]
    proof = target.proof(path)
    rows = [evaluate(bare.network, bare.split(row[None])) for row in proof.vectors.inputs]
    outputs = np.concatenate([row.reshape(1, -1) for row in rows])
    if not judge(outputs, proof, target.tolerance, "numpy").equal:
        message = "its weights were changed after the export"
        raise InputFileError(message, where=str(path), hint="convert the model again")
    manifest = proof.manifest
    with blame_file(str(path)):
        return Generator.from_network(
            bare.network,
            manifest.sampling,
            name=manifest.name,
            provenance=dict(manifest.provenance),
            interface=manifest.interface,
        )


readers.register("lwtnn")(LwtnnReader())
