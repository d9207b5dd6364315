"""Fit a generator to a contract: one input vector, the consumer's slots, the consumer's order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from caloexport.converters.contracts import Constant, Contract, contracts
from caloexport.converters.rewrites.input_columns import fix_columns, insert_columns
from caloexport.converters.rewrites.merge_inputs import merge_inputs
from caloexport.runtime.conditions import gather
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network
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


def apply_contract(generator: Generator, name: str | None, target: str) -> Generator:
    """Return the generator as a contract demands it; unchanged when ``name`` is None.

    Raises:
        UnknownName: no such contract.
        UnsupportedError: the generator cannot meet it; says which demand fails and what to do.
    """
    if name is None:
        return generator
    contract = contracts[name]
    if target not in contract.targets:
        message = f"contract {name} takes {', '.join(contract.targets)}, not {target}"
        raise UnsupportedError(message)
    sampling = _require_sampling(generator, f"contract {name}")
    _require(name, "noise law", contract.noise, sampling.noise)
    _require(name, "output", contract.output, sampling.output.kind)
    _require(name, "mesh", contract.mesh_shape, sampling.mesh.shape)
    _require(name, "cell order", contract.mesh_order, sampling.mesh.order)
    network = merge_inputs(generator.network)
    free = _idle_slots(contract, sampling, name)
    if free:
        network = insert_columns(network, [contract.noise.size + slot for slot in free])
        # the consumer supplies these slots; for our own sampling they are constants of width 1
        terms = list(sampling.encoding.terms)
        for slot in free:
            terms.insert(slot, _constant_term(contract.slots[slot]))
        sampling = replace(sampling, encoding=Encoding(tuple(terms)))
    return _with(generator, network, sampling, {"contract": name, "readers": contract.versions})


def _fix_one(generator: Generator, name: str, value: str) -> Generator:
    sampling = _require_sampling(generator, f"--fix {name}")
    known = {condition.name: condition for condition in sampling.conditions}
    short = {full.removesuffix("_mev").removesuffix("_rad"): full for full in known}
    condition = known.get(short.get(name, name))
    if condition is None or condition.name == "energy_mev":
        fixable = sorted(set(known) - {"energy_mev"})
        message = f"'{name}' is not a condition that can be fixed"
        raise UsageError(message, hint=f"conditions: {', '.join(fixable)}")
    given = value if condition.categories else parse_quantity(value, condition.dimension or "")
    array = gather([condition], {condition.name: given}, 1, "error")[condition.name]
    columns, kept, start = {}, [], sampling.noise.size
    for term in sampling.encoding.terms:
        if term.condition == condition.name:
            encoded = Encoding((term,)).encode({condition.name: array})[0]
            columns.update({start + k: float(x) for k, x in enumerate(encoded)})
        else:
            kept.append(term)
        start += term.width
    network = fix_columns(merge_inputs(generator.network), columns)
    rest = tuple(c for c in sampling.conditions if c.name != condition.name)
    changed = replace(sampling, conditions=rest, encoding=Encoding(tuple(kept)))
    return _with(generator, network, changed, {f"fixed_{condition.name}": value})


def _idle_slots(contract: Contract, sampling: Sampling, name: str) -> list[int]:
    """Return the consumer's constant slots that the network lacks; check all the others."""
    columns = [term for term in sampling.encoding.terms for _ in range(term.width)]
    wanted = [slot for slot in contract.slots if isinstance(slot, Term)]
    constants = [k for k, slot in enumerate(contract.slots) if isinstance(slot, Constant)]
    if list(sampling.encoding.terms) == wanted:
        return constants
    one_hot = columns[len(wanted) :]
    geometry = all(term.kind == "one_hot" for term in one_hot)
    if columns[: len(wanted)] == wanted and len(one_hot) == len(constants) and geometry:
        return []
    found = ", ".join(
        f"{term.condition} ({term.kind}, {term.width})" for term in sampling.encoding.terms
    )
    message = (
        f"contract {name} feeds {len(contract.slots)} condition slots, the network takes {found}"
    )
    surplus = [t.condition for t in sampling.encoding.terms if t not in wanted]
    hint = f"--fix {surplus[0]}=VALUE folds it into the network" if surplus else None
    raise UnsupportedError(message, hint=hint)


def _constant_term(slot: Term | Constant) -> Term:
    value = slot.value if isinstance(slot, Constant) else 0.0
    return Term("constant", "energy_mev", {"value": value})


def _require(contract: str, what: str, expected: object, found: object) -> None:
    if expected != found:
        message = f"contract {contract} expects the {what} {expected}, the generator has {found}"
        raise UnsupportedError(message)


def _require_sampling(generator: Generator, what: str) -> Sampling:
    if generator.sampling is None:
        message = f"{what} needs to know what the inputs mean, and a bare network does not say"
        raise UnsupportedError(message, hint="convert the run folder instead of its Keras file")
    return generator.sampling


def _with(
    generator: Generator, network: Network, sampling: Sampling, provenance: dict[str, str]
) -> Generator:
    return Generator.from_network(
        network,
        sampling,
        name=generator.manifest.name,
        provenance={**generator.manifest.provenance, **provenance},
    )
