"""Fit a generator to a contract: the consumer's inputs and slots, unit and order of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from caloexport.converters.contracts import Contract, Feed, Form, contracts
from caloexport.converters.fitting.assume import assume, terms_of
from caloexport.converters.fitting.cells import Energy, fit_cells
from caloexport.converters.fitting.columns import (
    Layout,
    all_slots,
    lay_out,
    resolve,
    share_latents,
)
from caloexport.converters.fitting.fix import fix_conditions
from caloexport.converters.fitting.limits import require_readable
from caloexport.converters.fitting.wiring import Wiring
from caloexport.converters.rewrites.rewire import Wire, rewire
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network

#: choices that any contract understands for a network that does not say what its inputs mean
COMMON_CHOICES = ("inputs", "latents", "mesh")


def parse_choices(given: Iterable[str]) -> dict[str, str]:
    """Read choices of the form ``name=value``.

    Raises:
        UsageError: not of that form.
    """
    choices = {}
    for text in given:
        name, _, value = text.partition("=")
        if not name or not value:
            message = f"'{text}' is not of the form NAME=VALUE"
            raise UsageError(message, hint="for example --choose window=22-High12")
        choices[name] = value
    return choices


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
    """
    if name is None:
        return fix_conditions(generator, fixes)
    contract, choices = contracts[name], dict(choices or {})
    if target not in contract.forms:
        message = f"contract {name} takes {', '.join(contract.targets)}, not {target}"
        raise UnsupportedError(message)
    form, layout = contract.forms[target], None
    _require_known_choices(choices, form, name)
    if generator.sampling is None and form.feeds is not None:
        generator, layout = assume(generator, name, contract, target, choices)
    generator = fix_conditions(generator, fixes)
    if form.feeds is None:
        fitted = _published(generator, form)
    elif generator.sampling is None:
        assert layout is not None
        fitted = _named(generator, generator.network, None, form, layout, {})
    else:
        fitted = _fitted(generator, generator.sampling, form, name, choices)
    require_readable(fitted, contract, form, name, target, choices)
    return _described(fitted, contract, name, choices)


def told(provenance: Mapping[str, Any]) -> list[str]:
    """Return the lines that tell a user what was done to the model, and what to do with it.

    >>> told({"fixed_geometry": "siw", "readers": "Geant4 11.4"})
    ['geometry is fixed: siw', 'read by Geant4 11.4']
    """
    lines = []
    if "assumed" in provenance:
        lines.append(f"assumed, as the file does not tell: {provenance['assumed']}")
    for verb in ("fixed", "absorbed", "rescaled", "rearranged"):
        for key, value in provenance.items():
            if key.startswith(f"{verb}_"):
                lines.append(f"{key.removeprefix(f'{verb}_')} is {verb}: {value}")
    if "readers" in provenance:
        lines.append(f"read by {provenance['readers']}")
    return [*lines, *(f"note: {note}" for note in provenance.get("notes", ()))]


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
    fitted = Sampling(
        layout.noise,
        tuple(condition for condition in sampling.conditions if condition.name in kept),
        encoding,
        output,
        mesh,
    )
    return _named(generator, network, fitted, form, layout, {**wiring.notes, **notes})


def _energy(layout: Layout, network: Network) -> Energy | None:
    found = layout.energy()
    if found is None:
        return None
    column, affine = found
    before = sum(width for _, width in layout.feeds[: column.feed])
    return Energy(list(network.inputs)[column.feed], column.start - before, affine)


def _named(
    generator: Generator,
    network: Network,
    sampling: Sampling | None,
    form: Form,
    layout: Layout,
    notes: Mapping[str, str],
) -> Generator:
    """Return the generator with the names that the consumer looks up."""
    ports = tuple(_port(feed) for feed, _ in layout.feeds)
    interface = Interface(ports, Port(form.cells.name, form.cells.labels))
    return Generator.from_network(
        network,
        sampling,
        name=generator.manifest.name,
        provenance={**generator.manifest.provenance, **notes},
        interface=interface,
    )


def _port(feed: Feed) -> Port:
    return Port(feed.name, feed.labels)


def _published(generator: Generator, form: Form) -> Generator:
    """Return the generator under input names of its own, which the consumer is told."""
    network, sampling = generator.network, generator.sampling
    if form.published is not None and sampling is not None and sampling.noise.size:
        sizes = (sampling.noise.size, sampling.encoding.width)
        inputs = {name: (size,) for name, size in zip(form.published, sizes, strict=True)}
        network = rewire(network, inputs, [Wire(k) for k in range(sum(sizes))])
    ports = tuple(Port(name, "variable_{}") for name in network.inputs)
    interface = Interface(ports, Port(form.cells.name, form.cells.labels))
    return Generator.from_network(
        network,
        sampling,
        name=generator.manifest.name,
        provenance=dict(generator.manifest.provenance),
        interface=interface,
    )


def _described(
    generator: Generator, contract: Contract, name: str, choices: Mapping[str, str]
) -> Generator:
    """Return the generator with what a user of the file must know in its manifest."""
    network, sampling = generator.network, generator.sampling
    advice = [judge(network, sampling, choices) for judge in contract.advice]
    notes = [*contract.notes, *(line for line in advice if line is not None)]
    provenance = {
        **generator.manifest.provenance,
        "contract": name,
        "readers": contract.versions,
        "notes": notes,
        **{f"chosen_{key}": value for key, value in choices.items()},
    }
    manifest = replace(generator.manifest, provenance=provenance)
    return Generator(manifest, lambda: network)


def _require_known_choices(choices: Mapping[str, str], form: Form, name: str) -> None:
    known = {slot.choice for slot in all_slots(form.feeds or ()) if hasattr(slot, "choice")}
    for choice in choices:
        if choice not in {*known, *COMMON_CHOICES}:
            message = f"contract {name} leaves no choice '{choice}'"
            hint = f"choices: {', '.join((*sorted(known), *COMMON_CHOICES))}"
            raise UsageError(message, hint=hint)
