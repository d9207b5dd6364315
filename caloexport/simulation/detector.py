"""A detector: slabs of material in beam order, and the meshes it is scored in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError

#: thinner slabs vanish in the tolerance of the tracking
THINNEST_MM = 1e-4
MAX_SLABS = 4096
#: what a barrel leaves free inside of everything
BORE_MM = 1.0


@dataclass(frozen=True)
class Slab:
    """One slab of one material, perpendicular to the depth.

    Attributes:
        material: name in Geant4's NIST catalogue, or of the detector's own mixtures.
        thickness_mm: along the depth.
        active: it is read out.
        layer: number of the readout layer it belongs to, -1 for none.
    """

    material: str
    thickness_mm: float
    active: bool = False
    layer: int = -1


@dataclass(frozen=True)
class ScoringPlan:
    """How deposits become the cells of one mesh.

    Attributes:
        name: by which the user asks for it, also the suffix of its file.
        kind: entry of the registry of scorings: ``cylinder``, ...
        deposits: ``"all"`` material counts, or the ``"active"`` slabs only.
        factor: on every deposited energy (the inverse sampling fraction, for example).
        threshold_mev: cells below it, after the factor, are stored as zero.
        parameters: of the kind, JSON values.
        format: layout of its shower file; empty takes what suits the kind of mesh.
    """

    name: str
    kind: str
    deposits: str = "all"
    factor: float = 1.0
    threshold_mev: float = 0.0005
    parameters: Mapping[str, Any] | None = None
    format: str = ""


@dataclass(frozen=True)
class Detector:
    """A stack of slabs before which a particle starts.

    Attributes:
        name: by which the user asks for it.
        title: one line for listings.
        card: what it is, how it differs from the real thing, where its numbers are from.
        slabs: in beam order, from the front face on.
        upstream: slabs in front of the front face, in beam order.
        scorings: meshes by name; the first is the default.
        aim: entry of the registry of aims: where on the front face particles enter.
        inner_radius_mm: of a barrel of cylindrical layers about the beam axis; None is planar.
        mixtures: own materials by name: ``density_g_cm3`` and mass ``fractions`` of others.
        data: the content of the file it came from, from which it can be made again.
    """

    name: str
    title: str
    card: str
    slabs: tuple[Slab, ...]
    upstream: tuple[Slab, ...]
    scorings: Mapping[str, ScoringPlan]
    aim: str
    inner_radius_mm: float | None
    mixtures: Mapping[str, Mapping[str, Any]]
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not self.slabs or len(self.every_slab) > MAX_SLABS:
            message = f"the stack has {len(self.every_slab)} slabs, expected 1 to {MAX_SLABS}"
            raise UsageError(message, where=self.name)
        for number, slab in enumerate(self.every_slab):
            if not THINNEST_MM <= slab.thickness_mm < 1e5:
                message = (
                    f"slab {number} ({slab.material}) is {slab.thickness_mm:g} mm thick, expected "
                    f"{THINNEST_MM:g} mm to 100 m"
                )
                raise UsageError(message, where=self.name, hint="leave empty slabs out")
        before_mm = -float(self.edges_mm[0])
        if self.inner_radius_mm is not None and self.inner_radius_mm < before_mm + BORE_MM:
            message = (
                f"an inner radius of {self.inner_radius_mm:g} mm leaves no room for the "
                f"{before_mm:g} mm upstream and a start {BORE_MM:g} mm before it"
            )
            raise UsageError(message, where=self.name)

    @property
    def every_slab(self) -> tuple[Slab, ...]:
        """All slabs in beam order, upstream first: what a step's slab number counts."""
        return self.upstream + self.slabs

    @cached_property
    def edges_mm(self) -> Float64:
        """Depths (n_slabs + 1,) of the faces of every slab; the front face is 0."""
        thicknesses = [slab.thickness_mm for slab in self.every_slab]
        faces = np.array(list(itertools.accumulate(thicknesses, initial=0.0)))
        return faces - faces[len(self.upstream)]

    @property
    def depth_mm(self) -> float:
        """Thickness from the front face to the back."""
        return float(self.edges_mm[-1])
