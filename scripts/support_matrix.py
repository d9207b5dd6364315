"""What each target says to each layer, and each consumer to each format: the support matrix."""

from __future__ import annotations

import caloexport.converters.engines  # noqa: F401  # registers the engines
from caloexport.converters.contracts import contracts
from caloexport.converters.readers import readers
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from tests.every_layer import activation_cases, kind_of, layer_cases

VERDICTS = """\
- **yes**: the format has it.
- **rewritten**: the format lacks it, but other layers of it give exactly the same function.
- **in part**: some options of it, see the refusal of the others.
- **numpy**: written, but executed by the numpy reference, not compiled.
- **no**: refused by name when converting (exit code 4), never dropped.
"""


#: takes what savedmodel takes, as long as there are weights: its loader restores a checkpoint
LIKE_SAVEDMODEL = "graphdef"


def layer_rows(names: list[str]) -> list[list[str]]:
    """Return one row for each layer kind and activation: its name, then the verdict of each target.

    The verdict is over all variants that the tests of every target go through.
    """
    cases: dict[str, list[Network]] = {}
    for case, network in (*layer_cases(), *activation_cases()):
        kind = kind_of(case)
        label = kind
        if kind == "activation":
            label = f"activation {network.nodes[0].attributes['function']}"
        cases.setdefault(label, []).append(network)
    return [
        [label, *(_verdict(networks, name) for name in names)]
        for label, networks in sorted(cases.items(), key=lambda item: _place(item[0]))
    ]


def _place(label: str) -> tuple[bool, str]:
    return label.startswith("activation"), label


def _verdict(networks: list[Network], name: str) -> str:
    found = {_verdict_of(network, name) for network in networks}
    if len(found) == 1:
        return found.pop()
    if "no" in found:
        return "in part"
    return "rewritten" if "rewritten" in found else "numpy"


def _verdict_of(network: Network, name: str) -> str:
    target = targets[name]
    if not target.refusals(network):
        engine = backends[target.engine_for(Generator.from_network(network).manifest)]
        return "numpy" if name == "numba" and engine is backends["numpy"] else "yes"
    return "rewritten" if not target.refusals(target.prepare(network)) else "no"


def contract_rows() -> list[list[str]]:
    """Return one row for each contract: its name, formats, readers, what they feed and expect."""
    return [
        [f"`{name}`", ", ".join(entry.targets), entry.versions, entry.summary]
        for name, entry in ((name, contracts[name]) for name in contracts)
    ]


def reader_rows() -> list[list[str]]:
    """Return one row for each format that a model can come in."""
    return [[name, readers[name].summary] for name in readers]


def table(heading: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
