"""Our own artifact, sampled by numpy, numba and the generated C++: one safetensors file."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.quantisation.quantise import large_kernels, quantised_network
from caloexport.converters.rewrites.fold_selections import fold_selections
from caloexport.converters.targets import Proof, Refusal, Target, targets
from caloexport.runtime.artifact import load, save
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network
from caloexport.runtime.packing import weights_hash
from caloexport.runtime.precisions import SMALLEST_ROUNDED
from caloexport.runtime.precisions import precisions as stored_precisions
from caloexport.runtime.vectors import Vectors


class NumbaTarget(Target):
    """One memory-mapped file for Python and C++."""

    suffix = ".safetensors"
    engine = "numba"
    summary = "one memory-mapped file for the numpy and numba runtime"
    precisions: tuple[str, ...] = ("float32", "bfloat16", "bfloat16-a16", "int8", "int8-a8")
    own_arithmetic = True

    def prepare(self, network: Network) -> Network:
        return fold_selections(network)

    def rounded(self, generator: Generator, precision: str) -> Network:
        return quantised_network(generator, precision)

    def refusals(self, network: Network) -> list[Refusal]:
        return []  # what numba does not compile, the numpy reference executes

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        save(path, generator, vectors)

    def engine_for(self, manifest: Manifest) -> str:
        return "numba" if backends["numba"].supports(manifest) else "numpy"

    def tolerance_for(self, manifest: Manifest) -> str:
        return stored_precisions[manifest.precision].tolerance

    def notes(self, generator: Generator) -> tuple[str, ...]:
        precision = generator.manifest.precision
        if precision == "float32":
            return ()
        network = generator.network
        large = [node for node in network.nodes if large_kernels(node, precision)]
        rounded = sum(n.weights[k].size for n in large for k in large_kernels(n, precision))
        if not large:
            return (f"no kernel has {SMALLEST_ROUNDED} weights or more: all stay float32",)
        names = ", ".join(f"'{node.name}'" for node in large)
        share = f"{rounded} of {network.parameters} weights"
        return (f"{precision} are the kernels of {names}: {share}; the rest stays float32",)

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
