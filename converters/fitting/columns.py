"""The input vector of a consumer: which column holds which slot."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from caloexport.converters.contracts import Constant, Feed, Latents, OneOf, Slot
from caloexport.runtime.encodings import Affine, Term
from caloexport.runtime.errors import UnknownName, UnsupportedError, UsageError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.noise import NoiseLaw

#: relative error within which two encodings are the same one, after a trip through JSON
SAME = 1e-6


@dataclass(frozen=True)
class Column:
    """A run of columns that one slot fills.

    Attributes:
        start: first column in the consumer's input vector.
        width: number of columns.
        slot: what fills them; a choice is resolved to its term.
        feed: number of the feed that they belong to.
    """

    start: int
    width: int
    slot: Latents | Term | Constant
    feed: int


@dataclass(frozen=True)
class Layout:
    """All columns of a consumer.

    Attributes:
        columns: in order.
        feeds: name, width and labels of each input.
    """

    columns: tuple[Column, ...]
    feeds: tuple[tuple[Feed, int], ...]

    @property
    def noise(self) -> NoiseLaw:
        """Law and number of all latents; one law, and they stand first."""
        runs = [c for c in self.columns if isinstance(c.slot, Latents)]
        size = sum(column.width for column in runs)
        slot = runs[0].slot if runs else Latents("normal", 0.0, 1.0)
        assert isinstance(slot, Latents)
        return slot.of_size(size)

    def energy(self) -> tuple[Column, Affine] | None:
        """Return the column of the incident energy and its meaning, if the consumer feeds it."""
        for column in self.columns:
            if isinstance(column.slot, Term) and column.slot.condition == "energy_mev":
                affine = column.slot.affine
                return None if affine is None else (column, affine)
        return None


def lay_out(feeds: Sequence[Feed], latents: Sequence[int], resolved: Mapping[int, Term]) -> Layout:
    """Number the columns of a consumer.

    Args:
        feeds: of the contract.
        latents: number of latents in each run of them.
        resolved: for each choice among terms, by its identity, the term.
    """
    sizes, start = iter(latents), 0
    columns, widths = [], []
    for number, feed in enumerate(feeds):
        first = start
        for slot in feed.slots:
            one = resolved[id(slot)] if isinstance(slot, OneOf) else slot
            width = _width(one, sizes)
            columns.append(Column(start, width, one, number))
            start += width
        widths.append((feed, start - first))
    return Layout(tuple(columns), tuple(widths))


def _width(slot: Latents | Term | Constant, sizes: Iterator[int]) -> int:
    if isinstance(slot, Latents):
        return next(sizes)
    return slot.width if isinstance(slot, Term) else int(slot.declared)


def all_slots(feeds: Sequence[Feed]) -> list[Slot]:
    """List the slots of all feeds in order."""
    return [slot for feed in feeds for slot in feed.slots]


def share_latents(slots: Sequence[Slot], sampling: Sampling, contract: str) -> list[int]:
    """Return how many latents each run of them has; the generator takes the first of all.

    Raises:
        UnsupportedError: the consumer draws fewer and cannot be told to draw more.
    """
    runs, wanted = [slot for slot in slots if isinstance(slot, Latents)], sampling.noise.size
    if not runs:
        if wanted:
            message = f"contract {contract} draws no latents, the generator has {wanted}"
            raise UnsupportedError(message, hint="the consumer expects the noise inside the model")
        return []
    if len(runs) == 1 and runs[0].settable:
        return [wanted]
    by_name = {"cells": n_cells(sampling.mesh), "layers": sampling.mesh.n_layers, None: 0}
    sizes = [run.size if isinstance(run.size, int) else by_name[run.size] for run in runs]
    if sum(sizes) < wanted:
        message = f"contract {contract} draws {sum(sizes)} latents, the generator needs {wanted}"
        raise UnsupportedError(message, hint="train with fewer latents")
    return sizes


def resolve(
    slots: Sequence[Slot], terms: Sequence[Term], choices: Mapping[str, str], contract: str
) -> dict[int, Term]:
    """Choose the term of every slot that leaves a choice: the user's, or the generator's own.

    Raises:
        UnknownName: no such value of the choice.
        UsageError: nothing says which, naming the option.
    """
    return {
        id(slot): slot.terms[chosen(slot, terms, choices, contract)]
        for slot in slots
        if isinstance(slot, OneOf)
    }


def chosen(slot: OneOf, terms: Sequence[Term], choices: Mapping[str, str], contract: str) -> str:
    """Return the value of a choice: the user's, or the one that is the generator's own encoding."""
    value = choices.get(slot.choice)
    if value is None:
        found = [name for name, term in slot.terms.items() if any(same(term, t) for t in terms)]
        condition = next(iter(slot.terms.values())).condition
        if condition not in {term.condition for term in terms}:
            return next(iter(slot.terms))  # feeds nothing: any will do
        if len(found) != 1:
            message = f"contract {contract} needs to know the {slot.choice}"
            hint = f"--choose {slot.choice}=NAME; known: {', '.join(slot.terms)}"
            raise UsageError(message, hint=hint)
        (value,) = found
    if value not in slot.terms:
        raise UnknownName(slot.choice, value, slot.terms)
    return value


def same(a: Term, b: Term) -> bool:
    """Say whether two terms give the same columns, to within rounding."""
    if a.condition != b.condition:
        return False
    one, other = a.affine, b.affine
    if one is None or other is None:
        return a.kind == b.kind and dict(a.parameters) == dict(b.parameters)
    return (
        one.function == other.function
        and math.isclose(one.slope, other.slope, rel_tol=SAME)
        and math.isclose(one.intercept, other.intercept, rel_tol=SAME, abs_tol=SAME)
    )
