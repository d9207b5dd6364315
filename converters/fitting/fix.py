"""Fold constant conditions into the first layers, so that they are no inputs any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from caloexport.converters.rewrites.rewire import Wire, rewire
from caloexport.runtime.conditions import gather
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.units import parse_quantity


def fix_conditions(generator: Generator, fixes: Iterable[str]) -> Generator:
    """Fold constant conditions into the first layer, so that they are no inputs any more.

    Args:
        generator: with sampling.
        fixes: ``name=value``, for example ``geometry=pbwo4`` or ``theta=90deg``.

    Raises:
        UsageError: not of that form, unknown, or ``energy``, which the output needs.
    """
    for fix in fixes:
        name, _, value = fix.partition("=")
        if not value:
            message = f"'{fix}' is not of the form NAME=VALUE"
            raise UsageError(message, hint="for example --fix geometry=pbwo4")
        generator = _fix_one(generator, name, value)
    return generator


def _fix_one(generator: Generator, name: str, value: str) -> Generator:
    sampling = require_sampling(generator, f"--fix {name}")
    known = {condition.name: condition for condition in sampling.conditions}
    short = {full.removesuffix("_mev").removesuffix("_rad"): full for full in known}
    condition = known.get(short.get(name, name))
    if condition is None or condition.name == "energy_mev":
        fixable = sorted(set(known) - {"energy_mev"})
        message = f"'{name}' is not a condition that can be fixed"
        raise UsageError(message, hint=f"conditions: {', '.join(fixable)}")
    given = value
    if not condition.categories:
        number = parse_quantity(value, condition.dimension) if condition.dimension else value
        given = number  # type: ignore[assignment]
    array = gather([condition], {condition.name: given}, 1, "error")[condition.name]
    wires = [Wire(k) for k in range(sampling.noise.size)]
    kept: list[Term] = []
    start = sampling.noise.size
    for term in sampling.encoding.terms:
        if term.condition == condition.name:
            encoded = Encoding((term,)).encode({condition.name: array})[0]
            wires += [Wire(None, 1.0, float(x)) for x in encoded]
        else:
            kept.append(term)
            wires += [Wire(start + k) for k in range(term.width)]
            start += term.width
    network = rewire(generator.network, _remaining(generator, wires), wires)
    rest = tuple(c for c in sampling.conditions if c.name != condition.name)
    changed = replace(sampling, conditions=rest, encoding=Encoding(tuple(kept)))
    provenance = {**generator.manifest.provenance, f"fixed_{condition.name}": value}
    return Generator.from_network(
        network, changed, name=generator.manifest.name, provenance=provenance
    )


def _remaining(generator: Generator, wires: list[Wire]) -> dict[str, tuple[int]]:
    """Return the inputs without their fixed columns; an input without any other is gone."""
    sizes = {
        name: sum(wire.column is not None for wire in wires[start:stop])
        for name, (start, stop) in generator.columns.items()
    }
    return {name: (size,) for name, size in sizes.items() if size}


def require_sampling(generator: Generator, what: str) -> Sampling:
    """Return the sampling of a generator.

    Raises:
        UnsupportedError: it is a bare network.
    """
    if generator.sampling is None:
        message = f"{what} needs to know what the inputs mean, and a bare network does not say"
        raise UnsupportedError(message, hint="convert the run folder instead of its Keras file")
    return generator.sampling
