"""The generated decoder: one C++ header, and the weights beside it or inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport import __version__
from caloexport.converters.cpp.decoder_plan import DecoderPlan, decoder_plan
from caloexport.converters.cpp.facts import Facts, facts_of
from caloexport.converters.cpp.identifiers import identifier
from caloexport.converters.cpp.kernels import kernel_includes, kernels
from caloexport.converters.cpp.mark import Mark
from caloexport.converters.cpp.readout import ReadoutFacts, readout_facts
from caloexport.converters.cpp.references import reference_showers
from caloexport.converters.cpp.templates import render, system_includes
from caloexport.converters.cpp.weights_layout import WeightsLayout, weights_layout
from caloexport.converters.cpp.words import BEGIN, words
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.precisions import precisions
from caloexport.runtime.readout import Readout
from caloexport.runtime.tolerance import TABLE, Tolerance
from caloexport.runtime.vectors import Vectors

TEMPLATE = "decoder/decoder.h.jinja"
SHARED = "decoder/shared.cc.jinja"
#: standard headers of what the templates themselves say
INCLUDES = (
    "algorithm", "cmath", "cstddef", "cstdint", "functional", "limits", "random", "string",
    "type_traits",
)  # fmt: skip
#: test vectors of the weights file
VECTORS = ("inputs", "cells", "expected", "sums")
#: fragments that stand in every header
FRAGMENTS = (
    "decoder/data_hash.h", "decoder/instructions.h", "decoder/test_vectors.h",
    "decoder/shower.h", "decoder/scratch.h",
    "physics/rounding.h", "physics/noise.h", "physics/check.h",
)  # fmt: skip
#: fragments that share showers over a readout
READOUT = ("readout/hits.h", "readout/readout.h")


@dataclass(frozen=True)
class VectorFacts:
    """The test vectors as templates see them.

    Attributes:
        sizes: vectors, inputs, outputs, kept outputs, layers.
        inputs, kept, expected, sums: where they stand, in bytes behind the beginning of the data.
        layers: ``"z"`` where the mesh tells the layer of an output, else the first output behind
            each layer; nothing where no sums are kept.
    """

    sizes: tuple[int, ...]
    inputs: int
    kept: int
    expected: int
    sums: int
    layers: str | tuple[int, ...]


@dataclass(frozen=True)
class DecoderFacts:
    """A decoder as templates see it, under the name ``d``.

    Attributes:
        source: manifest of the generator.
        weights_name: of the weights file; None where the weights are inside.
        layout: of the weights file.
        plan, vectors: of the network.
        readout: over whose cells showers are shared, if any.
    """

    source: Manifest
    weights_name: str | None
    layout: WeightsLayout
    plan: DecoderPlan
    vectors: VectorFacts
    readout: ReadoutFacts | None
    version: str = __version__

    @property
    def name(self) -> str:
        """Name of the generator, for people."""
        return self.source.name

    @property
    def identifier(self) -> str:
        """Its namespace."""
        return identifier(self.source.name)

    @property
    def manifest_sha256(self) -> str:
        """Hash of the manifest."""
        return self.source.hash

    @property
    def manifest(self) -> str:
        """The manifest as JSON."""
        return self.source.dumps()

    @property
    def delimiter(self) -> str:
        """What ends the manifest's literal and does not occur in it."""
        delimiter = "json"
        while f"){delimiter}" in self.manifest:
            delimiter += "_"
        return delimiter

    @property
    def mark(self) -> Mark:
        """What programs recognise the header by."""
        return Mark(self.source.hash, self.weights_name, self.layout.n_bytes)

    @property
    def embedded(self) -> bool:
        """Whether the weights are inside."""
        return self.weights_name is None

    @property
    def kernels(self) -> str:
        """What computes the network, once for each level of instructions."""
        plan = self.plan
        return kernels(
            plan.operations, plan.functions, plan.storages, several_rows=plan.several_rows
        )

    @property
    def includes(self) -> list[str]:
        """Standard headers that everything needs."""
        plan = self.plan
        found = kernel_includes(plan.operations, plan.functions, plan.storages)
        weights = "decoder/embedded.h" if self.embedded else "decoder/weights.h"
        more = (weights,) if self.readout is None else (weights, *READOUT)
        return system_includes(*FRAGMENTS, *more, also={*INCLUDES, *found})

    @property
    def tolerance(self) -> Tolerance:
        """How far the network may be from the test vectors."""
        return TABLE[precisions[self.source.precision].tolerance]


def write_decoder(
    path: Path,
    generator: Generator,
    vectors: Vectors,
    weights: Path,
    recorded: str | None,
    readout: Readout | None = None,
) -> None:
    """Write the header of a decoder.

    Args:
        path: the header to write.
        generator: whose layers all have a compiled form.
        vectors: those in the weights file.
        weights: the weights file, written already.
        recorded: its path as seen from the header; None writes its content into the header.
        readout: over whose cells the header shares showers, if any.
    """
    manifest, layout = generator.manifest, weights_layout(weights)
    decoder = DecoderFacts(
        manifest,
        recorded,
        layout,
        decoder_plan(generator, layout.places),
        _vectors(generator, vectors, layout),
        readout_facts(generator, readout),
    )
    text = render(TEMPLATE, {"d": decoder, "g": _physics(generator, path.name)})
    with path.open("w", encoding="utf-8") as stream:
        head, begin, rest = text.partition(f"{BEGIN}\n")
        stream.write(head + begin)
        if begin:  # the words go there, one line after the other: they take no memory
            stream.writelines(words(weights))
        stream.write(rest)


def write_shared(path: Path, header: str, manifest: Manifest, *, embedded: bool) -> None:
    """Write the source of a shared library with a C interface around a decoder.

    Args:
        path: the source to write.
        header: of the decoder, as the source includes it.
        manifest: of the decoder.
        embedded: whether its weights are inside.
    """
    decoder = {
        "name": manifest.name,
        "identifier": identifier(manifest.name),
        "version": __version__,
        "header": header,
        "embedded": embedded,
    }
    physics = None if manifest.sampling is None else facts_of(manifest, ())
    path.write_text(render(SHARED, {"d": decoder, "g": physics}), "utf-8")


def _physics(generator: Generator, artifact: str) -> Facts | None:
    """Return what sampling needs; None for a bare network, of which nobody told."""
    if generator.sampling is None:
        return None
    references = reference_showers(generator.manifest, generator)
    return facts_of(generator.manifest, references, target="cpp", artifact=artifact)


def _vectors(generator: Generator, vectors: Vectors, layout: WeightsLayout) -> VectorFacts:
    places = {part: layout.places[f"vectors.{part}"] for part in VECTORS}
    shapes = {part: layout.shapes[f"vectors.{part}"] for part in VECTORS}
    sizes = *shapes["inputs"], generator.network.n_outputs, *shapes["cells"], shapes["sums"][1]
    return VectorFacts(
        sizes,
        places["inputs"],
        places["cells"],
        places["expected"],
        places["sums"],
        _layers(generator, vectors),
    )


def _layers(generator: Generator, vectors: Vectors) -> str | tuple[int, ...]:
    if vectors.sums.shape[1] < 2:
        return ()
    if generator.sampling is not None and isinstance(generator.sampling.mesh, CylinderMesh):
        return "z"
    ends: Iterable[Any] = np.flatnonzero(np.diff(vectors.layers)) + 1
    return tuple(int(end) for end in ends)
