"""How a particle enters a detector, as a generator knows it: one angle and the frame of its shower.

A generator is a function of the angle to the beam axis alone. A particle of any direction is brought
to that by turning the detector about the normal of its front face, under which a stack of planes
does not change; a barrel is taken as its tangent plane at the point of entry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.detector import Detector
from caloexport.simulation.frame import ShowerFrame, shower_frame

#: sideways part of a direction that is rounding: its azimuth means nothing
STRAIGHT = 1e-9


@dataclass(frozen=True)
class Entrant:
    """A particle at the front face.

    Attributes:
        pdg: PDG id.
        energy_mev: kinetic energy.
        position_mm: (3,) of the detector, on the face or a little in front of it.
        direction: (3,) unit vector.
    """

    pdg: int
    energy_mev: float
    position_mm: Float64
    direction: Float64


@dataclass(frozen=True)
class Incidence:
    """A particle as a generator knows it.

    Attributes:
        pdg: PDG id.
        energy_mev: kinetic energy.
        theta_rad: angle to the beam axis in the turned detector.
        frame: of its shower, in coordinates of the detector as it is.
    """

    pdg: int
    energy_mev: float
    theta_rad: float
    frame: ShowerFrame


def incidences(detector: Detector, entrant: Entrant) -> Iterator[Incidence]:
    """Give the two descriptions of a particle, with θ and π - θ; nothing on its way out.

    The first is that on the particle's own side of the normal: of a particle of the beam it is its
    own angle, and the frame of its own shower.
    """
    basis = face_basis(detector, entrant.position_mm)
    along, across, inwards = (float(one) for one in basis @ entrant.direction)
    if inwards <= 0:
        return
    if math.hypot(across, along) < STRAIGHT:
        across = along = 0.0
    azimuth = math.atan2(across, along)
    steep = math.atan2(inwards, math.hypot(across, along))
    both = ((steep, azimuth), (math.pi - steep, azimuth - math.copysign(math.pi, azimuth)))
    gap_mm = float(depth_mm(detector, entrant.position_mm[None])[0])
    entry_mm = entrant.position_mm - entrant.direction * (gap_mm / inwards)
    for theta_rad, turn in both if along >= 0 else reversed(both):
        cosine, sine = math.cos(turn), math.sin(turn)
        turned = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        axes = shower_frame(theta_rad).axes @ turned @ basis
        frame = ShowerFrame(entry_mm, axes)
        yield Incidence(entrant.pdg, entrant.energy_mev, theta_rad, frame)


def face_basis(detector: Detector, point_mm: Float64) -> Float64:
    """Return rows (3, 3): beam axis, normal × beam axis, and normal of the face at a point."""
    if detector.inner_radius_mm is None:
        return np.eye(3)
    normal = np.array([0.0, point_mm[1], point_mm[2] + detector.inner_radius_mm])
    normal /= np.linalg.norm(normal)
    axis = np.array([1.0, 0.0, 0.0])
    return np.stack([axis, np.cross(normal, axis), normal])


def depth_mm(detector: Detector, points_mm: Float64) -> Float64:
    """Return the depths (n,) of points (n, 3) behind the front face."""
    if detector.inner_radius_mm is None:
        return points_mm[:, 2]
    radius = detector.inner_radius_mm
    return np.hypot(points_mm[:, 1], points_mm[:, 2] + radius) - radius
