"""Contracts: what one C++ consumer demands of a file, as data, one small file each.

A consumer feeds named inputs, each a row of slots, and reads one output as cells. A contract says
which, for each format that the consumer loads; ``converters/fitting`` makes a generator meet it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.network import Network
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Latents:
    """Slots that the consumer fills with random numbers.

    Attributes:
        law, a, b: as in :class:`~caloexport.runtime.noise.NoiseLaw`.
        size: that the consumer uses when nobody tells it another one, a number or one for each
            cell or layer; None when it has no default.
        settable: whether it can be told another one.
    """

    law: Literal["normal", "uniform"]
    a: float
    b: float
    size: int | Literal["cells", "layers"] | None = None
    settable: bool = True

    def of_size(self, size: int) -> NoiseLaw:
        """Return the law for a number of latents."""
        return NoiseLaw(size, self.law, self.a, self.b)


@dataclass(frozen=True)
class Constant:
    """A slot that the consumer always fills with the same number.

    Attributes:
        value: the number.
        role: what the slot was meant for, a name for people.
        declared: False when the file must not name the slot, because the consumer feeds it only
            in some settings; a network's own column is then folded in.
    """

    value: float
    role: str = "constant"
    declared: bool = True


@dataclass(frozen=True)
class OneOf:
    """A slot whose term depends on what the user makes the file for.

    Attributes:
        choice: name of the choice, for ``--choose``.
        terms: value of the choice -> term; all of one condition.
    """

    choice: str
    terms: Mapping[str, Term]


Slot = Latents | Term | Constant | OneOf


@dataclass(frozen=True)
class Feed:
    """One tensor or node that the consumer fills.

    Attributes:
        name: by which the consumer finds it, or that we publish.
        slots: what it holds, in order. Latents stand first in the first feeds.
        labels: names of its variables where the format has such, with ``{}`` for the number.
    """

    name: str
    slots: tuple[Slot, ...]
    labels: str = "variable_{}"


@dataclass(frozen=True)
class Cells:
    """What the consumer reads out of the one output.

    Attributes:
        name: of the output.
        labels: names of its values where the format has such.
        kind, parameters: of the output map; kind None when the consumer takes any.
        threshold_mev: cells below are dropped by the consumer.
        mesh: the consumer's cells; None when it gets them from files of its own.
        family: kind of mesh, ``"cylinder"`` or ``"layered"``; None when it is none of ours.
        order, phi_origin_rad: of its cells; order None when the consumer takes any.
        settable: whether the consumer can be told another number and size of cells.
        at_least: least number of outputs that it reads correctly.
    """

    name: str = "output"
    labels: str = "out_{}"
    kind: str | None = "fraction_of_incident"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    threshold_mev: float = 0.0
    mesh: Mesh | None = None
    family: str | None = None
    order: tuple[str, ...] | None = None
    phi_origin_rad: float | None = None
    settable: bool = False
    at_least: int = 1


@dataclass(frozen=True)
class Form:
    """A contract in one file format.

    Attributes:
        feeds: the inputs; None when the consumer takes any number of them under any name.
        cells: the output.
        published: where feeds is None, names of an input of latents and one of conditions, into
            which a generator is split; None to leave its inputs as they are.
        notes: what a user of such a file must know, beside the notes of the contract.
        dtypes: numbers that the consumer passes; the user chooses where there are several.
        newest_lwtnn: the newest LWTNN release whose nodes the consumer's library must know.
    """

    feeds: tuple[Feed, ...] | None
    cells: Cells
    published: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ("float32",)
    newest_lwtnn: str | None = None


#: (network, sampling or None, choices) -> a line of advice, or a reason to refuse; None for nothing
Judgement = Callable[[Network, Sampling | None, Mapping[str, str]], str | None]


@dataclass(frozen=True)
class Contract:
    """What a consumer feeds and expects.

    Attributes:
        summary: one line for ``caloexport list contracts``.
        versions: consumer and library versions that were read or run.
        forms: for each format that the consumer loads, what it demands.
        assumed: conditions with the ranges to assume of a network that does not tell its own.
        refusals: reasons why the consumer would misread a generator that has the right form.
        advice: what the user must set at the consumer for this very file.
        notes: what a user of any such file must know.
    """

    summary: str
    versions: str
    forms: Mapping[str, Form]
    assumed: tuple[Condition, ...] = ()
    refusals: tuple[Judgement, ...] = ()
    advice: tuple[Judgement, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Formats that the consumer loads."""
        return tuple(self.forms)


contracts: Registry[Contract] = Registry(
    "contract", "caloexport.converters.contracts", "caloexport.contracts"
)
