"""Fit a generator to a contract: the consumer's inputs and slots, unit and order of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from caloexport.converters.contracts import Contract, Form, contracts
from caloexport.converters.fitting.assume import assume, terms_of
from caloexport.converters.fitting.cells import Energy, fit_cells
from caloexport.converters.fitting.choices import require_known, require_unsaid
from caloexport.converters.fitting.columns import (
    Layout,
    all_slots,
    lay_out,
    resolve,
    share_latents,
)
from caloexport.converters.fitting.fix import fix_conditions
from caloexport.converters.fitting.limits import require_readable
from caloexport.converters.fitting.naming import named, published
from caloexport.converters.fitting.proof import require_same_showers
from caloexport.converters.fitting.telling import described
from caloexport.converters.fitting.wiring import Wiring
from caloexport.converters.rewrites.rewire import rewire
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network


def apply_contract(
    generator: Generator,
    name: str | None,
    target: str,
    *,
    fixes: Iterable[str] = (),
    choices: Mapping[str, str] | None = None,
) -> Generator:
    """Return the generator as a contract demands it; only ``fixes`` are done when name is None.

    A bare network, of which nothing tells what its inputs mean, is taken for what the consumer
    feeds when the sizes fit; ``assumed`` in the provenance then says what was assumed.

    Args:
        generator: with sampling, or a bare network.
        name: of the contract.
        target: format that it will be written in.
        fixes: conditions to fold in, ``name=value``.
        choices: what the contract leaves open.

    Raises:
        UnknownName: no such contract, or no such value of a choice.
        UnsupportedError: the generator cannot meet it; says which demand fails and what to do.
        UsageError: a fix or choice that makes no sense, or one that is needed.
        AnswerIsNo: fitting changed the showers.
    """
    choices = dict(choices or {})
    if name is None:
        if choices:
            message = "choices are those of a contract, and none is given"
            raise UsageError(message, hint="name it with --contract")
        return fix_conditions(generator, fixes)
    contract = contracts[name]
    if target not in contract.forms:
        message = f"contract {name} takes {', '.join(contract.targets)}, not {target}"
        raise UnsupportedError(message)
    form = contract.forms[target]
    require_known(choices, form, target, name)
    fitted = _met(generator, contract, name, target, fixes, choices)
    require_readable(fitted, contract, form, name, target, choices)
    return described(fitted, contract, form, name, choices)


def _met(
    generator: Generator,
    contract: Contract,
    name: str,
    target: str,
    fixes: Iterable[str],
    choices: Mapping[str, str],
) -> Generator:
    """Return the generator with the consumer's inputs, output and names."""
    form, layout = contract.forms[target], None
    if generator.sampling is not None:
        require_unsaid(choices, generator.manifest.name)
    elif form.feeds is not None:
        generator, layout = assume(generator, name, contract, target, choices)
    generator = fix_conditions(generator, fixes)
    if form.feeds is None:
        return published(generator, form, choices)
    if generator.sampling is None:
        assert layout is not None
        return named(generator, generator.network, None, form, layout, choices, {})
    return _fitted(generator, generator.sampling, form, name, choices)


def _fitted(
    generator: Generator, sampling: Sampling, form: Form, name: str, choices: Mapping[str, str]
) -> Generator:
    """Feed the network from the consumer's vector, and bring its output into the right form."""
    assert form.feeds is not None
    slots, terms = all_slots(form.feeds), sampling.encoding.terms
    sizes = share_latents(slots, sampling, name)
    layout = lay_out(form.feeds, sizes, resolve(slots, terms, choices, name))
    wiring = Wiring(name, layout)
    wiring.latents(sampling.noise)
    for term in terms:
        wiring.term(term)
    inputs = {feed.name: (width,) for feed, width in layout.feeds}
    network = rewire(generator.network, inputs, wiring.wires)
    network, output, mesh, notes = fit_cells(
        network, sampling, form.cells, _energy(layout, network), name
    )
    ignored = frozenset(column.start for column in wiring.ignored())
    encoding = Encoding(terms_of(layout, ignored))
    kept = {term.condition for term in encoding.terms} | {"energy_mev"}
    conditions = tuple(condition for condition in sampling.conditions if condition.name in kept)
    fitted = Sampling(layout.noise, conditions, encoding, output, mesh)
    notes |= wiring.notes | wiring.left_out()
    made = named(generator, network, fitted, form, layout, choices, notes)
    require_same_showers(generator, made, name)
    return made


def _energy(layout: Layout, network: Network) -> Energy | None:
    found = layout.energy()
    if found is None:
        return None
    column, affine = found
    before = sum(width for _, width in layout.feeds[: column.feed])
    return Energy(list(network.inputs)[column.feed], column.start - before, affine)
