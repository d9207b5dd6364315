"""C++: a generated decoder, compiled by the machine's own compiler."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from caloexport.converters.cpp.beside import beside, weights_of
from caloexport.converters.cpp.compiler import compiler, require_compiler
from caloexport.converters.cpp.library import DecoderLibrary
from caloexport.converters.cpp.mark import read_mark
from caloexport.converters.cpp.unaltered import require_unaltered
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.artifact import load
from caloexport.runtime.backends import Backend, Executor, backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest, weightless_network


class CppExecutor:
    """A decoder that was compiled; its calls share nothing but the weights."""

    def __init__(self, library: DecoderLibrary) -> None:
        self.library = library

    def run(self, x: Array) -> Float32:
        """Return the outputs (n, n_out) float32 of inputs (n, n_in)."""
        return self.library.run(x)

    def bound(self, n: int) -> Callable[[Float32], Float32]:
        """Return a call on (n, n_in) float32; it returns the same array every time.

        It copies its inputs into memory that was bound once, which costs less than asking an
        array for its address. One thread may call it.
        """
        inputs = np.zeros((n, self.library.n_inputs), dtype=np.float32)
        out = np.empty((n, self.library.n_outputs), dtype=np.float32)
        run, address = self.library.bound_run(out), inputs.ctypes.data

        def call(x: Float32) -> Float32:
            inputs[...] = x
            run(address)
            return out

        return call


class CppBackend(Backend):
    """The generated decoder, compiled with -O2."""

    target = "cpp"

    def available(self) -> bool:
        return compiler() is not None

    def require(self) -> None:
        require_compiler()

    def import_libraries(self) -> None:
        require_compiler()  # nothing is imported

    def supports(self, manifest: Manifest) -> bool:
        network = weightless_network(manifest.network, manifest.name)
        return not targets[self.target].refusals(network)

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        from caloexport.converters.export import reference_vectors, rewritten_for

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "decoder.h"
            prepared = rewritten_for(generator, self.target)
            targets[self.target].write(path, prepared, reference_vectors(prepared))
            return self.open(path)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        return CppExecutor(open_library(path))


def open_library(path: Path) -> DecoderLibrary:
    """Compile a header, and open it with its weights, which it checks.

    Raises:
        InputFileError: no header of ours, one that was altered, or its weights are missing, damaged
            or of another export.
        MissingDependency: there is no compiler.
    """
    found = read_mark(path)
    with weights_of(path) as file:
        # the decoder itself compares the hash of the weights when it is opened
        generator = load(file, backend="numpy", replay=False)
        manifest = generator.manifest
        if manifest.hash != found.manifest_sha256:
            message = "its weights belong to another export: their manifest has another hash"
            raise InputFileError(message, where=str(path), hint="keep the two files together")
        require_unaltered(path, file, generator)
    weights = None if found.weights is None else beside(path, found.weights)
    return DecoderLibrary(path, weights, manifest)


backends.register("cpp")(CppBackend())
