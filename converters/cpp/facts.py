"""What templates say of a generator, gathered from its manifest under the names they use."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from caloexport import __version__
from caloexport.converters.cpp.condition_names import condition_identifiers
from caloexport.converters.cpp.identifiers import camel, identifier, identifiers
from caloexport.converters.cpp.references import ReferenceShower
from caloexport.converters.targets import targets
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.formula import Formula
from caloexport.runtime.interface import Port, standard_interface
from caloexport.runtime.manifest import Manifest, Sampling, input_shapes, weightless_network
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, n_cells
from caloexport.runtime.output_maps import output_maps
from caloexport.runtime.tolerance import TABLE

UNITS = {"energy": "MeV", "length": "mm", "angle": "rad"}


@dataclass(frozen=True)
class CategoryFacts:
    """A category and what its enumerator is called."""

    name: str
    identifier: str


@dataclass(frozen=True)
class ConditionFacts:
    """A condition.

    Attributes:
        name, low, high, unit: as in the manifest; unit empty for a category or a pure number.
        identifier, type: of its member, and of its enum.
        categories: of a category.
        is_energy: whether it cannot be negative.
        logarithmic: whether a logarithm is taken of it.
    """

    name: str
    identifier: str
    type: str
    low: float | None
    high: float | None
    unit: str
    categories: tuple[CategoryFacts, ...]
    is_energy: bool
    logarithmic: bool

    @property
    def meaning(self) -> str:
        """Unit and trained range in words."""
        if self.low is None or self.high is None:
            return self.unit or "a number"
        return f"{self.low:g} to {self.high:g} {self.unit}".strip()


@dataclass(frozen=True)
class TermFacts:
    """A term of the encoding; ``column`` is its first place among the encoded conditions."""

    formula: Formula
    condition: str
    column: int
    width: int
    name: str


@dataclass(frozen=True)
class FeedFacts:
    """A named input: where its slice of the input vector begins, and how long it is."""

    name: str
    first: int
    size: int
    labels: str | tuple[str, ...]


@dataclass(frozen=True)
class ScalingFacts:
    """The output map; ``runs`` are (layer, cells) of consecutive cells where there are layers."""

    factor: Formula
    groups: bool
    total_scale: float
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class NoiseFacts:
    """The noise law: a latent is shift + stretch · standard number."""

    law: str
    a: float
    b: float
    size: int

    @property
    def shift(self) -> float:
        """What is added."""
        return self.a

    @property
    def stretch(self) -> float:
        """What a standard number is multiplied with."""
        return self.b if self.law == "normal" else self.b - self.a


@dataclass(frozen=True)
class LayerFacts:
    """A layer of a layered mesh, with the places of its first cell and first edge."""

    id: int
    n_r: int
    n_phi: int
    r_edges_mm: tuple[float, ...]
    first_cell: int
    first_edge: int


@dataclass(frozen=True)
class Facts:
    """A generator as templates see it, under the name ``g``."""

    manifest: Manifest
    sampling: Sampling
    identifier: str
    target: str
    artifact: str
    conditions: tuple[ConditionFacts, ...]
    terms: tuple[TermFacts, ...]
    feeds: tuple[FeedFacts, ...]
    output: Port
    scaling: ScalingFacts
    mesh: dict[str, Any]
    n_outputs: int
    references: tuple[ReferenceShower, ...]
    version: str = __version__

    @property
    def name(self) -> str:
        """Name of the generator, for people."""
        return self.manifest.name

    @property
    def manifest_sha256(self) -> str:
        """Hash of the manifest."""
        return self.manifest.hash

    @property
    def contract(self) -> str:
        """The consumer that the artifact was made for, or nothing."""
        return str(self.manifest.provenance.get("contract", ""))

    @property
    def output_name(self) -> str:
        """Name of the output."""
        return self.output.name

    @property
    def noise(self) -> NoiseFacts:
        """The noise law."""
        noise = self.sampling.noise
        return NoiseFacts(noise.law, noise.a, noise.b, noise.size)

    @property
    def threshold_mev(self) -> float:
        """Readout threshold."""
        return self.sampling.output.threshold_mev

    @property
    def reference_tolerance(self) -> float:
        """Relative difference that a library's showers may have from the reference showers."""
        # sums over cells: in float32 each is some 1e-5 of the largest one off
        row = TABLE.get(self.manifest.precision, TABLE["float32"])
        return max(3e-4, row.rtol)

    @property
    def n_latents(self) -> int:
        """Random numbers of a shower."""
        return self.sampling.noise.size

    @property
    def n_encoded(self) -> int:
        """Length of the encoded conditions."""
        return self.sampling.encoding.width

    @property
    def n_inputs(self) -> int:
        """Length of the network's input vector."""
        return self.sampling.width

    @property
    def n_cells(self) -> int:
        """Cells of a shower."""
        return n_cells(self.sampling.mesh)


