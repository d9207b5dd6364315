"""Refuse what the consumer would misread although the format can say it."""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.converters.contracts import Contract, Form
from caloexport.converters.lwtnn.vocabulary import minimum_version
from caloexport.converters.targets import targets
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator


def require_readable(
    generator: Generator,
    contract: Contract,
    form: Form,
    name: str,
    target: str,
    choices: Mapping[str, str],
) -> None:
    """Check a fitted generator against the limits of the consumer's library.

    Raises:
        UnsupportedError: naming the limit.
    """
    network = generator.network
    if len(network.outputs) != 1:
        message = f"contract {name} reads one output, the network has {len(network.outputs)}"
        raise UnsupportedError(message, hint="save a model that ends in one of them")
    if network.n_outputs < form.cells.at_least:
        message = (
            f"contract {name} reads {form.cells.at_least} outputs at least, the network has "
            f"{network.n_outputs}"
        )
        raise UnsupportedError(message, hint="the consumer cuts the common beginning off labels")
    prepared = network if form.newest_lwtnn is None else targets[target].prepare(network)
    # what the format cannot express at all is the writer's to refuse
    if form.newest_lwtnn is not None and not targets[target].refusals(prepared):
        needed = minimum_version(prepared)
        if _release(needed) > _release(form.newest_lwtnn):
            message = (
                f"contract {name} is read with LWTNN up to {form.newest_lwtnn}, this network "
                f"needs {needed} (an 'add' node or a convolution)"
            )
            raise UnsupportedError(message, hint="train without residual connections")
    for judge in contract.refusals:
        reason = judge(network, generator.sampling, choices)
        if reason is not None:
            raise UnsupportedError(f"contract {name}: {reason}")


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
