"""LWTNN: one JSON for Athena's FastCaloSim and Geant4's Par04, its proof in a file beside it.

The proof stays out of the JSON because the C++ keeps the whole text in memory while it reads,
about 350 bytes per number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.lwtnn.activation import HARD_SIGMOID_SLOPE
from caloexport.converters.lwtnn.architectures import for_kind
from caloexport.converters.lwtnn.decimals import shortened
from caloexport.converters.lwtnn.json_stream import TOKEN_LIMIT, read_json
from caloexport.converters.lwtnn.read import OUR_KEY
from caloexport.converters.lwtnn.vocabulary import minimum_version, refusals
from caloexport.converters.lwtnn.write import usual_interface, write_graph
from caloexport.converters.rewrites.celu_as_elu import celu_as_elu
from caloexport.converters.rewrites.combinations_as_sums import combinations_as_sums
from caloexport.converters.rewrites.equal_addends import equal_addends
from caloexport.converters.rewrites.fold_selections import fold_selections
from caloexport.converters.rewrites.gates_as_highway import gates_as_highway
from caloexport.converters.rewrites.hard_sigmoid_slope import hard_sigmoid_slope
from caloexport.converters.rewrites.leaky_rectifiers import leaky_rectifiers
from caloexport.converters.rewrites.linear_as_dense import (
    LINEAR,
    WEIGHT_LIMIT,
    linear_as_dense,
    obstacle,
)
from caloexport.converters.rewrites.plain_clips import plain_clips
from caloexport.converters.rewrites.plain_rectifiers import plain_rectifiers
from caloexport.converters.rewrites.prelu_as_maxout import prelu_as_maxout
from caloexport.converters.rewrites.recurrent_hard_sigmoid import recurrent_hard_sigmoid
from caloexport.converters.rewrites.scalar_swish import scalar_swish
from caloexport.converters.rewrites.selu_as_elu import selu_as_elu
from caloexport.converters.rewrites.shrinks_as_sums import shrinks_as_sums
from caloexport.converters.rewrites.simplify import simplify
from caloexport.converters.rewrites.split_softmax import split_softmax
from caloexport.converters.targets import Proof, Refusal, Target, targets
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import text
from caloexport.runtime.files import existing_file
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface
from caloexport.runtime.manifest import Manifest, manifest_from_text, weightless_network
from caloexport.runtime.network import Network, Shape
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.runtime.vectors import Vectors, vectors_from_arrays

#: what LWTNN lacks, said with what it has
EXACT = (
    combinations_as_sums,
    gates_as_highway,
    equal_addends,
    split_softmax,
    plain_rectifiers,
    plain_clips,
    selu_as_elu,
    celu_as_elu,
    scalar_swish,
    shrinks_as_sums,
    leaky_rectifiers,
    prelu_as_maxout,
)
SCHEMA = "caloexport.lwtnn/1"
PROOF_FORMAT = "caloexport.proof/1"
FIRST_KEYS = ("inputs", "input_sequences", "nodes", "layers", "outputs", "defaults")
HEAD = re.compile(rb'\s*\{\s*"(\w+)"\s*:')


class LwtnnTarget(Target):
    """Graph JSON and, beside it, NAME.manifest.safetensors."""

    suffix = ".json"
    engine = "lwtnn"
    summary = "LWTNN graph JSON for FastCaloSim and Par04, its proof beside it"
    tolerance = "text"

    def prepare(self, network: Network) -> Network:
        # nine digits of text hold more than float32: what is folded need not be rounded to it
        flat = linear_as_dense(fold_selections(network, WEIGHT_LIMIT))
        rewritten = simplify(flat, np.float64)
        for rewrite in EXACT:
            rewritten = rewrite(rewritten)
        rewritten = recurrent_hard_sigmoid(rewritten, HARD_SIGMOID_SLOPE)
        rewritten = simplify(hard_sigmoid_slope(rewritten, HARD_SIGMOID_SLOPE), np.float64)
        return shortened(rewritten, like=network)

    def refusals(self, network: Network) -> list[Refusal]:
        found, in_the_way = refusals(network), obstacle(network)
        if in_the_way is None:
            return found
        kind = network[in_the_way.layer].kind
        architecture = None if kind in LINEAR else for_kind(kind)
        # of a layer for sequences, what breaks the sequence says more than what reads it
        reads_sequences = architecture is not None and architecture.sequence
        return found if found and reads_sequences else [in_the_way, *found]

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        beside = path.with_name(f"{path.stem}.manifest.safetensors")
        about = {
            "schema": SCHEMA,
            "manifest_sha256": generator.manifest.hash,
            "manifest": beside.name,
            "lwtnn_minimum": minimum_version(generator.network),
        }
        told = generator.manifest.provenance
        about |= {key: told[key] for key in ("contract", "readers") if key in told}
        write_graph(path, generator.network, about, generator.manifest.interface)
        metadata = {"format": PROOF_FORMAT, "manifest": generator.manifest.dumps()}
        write_safetensors(beside, vectors.to_arrays(), metadata)

    def names(self, inputs: Mapping[str, Shape]) -> Interface:
        return usual_interface(inputs)

    def recognises(self, path: Path) -> bool:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            found = HEAD.match(stream.read(4096))
        return found is not None and found.group(1).decode() in (OUR_KEY, *FIRST_KEYS)

    def files(self, path: Path) -> tuple[Path, ...]:
        return path, path.with_name(text(_about(path), "manifest", str(path)))

    def proof(self, path: Path) -> Proof:
        about = _about(path)
        manifest, arrays, where = _companion(path, text(about, "manifest", str(path)))
        if manifest.hash != text(about, "manifest_sha256", str(path)):
            message = f"belongs to another export than {path.name}: their hashes differ"
            raise InputFileError(message, where=where, hint="keep the two files together")
        network = weightless_network(manifest.network, where)
        vectors = vectors_from_arrays(
            arrays, manifest.sampling, network.n_inputs, network.n_outputs, where
        )
        return Proof(manifest, vectors)


def _about(path: Path) -> dict[str, Any]:
    """Return what a file of ours says about itself, from its beginning when it stands there."""
    with existing_file(path, "LWTNN JSON").open("rb") as stream:
        head = stream.read(TOKEN_LIMIT)
    found = HEAD.match(head)
    about: Any = None
    if found is not None and found.group(1).decode() == OUR_KEY:
        try:
            rest = head[found.end() :].decode(errors="replace").lstrip()
            about, _ = json.JSONDecoder().raw_decode(rest)
        except (ValueError, RecursionError):
            about = None
    if about is None:  # written by someone else, or formatted anew
        data = read_json(path)
        about = data.get(OUR_KEY) if isinstance(data, dict) else None
    if not isinstance(about, dict) or about.get("schema") != SCHEMA:
        message = "carries no test vectors: caloexport did not write this LWTNN file"
        raise InputFileError(message, where=str(path), hint="compare it: verify --against MODEL")
    return about


def _companion(path: Path, name: str) -> tuple[Manifest, dict[str, Any], str]:
    """Read the file beside an artifact that holds its manifest and test vectors."""
    if Path(name).name != name:
        message = f"names its manifest '{name}', expected a file beside it"
        raise InputFileError(message, where=str(path))
    beside = path.with_name(name)
    if not beside.is_file():
        message = f"its manifest and test vectors are missing: {beside}"
        raise InputFileError(message, where=str(path), hint="keep the two files together")
    arrays, metadata = read_safetensors(beside)
    if metadata.get("format") != PROOF_FORMAT or "manifest" not in metadata:
        message = f"holds no manifest of an LWTNN file ('{PROOF_FORMAT}')"
        raise InputFileError(message, where=str(beside))
    return manifest_from_text(metadata["manifest"], str(beside)), arrays, str(beside)


targets.register("lwtnn")(LwtnnTarget())
