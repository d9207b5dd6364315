"""What a model is made of, what it costs, and what each target and contract says to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.converters.contract import apply_contract
from caloexport.converters.contracts import contracts
from caloexport.converters.export import rewritten_for
from caloexport.converters.open import format_of, open_model
from caloexport.converters.readers import Choices
from caloexport.converters.targets import targets
from caloexport.report.graph_lanes import draw
from caloexport.runtime.errors import CaloexportError
from caloexport.runtime.generator import Generator
from caloexport.runtime.layers import layers


@dataclass(frozen=True)
class Inspection:
    """The findings about one model.

    Attributes:
        format: of the file.
        generator: the model.
        targets, contracts: name -> "ok", with a remark if need be, or why not.
    """

    format: str
    generator: Generator
    targets: dict[str, str]
    contracts: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the object ``caloexport.inspect/1``."""
        network = self.generator.network
        return {
            "schema": "caloexport.inspect/1",
            "format": self.format,
            "manifest": self.generator.manifest.to_json(),
            "inputs": {name: list(shape) for name, shape in network.inputs.items()},
            "outputs": {name: list(network.shapes[name]) for name in network.outputs},
            "layers": list(self._layers()),
            "parameters": network.parameters,
            "bytes": 4 * network.parameters,
            "flops": network.flops,
            "targets": self.targets,
            "contracts": self.contracts,
        }

    def tables(self) -> Iterator[Any]:
        """Yield what people read: a heading, the graph, the verdicts."""
        from rich.markup import escape
        from rich.table import Table

        network = self.generator.network
        yield (
            f"{self.generator.manifest.name} ({self.format}): {network.parameters:,} parameters, "
            f"{4 * network.parameters / 1e6:.2f} MB as float32, {network.flops / 1e6:.2f} MFLOP"
        )
        yield self._physics()
        for note in self.generator.manifest.provenance.get("notes", ()):
            yield f"note: {note}"
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("layer", "kind", "shape"):
            table.add_column(heading)
        for heading in ("parameters", "MB", "MFLOP", "read by"):
            table.add_column(heading, justify="right")
        facts = {row["name"]: row for row in self._layers()}
        for drawn in draw(network):
            shape = " x ".join(map(str, network.shapes[drawn.name]))
            row = facts.get(drawn.name, {"what": "input", "parameters": 0, "flops": 0})
            table.add_row(
                escape(f"{drawn.lanes} {drawn.name}"),
                row["what"],
                shape,
                f"{row['parameters']:,}" if row["parameters"] else "",
                f"{4 * row['parameters'] / 1e6:.3f}" if row["parameters"] else "",
                f"{row['flops'] / 1e6:.3f}" if row["flops"] else "",
                str(drawn.fan_out) if drawn.fan_out > 1 else "",
            )
        yield table
        verdicts = Table(box=None, pad_edge=False, header_style="bold")
        verdicts.add_column("target or contract")
        verdicts.add_column("verdict")
        for name, verdict in {**self.targets, **self.contracts}.items():
            verdicts.add_row(name, verdict)
        yield verdicts

    def _physics(self) -> str:
        sampling = self.generator.sampling
        if sampling is None:
            return "a bare network: nothing tells what its inputs and outputs mean"
        conditions = ", ".join(
            f"{c.name} in {{{', '.join(c.categories)}}}"
            if c.categories
            else f"{c.name} {c.low:g} to {c.high:g}"
            for c in sampling.conditions
        )
        noise = f"{sampling.noise.size} {sampling.noise.law}({sampling.noise.a:g}, {sampling.noise.b:g})"
        mesh = " x ".join(map(str, sampling.mesh.shape))
        return (
            f"noise {noise}; conditions {conditions}; output {sampling.output.kind} on a mesh "
            f"{mesh} ({', '.join(sampling.mesh.order)}), cells from {sampling.output.threshold_mev} MeV"
        )

    def _layers(self) -> Iterator[dict[str, Any]]:
        network = self.generator.network
        for node in network.nodes:
            shapes = [network.shapes[name] for name in node.inputs]
            function = node.attributes.get("function")
            yield {
                "name": node.name,
                "kind": node.kind,
                "what": f"{node.kind} {function}" if function else node.kind,
                "inputs": list(node.inputs),
                "shape": list(network.shapes[node.name]),
                "parameters": sum(w.size for w in node.weights.values()),
                "flops": layers[node.kind].flops(node, shapes),
                "consumers": len(network.consumers(node.name)),
            }


def inspect_model(path: Path, choices: Choices | None = None) -> Inspection:
    """Inspect a model of any format that we read.

    Raises:
        InputFileError: the file cannot be read.
    """
    generator = open_model(path, choices)
    return Inspection(
        format_of(path),
        generator,
        {name: _verdict_of_target(generator, name) for name in targets},
        {name: _verdict_of_contract(generator, name) for name in contracts},
    )


def _verdict_of_target(generator: Generator, name: str) -> str:
    try:
        rewritten = rewritten_for(generator, name)
    except CaloexportError as error:
        return error.message
    engine = targets[name].engine_for(rewritten.manifest)
    usual = engine == targets[name].engine
    return "ok" if usual else f"ok, executed by the slower backend '{engine}'"


def _verdict_of_contract(generator: Generator, name: str) -> str:
    try:
        apply_contract(generator, name, contracts[name].targets[0])
    except CaloexportError as error:
        return str(error)
    return "ok"
