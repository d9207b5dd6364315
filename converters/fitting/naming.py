"""Give a fitted generator the names that the consumer looks up, or publish its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caloexport.converters.contracts import Form
from caloexport.converters.fitting.choices import dtype_of, whole_number
from caloexport.converters.fitting.columns import Layout
from caloexport.converters.rewrites.rewire import Wire, rewire
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network


def named(
    generator: Generator,
    network: Network,
    sampling: Sampling | None,
    form: Form,
    layout: Layout,
    choices: Mapping[str, str],
    notes: Mapping[str, str],
) -> Generator:
    """Return a generator under the names of the consumer.

    Args:
        generator: gives name and provenance.
        network: of the consumer's inputs.
        sampling: of it; None for a bare network.
        form: of the contract.
        layout: the consumer's inputs.
        choices: of the user.
        notes: what was done, for the provenance.
    """
    ports = [Port(feed.name, feed.labels) for feed, _ in layout.feeds]
    return _with_interface(generator, network, sampling, _interface(ports, form, choices), notes)


def published(generator: Generator, form: Form, choices: Mapping[str, str]) -> Generator:
    """Return a generator under input names of its own, which the consumer is told."""
    network, sampling = generator.network, generator.sampling
    if form.published is not None and sampling is not None and sampling.noise.size:
        sizes = (sampling.noise.size, sampling.encoding.width)
        inputs = {name: (size,) for name, size in zip(form.published, sizes, strict=True)}
        network = rewire(network, inputs, [Wire(k) for k in range(sum(sizes))])
    ports = [Port(name, "variable_{}") for name in network.inputs]
    return _with_interface(generator, network, sampling, _interface(ports, form, choices), {})


def _interface(ports: Sequence[Port], form: Form, choices: Mapping[str, str]) -> Interface:
    output = Port(form.cells.name, form.cells.labels)
    batch = whole_number(choices, "batch")
    return Interface(tuple(ports), output, batch, dtype_of(choices, form))


def _with_interface(
    generator: Generator,
    network: Network,
    sampling: Sampling | None,
    interface: Interface,
    notes: Mapping[str, Any],
) -> Generator:
    return Generator.from_network(
        network,
        sampling,
        name=generator.manifest.name,
        provenance={**generator.manifest.provenance, **notes},
        interface=interface,
    )
