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
from caloexport.validation.windows import Window


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
class FollowsAt:
    """How well both samples follow the impact point at one energy, or in a window of a spectrum.

    Attributes:
        window: low and high, MeV.
        n_reference, n_generated: showers.
        follows: by layer and direction.
    """

    window: Window
    n_reference: int
    n_generated: int
    follows: Sequence[Follows]

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "low_mev": self.window[0],
            "high_mev": self.window[1],
            "n_reference": self.n_reference,
            "n_generated": self.n_generated,
            "follows_impact": [one.to_json() for one in self.follows],
        }


@dataclass(frozen=True)
class Placement:
    """How alike two samples are in that.

    Attributes:
        follows: the impact point, by layer and direction, at all energies.
        follows_at: the same at each energy that both samples have.
        aligned: profiles for each alignment of the cells, by layer and direction.
    """

    follows: Sequence[Follows]
    follows_at: Sequence[FollowsAt]
    aligned: Sequence[Aligned]

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "follows_impact": [one.to_json() for one in self.follows],
            "by_energy": [one.to_json() for one in self.follows_at],
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


def compare_places(
    reference: Placed, generated: Placed, windows: Sequence[Window] = ()
) -> Placement:
    """Compare the places of two samples' showers, and those of each window of the energy."""
    at = []
    for window in sorted(windows):
        usual, found = (one.offsets.inside(window) for one in (reference, generated))
        if len(usual) and len(found):
            at.append(FollowsAt(window, len(usual), len(found), follows(usual, found)))
    return Placement(
        follows(reference.offsets, generated.offsets),
        at,
        compare_aligned(reference.profiles, generated.profiles),
    )
