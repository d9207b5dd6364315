"""The parts that a consumer's input vector is made of, by the roles that people know them by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from caloexport.converters.contracts import Constant, Feed, Latents, OneOf, Slot
from caloexport.runtime.encodings import Term

#: what inputs are called -> which role that speaks for
HINTS = {
    "latents": r"^z(_|$|\d)|latent|noise|eps",
    "energy": r"^e(_|$)|energ|einc|^en(_|$)|ekin|e_?true",
    "theta": r"theta|angle",
    "phi": r"phi",
    "eta": r"(?<!th)eta",
    "geometry": r"geo|detector",
}


@dataclass(frozen=True)
class Part:
    """Slots that belong together.

    Attributes:
        role: ``latents``, a condition without its unit, or what constants were meant for.
        slots: in the consumer's order, with the position of each among all slots.
        feed: number of the feed.
        width: number of columns; None for latents of which any number will do.
        usual: the consumer's default, for latents.
    """

    role: str
    slots: tuple[tuple[int, Slot], ...]
    feed: int
    width: int | None
    usual: int | None = None

    @property
    def random(self) -> bool:
        """Whether the consumer fills it with latents."""
        return isinstance(self.slots[0][1], Latents)

    @property
    def constant(self) -> bool:
        """Whether the consumer fills it with the same numbers always."""
        return isinstance(self.slots[0][1], Constant)


def parts_of(feeds: Sequence[Feed], latents: int | None = None) -> list[Part]:
    """List the parts of all feeds.

    Args:
        feeds: of the contract.
        latents: number of latents, where the user gives it.
    """
    several = sum(isinstance(slot, Latents) for feed in feeds for slot in feed.slots) > 1
    parts, position = [], 0
    for number, feed in enumerate(feeds):
        named = [(_role(slot, feed.name if several else "latents"), slot) for slot in feed.slots]
        for role, group in groupby(named, key=lambda pair: pair[0]):
            slots = [slot for _, slot in group]
            numbered = tuple((position + k, slot) for k, slot in enumerate(slots))
            position += len(slots)
            parts.append(_part(role, numbered, number, latents))
    return parts


def speaks_for(name: str, roles: Sequence[str]) -> set[str]:
    """Return the roles that the name of an input speaks for.

    >>> speaks_for("e_input", ["latents", "energy", "theta"])
    {'energy'}
    """
    lower = name.lower()
    return {role for role in roles if re.search(HINTS.get(role, re.escape(role.lower())), lower)}


def _role(slot: Slot, of_latents: str) -> str:
    if isinstance(slot, Latents):
        return of_latents
    if isinstance(slot, Constant):
        return slot.role
    term = next(iter(slot.terms.values())) if isinstance(slot, OneOf) else slot
    return term.condition.removesuffix("_mev").removesuffix("_rad")


def _part(role: str, slots: tuple[tuple[int, Slot], ...], feed: int, latents: int | None) -> Part:
    slot = slots[0][1]
    if isinstance(slot, Latents):
        usual = slot.size if isinstance(slot.size, int) else None
        fixed = usual if latents is None and not slot.settable else latents
        return Part(role, slots, feed, fixed, usual)
    return Part(role, slots, feed, sum(_columns(one) for _, one in slots))


def _columns(slot: Slot) -> int:
    if isinstance(slot, OneOf):
        return next(iter(slot.terms.values())).width
    return slot.width if isinstance(slot, Term) else 1
