"""The stack in thin sheets, at whose middles the longitudinal profile is evaluated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.simulation.detector import Detector
from caloexport.simulation.gflash.effective_medium import EffectiveMedium
from caloexport.simulation.gflash.material_constants import material_constants

#: no sheet is thicker, so that the profile is straight within one
SHEET_X0 = 0.2
#: the profile is followed that far behind the back: what lies there has leaked
BEHIND_X0, BEHIND_SHEET_X0 = 40.0, 0.5
#: slab number of the sheets behind the back
NOWHERE = -1


@dataclass(frozen=True)
class DepthGrid:
    """Sheets in beam order.

    Attributes:
        t_x0: (k,) depth of their middles in radiation lengths, from the first upstream slab.
        weight: (k,) what a sheet takes of the deposit at equal height of the profile: radiation
            lengths times energy loss per radiation length, active ones times ``e_over_mip``.
        low_mm, high_mm: (k,) faces, from the front face.
        slab: (k,) number of every_slab.
        visible: share of the deposit that active slabs take in the middle of the stack.
    """

    t_x0: Float64
    weight: Float64
    low_mm: Float64
    high_mm: Float64
    slab: Integers
    visible: float


def depth_grid(detector: Detector, medium: EffectiveMedium, e_over_mip: float) -> DepthGrid:
    """Cut every slab into sheets.

    Args:
        detector: the stack.
        medium: of the stack, for what lies behind its back.
        e_over_mip: how much less an active slab among passive ones takes than its share of the
            energy loss of a minimum-ionising particle: soft photons end in heavy plates.

    Raises:
        UsageError: a material is not known.
    """
    columns: list[list[float]] = []
    depth = 0.0
    mixed = any(not s.active for s in detector.slabs)
    for number, slab in enumerate(detector.every_slab):
        known = material_constants(slab.material, detector.mixtures)
        count = max(1, math.ceil(slab.thickness_mm / known.x0_mm / SHEET_X0))
        thickness = slab.thickness_mm / count
        loss = known.loss_mev_mm * thickness * (e_over_mip if slab.active and mixed else 1.0)
        low = float(detector.edges_mm[number])
        for i in range(count):
            faces = (low + i * thickness, low + (i + 1) * thickness)
            columns.append([depth + 0.5 * thickness / known.x0_mm, loss, *faces, number])
            depth += thickness / known.x0_mm
    stack = np.array(columns)
    return _with_the_world_behind(stack, depth, detector, medium)


def _with_the_world_behind(
    stack: Float64, depth_x0: float, detector: Detector, medium: EffectiveMedium
) -> DepthGrid:
    """Go on behind the back as the stack would, so that the profile is normalised without end."""
    inside = stack[:, 4] >= len(detector.upstream)
    loss_per_x0 = stack[inside, 1].sum() / (detector.depth_mm / medium.x0_mm)
    count = round(BEHIND_X0 / BEHIND_SHEET_X0)
    t = depth_x0 + (np.arange(count) + 0.5) * BEHIND_SHEET_X0
    behind = np.zeros((count, 5))
    behind[:, 0], behind[:, 1], behind[:, 4] = t, loss_per_x0 * BEHIND_SHEET_X0, NOWHERE
    every = np.concatenate([stack, behind])
    active = np.array([slab.active for slab in detector.every_slab])
    taken = stack[inside & active[stack[:, 4].astype(int)], 1].sum()
    t_x0, weight, low_mm, high_mm = np.ascontiguousarray(every[:, :4].T)
    return DepthGrid(
        t_x0,
        weight,
        low_mm,
        high_mm,
        every[:, 4].astype(np.int64),
        float(taken / stack[inside, 1].sum()),
    )
