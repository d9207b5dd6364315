"""The geometry: slabs as boxes, or as concentric tubes about the beam axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.detector import Detector
from caloexport.simulation.geant4.mixtures import make_material
from caloexport.simulation.spectrum import Spectrum

#: half a width that contains every shower about its entry point
HALF_WIDTH_MM = 1200.0
#: vacuum between the outermost volume and the end of the world
MARGIN_MM = 100.0


@dataclass(frozen=True)
class Placed:
    """The geometry inside Geant4.

    Attributes:
        world: its physical volume.
        slabs: logical volume of every slab.
        door: logical volume of the door, if there is one.
        keep: Python objects that must live as long as Geant4 does.
    """

    world: Any
    slabs: list[Any]
    door: Any
    keep: list[Any]


def half_width_mm(detector: Detector, theta_rad: Spectrum) -> float:
    """Return half the width of the slabs: inclined showers drift sideways on their way.

    >>> from caloexport.simulation.detector_file import load_detector
    >>> half_width_mm(load_detector("siw"), Spectrum("values", (math.pi / 2,)))
    1200.0
    """
    flattest = min(abs(math.tan(theta)) for theta in (theta_rad.low, theta_rad.high))
    depth = float(detector.edges_mm[-1] - detector.edges_mm[0])
    # to 1e-9 mm: tan(π/2) is large, not infinite
    return HALF_WIDTH_MM + round(depth / flattest, 9)


def placed_edges_mm(detector: Detector, door_mm: float = 0.0) -> Float64:
    """Return the depths (n_slabs, 2) between which slabs are placed.

    A door in front of the front face moves what is upstream by its thickness.
    """
    low, high = detector.edges_mm[:-1].copy(), detector.edges_mm[1:].copy()
    upstream = len(detector.upstream)
    low[:upstream] -= door_mm
    high[:upstream] -= door_mm
    return np.stack([low, high], axis=1)


def build_world(g4: Any, detector: Detector, width_mm: float, door_mm: float = 0.0) -> Placed:
    """Build the world and every slab in it, each with a logical volume of its own.

    Args:
        g4: the bindings.
        detector: what is built.
        width_mm: half the width of its slabs.
        door_mm: thickness of a volume of vacuum before the front face, 0 for none.

    Raises:
        UsageError: a material that Geant4 does not know.
    """
    builder = _Barrel if detector.inner_radius_mm else _Planes
    return builder(g4, detector, width_mm, door_mm).build()


class _Planes:
    """Boxes, front face at z = 0."""

    def __init__(self, g4: Any, detector: Detector, width_mm: float, door_mm: float) -> None:
        self.g4, self.detector, self.width_mm, self.door_mm = g4, detector, width_mm, door_mm
        self.edges = placed_edges_mm(detector, door_mm)
        self.turn: Any = None
        self.keep: list[Any] = []

    def build(self) -> Placed:
        g4 = self.g4
        vacuum = g4.G4NistManager.Instance().FindOrBuildMaterial("G4_Galactic")
        solid = self.world_solid()
        self.mother = g4.G4LogicalVolume(solid, vacuum, "world")
        world = g4.G4PVPlacement(
            None, g4.G4ThreeVector(), self.mother, "world", None, False, 0, False
        )
        self.keep += [solid, self.mother, world]
        slabs = self.place_slabs(vacuum)
        door = None
        if self.door_mm:
            door = self.place("door", vacuum, -self.door_mm, 0.0, self.mother)
        return Placed(world, slabs, door, self.keep)

    def place_slabs(self, vacuum: Any) -> list[Any]:
        """Place every slab; return their logical volumes."""
        return [self.place_slab(number, self.mother) for number in range(len(self.edges))]

    def place_slab(self, number: int, mother: Any) -> Any:
        """Place a slab; return its logical volume."""
        material = make_material(self.g4, self.detector, self.detector.every_slab[number].material)
        low, high = map(float, self.edges[number])
        return self.place(f"slab-{number}", material, low, high, mother)

    def place(self, name: str, material: Any, low: float, high: float, mother: Any) -> Any:
        """Place a volume between two depths; return its logical volume."""
        solid, centre = self.slab_solid(name, low, high)
        logical = self.g4.G4LogicalVolume(solid, material, name)
        # what is in a group shares its centre and its turn
        free = mother is self.mother
        turn, at = (self.turn, centre) if free else (None, self.g4.G4ThreeVector())
        volume = self.g4.G4PVPlacement(turn, at, logical, name, mother, False, 0, False)
        self.keep += [solid, logical, volume]
        return logical

    def world_solid(self) -> Any:
        deep = float(np.abs(self.edges).max()) + MARGIN_MM
        side = self.width_mm + MARGIN_MM
        return self.g4.G4Box("world", side, side, deep)

    def slab_solid(self, name: str, low: float, high: float) -> tuple[Any, Any]:
        """Return the solid of a slab and where its centre is."""
        box = self.g4.G4Box(name, self.width_mm, self.width_mm, (high - low) / 2)
        return box, self.g4.G4ThreeVector(0, 0, (low + high) / 2)


class _Barrel(_Planes):
    """Tubes about the beam axis, which is parallel to x at z = -inner radius.

    Boxes around tubes do not tell them apart, so Geant4 would search all of them at every step
    into the next; grouped, it searches the groups and one group: four times faster with 180.
    """

    def place_slabs(self, vacuum: Any) -> list[Any]:
        upstream, n = len(self.detector.upstream), len(self.edges)
        size = max(1, round(math.sqrt(n)))
        slabs = []
        # no group reaches over the front face, where the door is
        for start, stop in ((0, upstream), (upstream, n)):
            for first in range(start, stop, size):
                members = range(first, min(first + size, stop))
                low, high = float(self.edges[members[0], 0]), float(self.edges[members[-1], 1])
                group = self.place(f"group-{first}", vacuum, low, high, self.mother)
                slabs += [self.place_slab(number, group) for number in members]
        return slabs

    def world_solid(self) -> Any:
        assert self.detector.inner_radius_mm is not None
        self.radius = self.detector.inner_radius_mm
        self.turn = self.g4.G4RotationMatrix()
        self.turn.rotateY(math.pi / 2)
        reach = self.radius + float(self.edges.max()) + MARGIN_MM
        return self.g4.G4Box("world", self.width_mm + MARGIN_MM, reach, reach + self.radius)

    def slab_solid(self, name: str, low: float, high: float) -> tuple[Any, Any]:
        inner, outer = self.radius + low, self.radius + high
        tube = self.g4.G4Tubs(name, inner, outer, self.width_mm, 0.0, 2 * math.pi)
        return tube, self.g4.G4ThreeVector(0, 0, -self.radius)
