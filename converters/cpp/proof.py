"""Whether a compiled decoder samples what Python samples: noise, conditions, MeV and refusals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.converters.cpp.library import DecoderLibrary
from caloexport.converters.physics.proof import (
    EnergyVerification,
    PhysicsVectors,
    judge_energies,
    physics_vectors,
)
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.conditions import POLICIES
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.precisions import precisions
from caloexport.runtime.vectors import N_VECTORS, SEED

ERROR, CLAMP, EXTRAPOLATE = (POLICIES.index(name) for name in ("error", "clamp", "extrapolate"))
#: number of the status of a condition outside the range
OUT_OF_RANGE = 1
WHAT = "sampling by cpp"


@dataclass(frozen=True)
class Fault:
    """Something that a decoder does otherwise than Python."""

    what: str
    equal: bool = False

    def __str__(self) -> str:
        return f"{WHAT} DIFFERS from Python: {self.what}"


def prove_sampling(
    library: DecoderLibrary, generator: Generator, sampling: Sampling
) -> EnergyVerification | Fault:
    """Make showers from named conditions and compare with the reference, latents bit for bit.

    Args:
        library: the decoder.
        generator: that was written.
        sampling: of the generator.
    """
    agrees, report = library.selftest()
    if not agrees:
        return Fault(report)
    tolerance = precisions[generator.arithmetic].tolerance
    vectors = physics_vectors(generator, sampling, tolerance)
    names = [condition.name for condition in sampling.conditions]
    given = np.concatenate([vectors.inputs[name] for name in names], axis=1).astype(np.float64)
    fault = _policies(library, sampling, given) or _cells(library, given)
    return fault or _showers(library, sampling, vectors, given)


def _showers(
    library: DecoderLibrary, sampling: Sampling, vectors: PhysicsVectors, given: Array
) -> EnergyVerification | Fault:
    showers: list[Float32] = []
    drawn = sampling.noise.draw(N_VECTORS, SEED)
    for number, row in enumerate(given):
        answer, shower = library.sample(row, SEED, number, 1)
        if answer.status:
            return Fault(f"shower {number} is refused: {answer.message}")
        if not np.array_equal(library.latents(), drawn[number]):
            return Fault(f"the latents of shower {number} are others")
        showers.append(shower)
    return judge_energies(np.concatenate(showers), vectors, WHAT)


def _cells(library: DecoderLibrary, given: Array) -> Fault | None:
    """Hold the list of cells against the energies of all cells."""
    _, shower = library.sample(given[0], SEED, 0, 1)
    indices, energies = library.cells()
    expected = np.flatnonzero(shower[0])
    same = np.array_equal(indices, expected) and np.array_equal(energies, shower[0][expected])
    return None if same else Fault("its list of cells is not that of its energies")


def _policies(library: DecoderLibrary, sampling: Sampling, given: Array) -> Fault | None:
    """Ask for conditions beyond both ends of their range, under each policy."""
    for column, condition in enumerate(sampling.conditions):
        low, high = condition.low, condition.high
        if low is None or high is None:
            continue
        # below zero there is no energy and no logarithm
        beyond = {high: high + max(1.0, abs(high)), low: low / 2 if low > 0 else low - 1}
        if low == 0 and condition.dimension == "energy":
            del beyond[low]
        for end, value in beyond.items():
            inside, outside = given[0].tolist(), given[0].tolist()
            inside[column], outside[column] = end, value
            fault = _beyond(library, inside, outside)
            if fault is not None:
                return Fault(f"{condition.name} = {value:g} {fault}")
    return None


def _beyond(library: DecoderLibrary, inside: list[float], outside: list[float]) -> str | None:
    """Say what is wrong with conditions outside, whose nearest ones inside are given."""
    refused, empty = library.sample(outside, SEED, 0, 1, ERROR)
    if refused.status != OUT_OF_RANGE or empty.any():
        return "is not refused"
    clamped, moved = library.sample(outside, SEED, 0, 1, CLAMP)
    _, at_end = library.sample(inside, SEED, 0, 1, ERROR)
    if clamped.status or not np.array_equal(moved, at_end):
        return "is not moved to the end of the range"
    if library.sample(outside, SEED, 0, 1, EXTRAPOLATE)[0].status:
        return "cannot be extrapolated"
    return None