def facts_of(
    manifest: Manifest,
    references: Sequence[ReferenceShower],
    *,
    target: str = "",
    artifact: str = "",
) -> Facts:
    """Gather the facts of a generator.

    Args:
        manifest: with sampling.
        references: showers that programs compare with.
        target, artifact: format and file name of what a snippet loads.

    Raises:
        UnsupportedError: a bare network, or an encoding or output map without a compiled form.
    """
    sampling = manifest.sampling
    if sampling is None:
        message = "is a bare network: nothing tells what its inputs and outputs mean"
        hint = "convert it with --contract, or from a model with a manifest"
        raise UnsupportedError(message, where=manifest.name, hint=hint)
    inputs = manifest_inputs(manifest)
    names = targets[target].names if target else standard_interface
    interface = manifest.interface or names(inputs)
    network = weightless_network(manifest.network, manifest.name)
    return Facts(
        manifest,
        sampling,
        identifier(manifest.name),
        target,
        artifact,
        tuple(_condition(one, sampling) for one in sampling.conditions),
        tuple(_terms(sampling)),
        tuple(_feeds(manifest, interface.inputs)),
        interface.output,
        _scaling(sampling),
        _mesh(sampling),
        network.n_outputs,
        tuple(references),
    )


def manifest_inputs(manifest: Manifest) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the network's inputs, in order."""
    return input_shapes(manifest.network, manifest.name)


def _condition(one: Condition, sampling: Sampling) -> ConditionFacts:
    word = condition_identifiers(sampling)[one.name]
    terms = [term for term in sampling.encoding.terms if term.condition == one.name]
    categories = zip(one.categories, identifiers(one.categories, word), strict=True)
    return ConditionFacts(
        one.name,
        word,
        camel(word),
        one.low,
        one.high,
        UNITS.get(one.dimension or "", ""),
        tuple(CategoryFacts(*pair) for pair in categories),
        one.dimension == "energy",
        any(_formula(term, one).logarithmic for term in terms),
    )


def _formula(term: Any, condition: Condition) -> Formula:
    formula = encodings[term.kind].formula
    if formula is None:
        message = f"the encoding '{term.kind}' of {condition.name} cannot be written as C++"
        raise UnsupportedError(message, hint="the numba artifact computes it in Python")
    return formula(condition, term.parameters)


def _terms(sampling: Sampling) -> list[TermFacts]:
    conditions = {one.name: one for one in sampling.conditions}
    words, found, column = condition_identifiers(sampling), [], 0
    names = identifiers(f"{term.condition}_code" for term in sampling.encoding.terms)
    for name, term in zip(names, sampling.encoding.terms, strict=True):
        formula = _formula(term, conditions[term.condition])
        found.append(TermFacts(formula, words[term.condition], column, term.width, name))
        column += term.width
    return found


def _feeds(manifest: Manifest, ports: Sequence[Port]) -> list[FeedFacts]:
    found, first = [], 0
    for port, shape in zip(ports, manifest_inputs(manifest).values(), strict=True):
        size = math.prod(shape)
        found.append(FeedFacts(port.name, first, size, port.labels))
        first += size
    return found


def _scaling(sampling: Sampling) -> ScalingFacts:
    output = sampling.output
    scaling_of = output_maps[output.kind].scaling
    if scaling_of is None:
        message = f"the output map '{output.kind}' cannot be written as C++"
        raise UnsupportedError(message, hint="the numba artifact computes it in Python")
    scaling = scaling_of(sampling.mesh, output.parameters)
    groups = [] if scaling.groups is None else scaling.groups.tolist()
    runs = tuple((layer, len(list(cells))) for layer, cells in itertools.groupby(groups))
    return ScalingFacts(scaling.factor, scaling.groups is not None, scaling.total_scale, runs)


def _mesh(sampling: Sampling) -> dict[str, Any]:
    mesh = sampling.mesh
    if isinstance(mesh, CylinderMesh):
        return mesh.to_json()
    if not isinstance(mesh, LayeredMesh):
        message = f"a mesh of the kind {type(mesh).__name__} cannot be written as C++"
        hint = "cylinders and layers of rings can; --to lwtnn, onnx, savedmodel or numba takes any mesh"
        raise UnsupportedError(message, hint=hint)
    layers, cell, edge = [], 0, 0
    for one in mesh.layers:
        layers.append(LayerFacts(one.id, one.n_r, one.n_phi, one.r_edges_mm, cell, edge))
        cell, edge = cell + one.n_r * one.n_phi, edge + len(one.r_edges_mm)
    return {**mesh.to_json(), "layers": layers}
