"""Sixteen showers in MeV from named conditions, and whether an engine gives them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.converters.evaluated import evaluated_energies
from caloexport.converters.physics.network import LATENTS
from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import cell_name
from caloexport.runtime.tolerance import TABLE
from caloexport.runtime.vectors import N_VECTORS, SEED, spread

TOLERANCE = "float32"
SIGNATURE = "signature 'physics'"


@dataclass(frozen=True)
class PhysicsVectors:
    """What is fed, and what the reference gives for it.

    Attributes:
        inputs: (16, k) float32 by name: latents, numbers, indices of categories.
        energies: (16, cells) MeV, before the readout threshold.
        margins: (16,) MeV, by which a cell may differ.
        sampling: of the generator.
    """

    inputs: dict[str, Float32]
    energies: Float64
    margins: Float64
    sampling: Sampling


@dataclass(frozen=True)
class EnergyVerification:
    """The outcome of comparing showers in MeV.

    Attributes:
        equal: every cell is within its margin.
        max_mev: the largest difference.
        where: the worst cell, in words.
        what: that made the showers.
    """

    equal: bool
    max_mev: float
    where: str
    what: str = SIGNATURE

    def __str__(self) -> str:
        verdict = "gives" if self.equal else "DIFFERS from"
        return (
            f"{self.what} {verdict} the reference's showers: "
            f"max |Δ| = {self.max_mev:.1e} MeV, {self.where}"
        )


def physics_vectors(
    generator: Generator, sampling: Sampling, tolerance: str = TOLERANCE
) -> PhysicsVectors:
    """Return the latents of the test vectors with conditions over the whole range.

    Args:
        generator: whose network is evaluated, in its own arithmetic.
        sampling: of what is fed.
        tolerance: row of the tolerance table.
    """
    given = {c.name: _values(c, k) for k, c in enumerate(sampling.conditions)}
    latents = sampling.noise.draw(N_VECTORS, SEED)
    incident = given["energy_mev"].astype(np.float64)
    energies = evaluated_energies(generator, sampling, latents, given)
    margins = margins_of(energies, incident, tolerance)
    inputs = {c.name: _fed(c, given[c.name]) for c in sampling.conditions}
    if sampling.noise.size:
        inputs = {LATENTS: latents, **inputs}
    return PhysicsVectors(inputs, energies, margins, sampling)


def margins_of(energies: Float64, incident_mev: Float64, tolerance: str) -> Float64:
    """Return by how much a cell of each shower may differ, (n,) MeV.

    Args:
        energies: (n, cells) MeV of the reference.
        incident_mev: (n,).
        tolerance: row of the tolerance table.
    """
    row = TABLE[tolerance]
    return row.atol * incident_mev + row.rtol * np.abs(energies).max(axis=1)


def _values(condition: Condition, turn: int) -> Array:
    """Return sixteen values of a condition, numbers as float32 has them."""
    values = spread(condition, turn)
    return values if condition.categories else values.astype(np.float32).astype(np.float64)


def _fed(condition: Condition, values: Array) -> Float32:
    if condition.categories:
        values = np.array([condition.categories.index(str(value)) for value in values])
    return np.asarray(values, dtype=np.float32)[:, None]


def judge_energies(
    showers: Array, vectors: PhysicsVectors, what: str = SIGNATURE
) -> EnergyVerification:
    """Compare an engine's showers (16, *mesh shape) in MeV with the reference.

    A cell that is within its margin of the readout threshold may lie on either side of it.
    """
    found = np.asarray(showers).reshape(vectors.energies.shape)
    threshold, mesh = vectors.sampling.output.threshold_mev, vectors.sampling.mesh
    worst, equal, largest, where = -np.inf, True, 0.0, ""
    for row, (cells, expected, margin) in enumerate(
        zip(found, vectors.energies, vectors.margins, strict=True)
    ):
        difference = differences(cells.astype(np.float64), expected, threshold, margin)
        cell = int(difference.argmax())
        if difference[cell] - margin > worst:
            worst = float(difference[cell] - margin)
            where = f"worst at cell {cell_name(mesh, cell)}, vector {row}"
        equal, largest = worst <= 0, max(largest, float(difference[cell]))
    return EnergyVerification(equal, largest, where, what)


def differences(cells: Float64, expected: Float64, threshold: float, margin: float) -> Float64:
    """Return how far each cell (cells,) is from what it may be, infinity for no number.

    Args:
        cells: MeV, above the readout threshold or 0.
        expected: MeV, before the threshold.
        threshold: of the readout, MeV.
        margin: by which a cell may differ, MeV: so near to the threshold, either side is right.
    """
    cut = np.where(expected < threshold, 0, expected)
    other = np.where(cut == 0, expected, 0)  # on the other side of the threshold
    near = np.abs(expected - threshold) <= margin
    difference = np.abs(cells - cut)
    difference[near] = np.minimum(difference, np.abs(cells - other))[near]
    difference[~np.isfinite(cells)] = np.inf
    return difference
