"""How showers lie about their impact points, in windows of cells that tell where these are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.showers.showers import Showers
from caloexport.validation.alignment import Aligned, AlignedProfiles, compare_aligned, has_alignment
from caloexport.validation.impact import Follows, Offsets, follows, has_impact


class Placed:
    """What is kept of a sample to compare the places of its showers."""

    def __init__(self, mesh: WindowMesh) -> None:
        self.offsets = Offsets(mesh)
        self.profiles = AlignedProfiles(mesh)

    def watch(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block of showers."""
        self.offsets.watch(energies, conditions)
        self.profiles.watch(energies, conditions)


@dataclass(frozen=True)
class Placement:
    """How alike two samples are in that.

    Attributes:
        follows: the impact point, by layer and direction.
        aligned: profiles for each alignment of the cells, by layer and direction.
    """

    follows: Sequence[Follows]
    aligned: Sequence[Aligned]

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "follows_impact": [one.to_json() for one in self.follows],
            "alignments": [one.to_json() for one in self.aligned],
        }


def places_of(reference: Showers, generated: Showers) -> tuple[Placed, Placed] | None:
    """Return what has to watch both samples; None where one does not tell impact or alignment."""
    mesh = reference.mesh
    told = all(
        has_impact(mesh, one.conditions) and has_alignment(mesh, one.conditions)
        for one in (reference, generated)
    )
    return (Placed(mesh), Placed(mesh)) if told and isinstance(mesh, WindowMesh) else None


def compare_places(reference: Placed, generated: Placed) -> Placement:
    """Compare the places of two samples' showers."""
    return Placement(
        follows(reference.offsets, generated.offsets),
        compare_aligned(reference.profiles, generated.profiles),
    )
