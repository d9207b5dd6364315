"""Backends: what executes our artifacts, for sampling, verification and the bench."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.extras import installed
from caloexport.runtime.registry import Registry

if TYPE_CHECKING:
    from caloexport.runtime.compiled_sampler import CompiledSampler
    from caloexport.runtime.generator import Generator
    from caloexport.runtime.manifest import Manifest, Sampling
    from caloexport.runtime.noise import NoiseLaw


class Executor(Protocol):
    """A network ready to run. It keeps no scratch that two threads could share."""

    def run(self, x: Array) -> Array:
        """Return the network's outputs (n, n_out) in a fresh array.

        Args:
            x: (n, n_in) float32, latents then condition vector; the columns of the inputs stand
                in the order of the manifest.
        """


class CompiledExecutor:
    """An executor that also draws noise and scales its outputs, faster than numpy could."""

    def run(self, x: Array) -> Array:
        """Return the network's outputs (n, n_out) in a fresh array."""
        raise NotImplementedError

    def run_into(self, x: Array, out: Float32, factors: Float32, threshold: float) -> None:
        """Write outputs times factors to an array of the caller's.

        Args:
            x: (n, n_in) float32.
            out: (n, n_out) float32, C order.
            factors: (n,) float32, one per shower.
            threshold: results below become 0.
        """
        raise NotImplementedError

    def sampler(self, sampling: Sampling) -> CompiledSampler | None:
        """Return what samples in one call; None when a part of the physics is not compiled."""
        return None

    def draw(self, law: NoiseLaw, n: int, seed: int, first: int) -> Float32:
        """Return exactly what ``law.draw`` returns."""
        raise NotImplementedError


class Backend:
    """What executes networks.

    Attributes:
        target: the file format that it opens.
        module: the library that it needs besides numpy, if any.
        extra: the extra of caloexport that installs the library.
        tolerance: row of the tolerance table for its results against the reference.
    """

    target: str = "numba"
    module: str | None = None
    extra: str | None = None
    tolerance: str = "float32"

    def available(self) -> bool:
        """Say whether its library is installed."""
        return self.module is None or installed(self.module)

    def supports(self, manifest: Manifest) -> bool:
        """Say whether it executes this network."""
        return True

    def require(self) -> None:
        """Raise MissingDependency, with the install line, when its library is absent."""
        if not self.available():
            raise MissingDependency(str(self.module), extra=self.extra)

    def import_libraries(self) -> None:
        """Import all that executing needs; what memory and time come on top are the model's."""
        if self.module is not None:
            importlib.import_module(self.module)

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        """Make an executor of a generator in memory."""
        raise NotImplementedError

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        """Make an executor of an artifact on disk, of the format ``target``."""
        raise NotImplementedError


backends: Registry[Backend] = Registry(
    "backend", "caloexport.runtime.backends", "caloexport.backends"
)
