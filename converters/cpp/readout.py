"""A readout as templates see it, and as it is found in a header."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.needles import needle_counts, require_cylinder
from caloexport.runtime.readout import Readout, readout_from_json
from caloexport.runtime.readout_grid import NUDGE_MM, UNITS, grid_of

#: begins the line of a header that holds a readout
BEGIN = 'inline constexpr const char* readout_json = R"'
#: a readout of a thousand layers is shorter
MAX_BYTES = 2**20


@dataclass(frozen=True)
class LayerFacts:
    """Numbers of one layer, in the order of its members in C++."""

    lengths: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ReadoutFacts:
    """A readout as templates see it, under the name ``r``.

    Attributes:
        readout: layers and cells.
        mesh: whose cells are shared.
    """

    readout: Readout
    mesh: CylinderMesh
    units_per_mev: float = UNITS
    nudge_mm: float = NUDGE_MM

    @property
    def name(self) -> str:
        """Name, for messages."""
        return self.readout.name

    @property
    def title(self) -> str:
        """One line."""
        return self.readout.title or self.readout.name

    @property
    def json(self) -> str:
        """The readout as one line."""
        return json.dumps(self.readout.to_json())

    @property
    def delimiter(self) -> str:
        """What ends the literal and does not occur in it."""
        delimiter = "json"
        while f"){delimiter}" in self.json:
            delimiter += "_"
        return delimiter

    @property
    def n_cells(self) -> int:
        """Cells of all layers."""
        return self.readout.n_cells

    @property
    def layers(self) -> list[LayerFacts]:
        """Numbers of each layer."""
        grid, found = grid_of(self.readout), []
        for number, layer in enumerate(self.readout.layers):
            per_mm = grid.lengths[number, 2:].tolist()
            lengths = *layer.depth_mm, *layer.low_mm, *layer.cell_mm, *per_mm
            found.append(LayerFacts(lengths, tuple(grid.counts[number].tolist())))
        return found

    @property
    def edges(self) -> list[float]:
        """Finite edges of the segments of the depth."""
        return [float(edge) for edge in grid_of(self.readout).edges_mm[1:-1]]

    @property
    def segments(self) -> list[int]:
        """Layer of each segment."""
        return [int(layer) for layer in grid_of(self.readout).layers]

    @property
    def needles(self) -> list[int]:
        """Needles of a cell of each ring."""
        return needle_counts(self.mesh, self.readout)


def readout_facts(generator: Generator, readout: Readout | None) -> ReadoutFacts | None:
    """Return what the header says of a readout.

    Raises:
        UnsupportedError: the generator has no cylinder mesh of known cell sizes.
    """
    if readout is None:
        return None
    if generator.sampling is None:
        message = "is a bare network: it has no mesh that a readout could share"
        hint = "convert a model with a manifest, or leave out --readout"
        raise UnsupportedError(message, where=generator.manifest.name, hint=hint)
    return ReadoutFacts(readout, require_cylinder(generator.sampling.mesh))


def readout_in(header: Path) -> Readout | None:
    """Read the readout that a header holds; None when it holds none.

    Raises:
        InputFileError: it was changed.
    """
    with header.open(encoding="utf-8", errors="replace") as stream:
        line = next((line for line in stream if line.startswith(BEGIN)), None)
    if line is None:
        return None
    text = line[line.find("(") + 1 : line.rfind(")")]
    try:
        return readout_from_json(json.loads(text[:MAX_BYTES]), str(header))
    except (ValueError, RecursionError) as error:
        message = "its readout was changed"
        raise InputFileError(message, where=str(header), hint="convert it again") from error
