"""Our own artifact, sampled by numpy, numba and the generated C++: one safetensors file."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.rewrites.fold_selections import fold_selections
from caloexport.converters.targets import Proof, Refusal, Target, targets
from caloexport.runtime.artifact import load, save
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network
from caloexport.runtime.packing import weights_hash
from caloexport.runtime.vectors import Vectors


class NumbaTarget(Target):
    """One memory-mapped file for Python and C++."""

    suffix = ".safetensors"
    engine = "numba"
    summary = "one memory-mapped file for the numpy and numba runtime"

    def prepare(self, network: Network) -> Network:
        return fold_selections(network)

    def refusals(self, network: Network) -> list[Refusal]:
        return []  # what numba does not compile, the numpy reference executes

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        save(path, generator, vectors)

    def engine_for(self, manifest: Manifest) -> str:
        return "numba" if backends["numba"].supports(manifest) else "numpy"

    def recognises(self, path: Path) -> bool:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            start = stream.read(4096)
        return start[8:9] == b"{" and b'"__metadata__"' in start and b"caloexport.decoder/" in start

    def proof(self, path: Path) -> Proof:
        generator = load(path, backend="numpy", replay=False)
        if generator.vectors is None:
            message = "carries no test vectors"
            raise InputFileError(message, where=str(path))
        if weights_hash(generator.network) != generator.manifest.weights_sha256:
            message = "its weights were changed after the export"
            raise InputFileError(message, where=str(path), hint="convert the model again")
        return Proof(generator.manifest, generator.vectors)


targets.register("numba")(NumbaTarget())
