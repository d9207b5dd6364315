"""C++: one header without dependencies, its weights beside it or inside."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from caloexport.converters.cpp.beside import beside, weights_of
from caloexport.converters.cpp.decoder import write_decoder
from caloexport.converters.cpp.mark import is_marked, read_mark
from caloexport.converters.cpp.proof import prove_sampling
from caloexport.converters.readers import Choices, readers
from caloexport.converters.targets import Options, Outcome, Proof, Refusal, targets
from caloexport.converters.targets.numba import NumbaTarget
from caloexport.runtime.artifact import save
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels.plan import not_compiled, too_long
from caloexport.runtime.manifest import Manifest, network_to_json
from caloexport.runtime.network import Network
from caloexport.runtime.readout import Readout
from caloexport.runtime.safetensors_file import read_safetensors
from caloexport.runtime.vectors import Vectors


@dataclass(frozen=True)
class CppTarget(NumbaTarget):
    """A header, and the file of the target ``numba`` that it reads or holds.

    Attributes:
        embed: whether the weights are written into the header.
        weights: the weights file; None puts it beside the header, under the header's name.
        recorded: its path as seen from the header.
        place: where the weights file will be.
        header: where the header will stand; one that is there may lose its weights to the new one.
        readout: over whose cells the header shares showers, if any.
        read: the artifact that the generator came from: the weights file, where it is the same.
    """

    embed: bool = False
    weights: Path | None = None
    recorded: str | None = None
    place: Path | None = None
    header: Path | None = None
    read: Path | None = None
    readout: Readout | None = None

    suffix = ".h"
    engine = "cpp"
    summary = "one C++17 header without dependencies, weights beside it or inside"
    precisions = ("float32", "bfloat16", "int8", "int8-a8")
    left_out = MappingProxyType(
        {
            "bfloat16-a16": "its products need AVX-512 BF16, and no other instructions give their bits"
        }
    )

    def with_options(self, options: Options) -> CppTarget:
        if options.embed and options.weights is not None:
            message = "--embed writes the weights into the header, --weights into a file"
            raise UsageError(message, hint="leave one of them out")
        if options.embed or options.path is None:
            return replace(self, embed=options.embed, readout=options.readout)
        place = options.weights or options.path.with_name(f"{options.path.stem}.safetensors")
        if place.resolve() == options.path.resolve():
            message = "cannot be header and weights at once"
            raise UsageError(message, where=str(place), hint="name another file with --weights")
        if place.exists() and not (place.is_file() and super().recognises(place)):
            message = "would be replaced by the weights of the header, and holds something else"
            raise UsageError(message, where=str(place), hint="name another file with --weights")
        recorded = os.path.relpath(place, options.path.parent)
        read = None if options.model is None else _artifact_in(options.model)
        return replace(
            self,
            weights=options.weights,
            recorded=recorded,
            place=place,
            header=options.path,
            read=read,
            readout=options.readout,
        )

    def rounded(self, generator: Generator, precision: str) -> Network:
        network = super().rounded(generator, precision)
        for node in network_to_json(network)["nodes"]:
            what = too_long(node, precision)
            if what is not None:
                raise UnsupportedError(f"C++ has no {what}", where=f"layer '{node['name']}'")
        return network

    def refusals(self, network: Network) -> list[Refusal]:
        reasons = ((node.name, not_compiled(node.kind, node.attributes)) for node in network.nodes)
        return [Refusal(name, f"C++ has no {what}") for name, what in reasons if what is not None]

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        name = f"{path.stem}.safetensors" if self.weights is None else self.weights.name
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
            weights = (Path(folder) if self.embed else path.parent) / name
            self._require_own_weights(generator.manifest)
            if self.read is not None and _hash_of(self.read) == generator.manifest.hash:
                shutil.copyfile(self.read, weights)  # Python and C++ then share one file
            else:
                save(weights, generator, vectors)
            recorded = None if self.embed else self.recorded or name
            write_decoder(path, generator, vectors, weights, recorded, self.readout)

    def _require_own_weights(self, manifest: Manifest) -> None:
        """Refuse to replace another artifact, unless it is the weights of the header that goes.

        Raises:
            UsageError: the weights of something else would be lost.
        """
        if self.place is None or self.header is None or not self.place.is_file():
            return
        found = _hash_of(self.place)
        replaced = is_marked(self.header) and read_mark(self.header).manifest_sha256 == found
        if found != manifest.hash and not replaced:
            message = "holds another generator, which would be replaced by the header's weights"
            hint = "name another file with --weights, or another header with -o"
            raise UsageError(message, where=str(self.place), hint=hint)

    def files(self, path: Path) -> tuple[Path, ...]:
        recorded = read_mark(path).weights
        return (path,) if recorded is None else (path, beside(path, recorded))

    def elsewhere(self) -> Mapping[str, Path]:
        return {} if self.weights is None else {self.weights.name: self.weights}

    def engine_for(self, manifest: Manifest) -> str:
        return self.engine

    def recognises(self, path: Path) -> bool:
        return is_marked(path)

    def prove_more(self, path: Path, written: Generator | None = None) -> Outcome | None:
        # the engine needs this registry, so it cannot be imported with it
        from caloexport.converters.engines.cpp import open_library

        generator = written or readers["cpp"].read(path, Choices())
        if generator.sampling is None:
            return None
        return prove_sampling(open_library(path), generator, generator.sampling)

    def proof(self, path: Path) -> Proof:
        with weights_of(path) as weights:
            proof = super().proof(weights)
        if proof.manifest.hash != read_mark(path).manifest_sha256:
            message = "its weights belong to another export: their manifest has another hash"
            raise InputFileError(message, where=str(path), hint="keep the two files together")
        return proof


def _artifact_in(model: Path) -> Path | None:
    """Return the file of the target ``numba`` that a model is, or that its header reads."""
    if is_marked(model):
        recorded = read_mark(model).weights
        return None if recorded is None else beside(model, recorded)
    return model if targets["numba"].recognises(model) else None


def _hash_of(artifact: Path) -> str | None:
    return read_safetensors(artifact)[1].get("manifest_sha256")


targets.register("cpp")(CppTarget())
