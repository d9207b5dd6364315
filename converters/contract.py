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
    _require(name, "azimuth origin", contract.phi_origin_rad, sampling.mesh.phi_origin_rad)
    constants = {k: c.value for k, c in enumerate(contract.slots) if isinstance(c, Constant)}
    wanted = tuple(slot for slot in contract.slots if isinstance(slot, Term))
    network, notes = merge_inputs(generator.network), {"contract": name}
    chosen = _choice_of(constants, wanted, sampling.encoding)
    if chosen is not None:
        # the consumer always feeds the code of this one category: the others are out of reach
        term, category = chosen
        notes[f"fixed_{term.condition}"] = f"{category} (by the consumer)"
        rest = tuple(c for c in sampling.conditions if c.name != term.condition)
        sampling = replace(sampling, conditions=rest, encoding=Encoding(wanted))
    elif sampling.encoding.terms == wanted:
        network = insert_columns(network, [contract.noise.size + slot for slot in constants])
    else:
        raise _other_slots(contract, wanted, sampling, name)
    # for our own sampling, the slots that the consumer fills are constants
    terms = list(wanted)
    for slot, value in constants.items():
        terms.insert(slot, Term("constant", "energy_mev", {"value": value}))
    sampling = replace(sampling, encoding=Encoding(tuple(terms)))
    return _with(generator, network, sampling, {**notes, "readers": contract.versions})


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


def _choice_of(
    constants: dict[int, float], wanted: tuple[Term, ...], encoding: Encoding
) -> tuple[Term, str] | None:
    """Return the one-hot term that the consumer's constants fill, and the category they mean.

    None when the encoding is anything but the wanted terms and such a one-hot behind them. Which
    category it is follows from the codes of the generator alone: Par04's training and a comment in
    its C++ disagree.
    """
    behind = encoding.terms[len(wanted) :]
    if encoding.terms[: len(wanted)] != wanted or len(behind) != 1 or behind[0].kind != "one_hot":
        return None
    term, values = behind[0], list(constants.values())
    for category, column in term.parameters["codes"].items():
        if [float(k == column) for k in range(term.width)] == values:
            return term, category
    return None


def _other_slots(
    contract: Contract, wanted: tuple[Term, ...], sampling: Sampling, name: str
) -> UnsupportedError:
    terms = sampling.encoding.terms
    found = ", ".join(f"{term.condition} ({term.kind}, {term.width})" for term in terms)
    message = (
        f"contract {name} feeds {len(contract.slots)} condition slots, the network takes {found}"
    )
    surplus = [term.condition for term in terms if term not in wanted]
    hint = f"--fix {surplus[0]}=VALUE folds it into the network" if surplus else None
    return UnsupportedError(message, hint=hint)


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
