"""Targets: the file formats that we write, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from caloexport.converters.precisions import rounded_network
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, standard_interface
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network, Shape
from caloexport.runtime.readout import Readout
from caloexport.runtime.registry import Registry
from caloexport.runtime.vectors import Vectors


@dataclass(frozen=True)
class Refusal:
    """One reason why a target cannot express a network.

    Attributes:
        layer: name of the layer.
        reason: one clause, for example ``"LWTNN has no multiply node"``.
    """

    layer: str
    reason: str


@dataclass(frozen=True)
class Proof:
    """What an artifact carries about itself.

    Attributes:
        manifest: of the network as exported.
        vectors: test vectors.
    """

    manifest: Manifest
    vectors: Vectors


@dataclass(frozen=True)
class Replayed:
    """What a file without a manifest gives, and what it should give.

    Attributes:
        outputs: (n, n_out) of the file.
        vectors: test vectors, whose inputs were given to it.
    """

    outputs: Array
    vectors: Vectors


@dataclass(frozen=True)
class Options:
    """What a user adds for targets that have a choice.

    Attributes:
        embed: write the weights into the file.
        weights: write the weights into this file.
        path: of the artifact.
        model: that is read.
        readout: share showers over the cells of this readout.
    """

    embed: bool = False
    weights: Path | None = None
    path: Path | None = None
    model: Path | None = None
    readout: Readout | None = None


class Outcome(Protocol):
    """The answer to "is it equal", with the words for it."""

    @property
    def equal(self) -> bool: ...


class Target:
    """A file format that we write.

    Attributes:
        suffix: of its files; ``""`` for a folder.
        engine: the backend that executes it, for verification.
        summary: one line for ``caloexport list targets``.
        legacy: whether it is for one old consumer only, so that nobody gets it unasked.
        tolerance: row of the tolerance table between engine and reference.
        precisions: of the weights, that it can store.
        left_out: precisions that it could store but leaves out, with the reason.
        own_arithmetic: whether its precisions say how products are computed, too (an entry of
            ``runtime.precisions``); else they are computed in float32 from rounded weights.
    """

    suffix: str = ""
    engine: str = ""
    summary: str = ""
    legacy: bool = False
    tolerance: str = "float32"
    precisions: tuple[str, ...] = ("float32",)
    left_out: Mapping[str, str] = MappingProxyType({})
    own_arithmetic: bool = False

    def with_options(self, options: Options) -> Target:
        """Return the target as the user wants it.

        Raises:
            UsageError: an option that means nothing for it.
        """
        given = {
            "--embed": options.embed,
            "--weights": options.weights is not None,
            "--readout": options.readout is not None,
        }
        for name, wanted in given.items():
            if wanted:
                message = f"{name} means nothing for this target"
                raise UsageError(message, hint="it is for --to cpp")
        return self

    def elsewhere(self) -> Mapping[str, Path]:
        """Return where companions belong that do not stand beside the artifact, by name."""
        return {}

    def prepare(self, network: Network) -> Network:
        """Rewrite a network exactly into what the format can express, where mathematics allows."""
        return network

    def rounded(self, generator: Generator, precision: str) -> Network:
        """Return the network of a prepared generator with its weights rounded to a precision.

        Raises:
            UnsupportedError: a weight that the precision cannot hold.
        """
        return rounded_network(generator.network, precision)

    def refusals(self, network: Network) -> list[Refusal]:
        """List what the format cannot express of a prepared network; empty when all fits."""
        raise NotImplementedError

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        """Write generator and proof to a new file (or existing empty folder).

        Companion files go beside ``path``, with names that begin with its own.
        """
        raise NotImplementedError

    def names(self, inputs: Mapping[str, Shape]) -> Interface:
        """Return the names in a file of which no consumer demands any.

        Args:
            inputs: shapes of the network's inputs by name, in their order.
        """
        return standard_interface(inputs)

    def engine_for(self, manifest: Manifest) -> str:
        """Return the backend that executes this network in this format."""
        return self.engine

    def tolerance_for(self, manifest: Manifest) -> str:
        """Return the row of the tolerance table for a network in this format."""
        return self.tolerance

    def recognises(self, path: Path) -> bool:
        """Say, from the content, whether a file is of this format."""
        raise NotImplementedError

    def files(self, path: Path) -> tuple[Path, ...]:
        """Return an artifact and what belongs beside it, for whoever copies it."""
        return (path,)

    def notes(self, generator: Generator) -> tuple[str, ...]:
        """Say what a user should know of the file of a prepared generator."""
        return ()

    def prove_more(self, path: Path, written: Generator | None = None) -> Outcome | None:
        """Execute what an artifact offers beside its network; None when that is nothing.

        Args:
            path: the artifact.
            written: what was written there, where it is at hand; else it is read back.

        Raises:
            InputFileError: it is missing or damaged.
        """
        return None

    def proof(self, path: Path) -> Proof:
        """Read manifest and test vectors of an artifact.

        Raises:
            InputFileError: they are missing or damaged.
        """
        raise NotImplementedError

    def replayed(self, path: Path) -> Replayed | None:
        """Execute a file that another library wrote under our eyes; None for our own files.

        Raises:
            InputFileError: it cannot be executed, or its test vectors are damaged.
        """
        return None


targets: Registry[Target] = Registry(
    "target", "caloexport.converters.targets", "caloexport.targets"
)
