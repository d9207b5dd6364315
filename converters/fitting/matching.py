"""Match the inputs of a network that does not say what they mean with the parts of a contract."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from caloexport.converters.fitting.parts import Part, speaks_for
from caloexport.runtime.errors import UnknownName, UnsupportedError, UsageError
from caloexport.runtime.network import Shape

#: so many inputs are tried in every order; decoders have at most five
MOST_INPUTS = 6

Groups = tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Match:
    """What each input of a network is.

    Attributes:
        groups: for each network input, in order, the parts that it holds, in order.
        sizes: number of columns of each part, by role.
    """

    groups: Groups
    sizes: Mapping[str, int]

    def __str__(self) -> str:
        return ", ".join("+".join(part.role for part in group) for group in self.groups)


def match_inputs(
    inputs: Mapping[str, Shape], parts: Sequence[Part], given: str | None, contract: str
) -> Match:
    """Tell what each input is, from sizes, then names, then the order of the contract.

    Args:
        inputs: of the network.
        parts: of the contract.
        given: what the user says, as ``latents,energy+theta``; None when he says nothing.
        contract: its name, for messages.

    Raises:
        UnsupportedError: the sizes do not fit.
        UsageError: they fit in several ways; names the option that decides.
    """
    sizes = {name: math.prod(shape) for name, shape in inputs.items()}
    if given is not None:
        candidates = [Match(groups, widths) for groups, widths in _given(given, parts, sizes)]
    else:
        candidates = list(_candidates(parts, sizes))
    candidates = _usual(candidates, parts)
    named = [match for match in candidates if _agrees(match, inputs, parts)]
    if not named and len(candidates) > 1:
        raise _ambiguous(sizes, candidates, contract)
    named = named or candidates
    if len(named) > 1:
        order = {part.role: k for k, part in enumerate(parts)}
        named = [match for match in named if _ascending(match, order)] or named
    if not named:
        raise _misfit(sizes, parts, contract)
    if len(named) > 1:
        raise _ambiguous(sizes, named, contract)
    return named[0]


def _candidates(parts: Sequence[Part], sizes: Mapping[str, int]) -> Iterator[Match]:
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for grouping in _groupings(parts):
        if len(grouping) != len(sizes) or len(sizes) > MOST_INPUTS:
            continue
        for groups in permutations(grouping):
            widths = _widths(groups, list(sizes.values()))
            roles = tuple(tuple(part.role for part in group) for group in groups)
            if widths is not None and roles not in seen:
                seen.add(roles)
                yield Match(groups, widths)


def _groupings(parts: Sequence[Part]) -> Iterator[Groups]:
    """Yield the ways in which decoders group their inputs; the last constants may be unknown."""
    constants = [part for part in parts if part.constant]
    for known in range(len(constants), -1, -1):
        chosen = [part for part in parts if part not in constants[known:]]
        latent = tuple(part for part in chosen if part.random)
        others = tuple(part for part in chosen if not part.random)
        yield tuple((part,) for part in chosen)
        feeds = dict.fromkeys(part.feed for part in chosen)
        yield tuple(tuple(part for part in chosen if part.feed == feed) for feed in feeds)
        yield (latent, others)
        yield (tuple(chosen),)


def _widths(groups: Groups, sizes: Sequence[int]) -> dict[str, int] | None:
    """Return the size of every part so that each group fills its input; None when it cannot."""
    widths = {}
    for group, size in zip(groups, sizes, strict=True):
        free = [part for part in group if part.width is None]
        rest = size - sum(part.width or 0 for part in group)
        if len(free) > 1 or (rest <= 0 if free else rest != 0) or not group:
            return None
        if free and len(group) > 1 and rest != free[0].usual:
            return None  # where the latents end must be known, or said
        widths.update({part.role: part.width or rest for part in group})
    return widths


def _usual(candidates: list[Match], parts: Sequence[Part]) -> list[Match]:
    """Prefer the matches with the numbers of latents that the consumer uses by default."""
    usual = {part.role: part.usual for part in parts if part.usual is not None}
    by_default = [
        match
        for match in candidates
        if all(match.sizes.get(role) == size for role, size in usual.items())
    ]
    return by_default if usual and by_default else candidates


def _agrees(match: Match, inputs: Mapping[str, Shape], parts: Sequence[Part]) -> bool:
    """Say whether no input's name speaks for something else."""
    roles = [part.role for part in parts]
    for name, group in zip(inputs, match.groups, strict=True):
        meant = speaks_for(name, roles)
        if meant and not meant & {part.role for part in group}:
            return False
    return True


def _ascending(match: Match, order: Mapping[str, int]) -> bool:
    firsts = [order[group[0].role] for group in match.groups]
    return firsts == sorted(firsts)


def _given(
    text: str, parts: Sequence[Part], sizes: Mapping[str, int]
) -> Iterator[tuple[Groups, Mapping[str, int]]]:
    known = {part.role: part for part in parts}
    groups = []
    for word in text.split(","):
        for role in word.split("+"):
            if role not in known:
                raise UnknownName("role of an input", role, known)
        groups.append(tuple(known[role] for role in word.split("+")))
    if len(groups) != len(sizes):
        message = f"inputs={text} names {len(groups)} inputs, the network has {len(sizes)}"
        raise UsageError(message, hint=f"its inputs: {_listed(sizes)}")
    widths = _widths(tuple(groups), list(sizes.values()))
    if widths is not None:
        yield tuple(groups), widths


def _listed(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({size})" for name, size in sizes.items())


def _misfit(sizes: Mapping[str, int], parts: Sequence[Part], contract: str) -> UnsupportedError:
    wanted = ", ".join(
        f"{part.role} ({part.width or 'any number'}{', or none' if part.constant else ''})"
        for part in parts
    )
    message = (
        f"contract {contract} feeds {wanted}, which does not fit the inputs {_listed(sizes)} of a "
        "network that does not say what they mean"
    )
    hint = "convert the run folder instead of its Keras file, or tell with --choose latents=N or inputs=..."
    return UnsupportedError(message, hint=hint)


def _ambiguous(sizes: Mapping[str, int], matches: list[Match], contract: str) -> UsageError:
    ways = " or ".join(str(match).replace(" ", "") for match in matches[:3])
    message = f"the inputs {_listed(sizes)} fit contract {contract} in {len(matches)} ways"
    return UsageError(message, hint=f"--choose inputs={ways}")
