"""Contracts: what one C++ consumer demands of a file, as data, one small file each."""

from __future__ import annotations

from dataclasses import dataclass

from caloexport.runtime.encodings import Term
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Constant:
    """A slot of the input vector that the consumer fills with a number of its own."""

    value: float


@dataclass(frozen=True)
class Contract:
    """What a consumer feeds and expects.

    Attributes:
        summary: one line for ``caloexport list contracts``.
        targets: formats that the consumer loads.
        versions: consumer and library versions that were read or run.
        noise: the latents that the consumer draws, first in the input vector.
        slots: the rest of the input vector: encoding terms of one column, or constants.
        output: kind of output map.
        mesh: shape of the mesh in the consumer's order, and that order.
        notes: what a user of the file must know.
    """

    summary: str
    targets: tuple[str, ...]
    versions: str
    noise: NoiseLaw
    slots: tuple[Term | Constant, ...]
    output: str
    mesh_shape: tuple[int, ...]
    mesh_order: tuple[str, ...]
    phi_origin_rad: float
    notes: tuple[str, ...] = ()


contracts: Registry[Contract] = Registry(
    "contract", "caloexport.converters.contracts", "caloexport.contracts"
)
