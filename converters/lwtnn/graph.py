"""An LWTNN graph in memory, whichever of the two formats it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from caloexport.converters.lwtnn.architectures import Built
from caloexport.converters.lwtnn.layer import Layer
from caloexport.runtime.arrays import Float64


@dataclass(frozen=True, eq=False)
class InputNode:
    """One entry of ``inputs`` or ``input_sequences``: the network sees (x + offsets)·scales.

    Attributes:
        name: what the C++ looks it up by.
        variables: names, in the order of the file.
        offsets, scales: (variables,).
        steps: length of the sequence; None for a vector.
        position: of its first value in the input vector.
    """

    name: str
    variables: tuple[str, ...]
    offsets: Float64
    scales: Float64
    steps: int | None = None
    position: int = 0

    @property
    def size(self) -> int:
        """Number of values: a sequence stands in the input vector step by step."""
        return len(self.variables) * (1 if self.steps is None else self.steps)


@dataclass(frozen=True)
class GraphNode:
    """One entry of ``nodes``.

    Attributes:
        kind: ``input``, ``feed_forward``, ``concatenate`` or one of the other types.
        sources: indices of nodes; for an input the index into ``inputs`` or ``input_sequences``.
        number: ``size`` of an input, ``layer_index`` where there is one, else -1.
        where: its place in the file.
        name: of our own layer, when we wrote the file.
    """

    kind: str
    sources: tuple[int, ...]
    number: int
    where: str
    name: str = ""


@dataclass(eq=False)
class Graph:
    """A graph that is built and checked.

    Attributes:
        inputs, sequences: in the order of the file.
        nodes: in the order of the file.
        layers: in the order of the file.
        order: indices of the nodes that the output needs, in an order to evaluate them in.
        widths: number of values that each node gives, for a sequence in each step.
        steps: number of steps of the nodes that give sequences.
        built: layers by ``layer_index``, of vectors (or single steps) and of whole sequences.
        output: index of the output node.
        output_name, labels: what the C++ calls the output and each of its values.
        about: the object under the key ``caloexport``, if we wrote the file.
    """

    inputs: list[InputNode]
    sequences: list[InputNode]
    nodes: list[GraphNode]
    layers: list[Layer]
    order: list[int] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    steps: dict[int, int] = field(default_factory=dict)
    built: dict[tuple[int, bool], Built] = field(default_factory=dict)
    output: int = 0
    output_name: str = ""
    labels: list[str] = field(default_factory=list)
    about: Any = None

    @property
    def n_in(self) -> int:
        """Number of input values."""
        return sum(node.size for node in (*self.inputs, *self.sequences))

    @property
    def ports(self) -> list[InputNode]:
        """Inputs and sequences in the order in which they stand in the input vector."""
        return sorted((*self.inputs, *self.sequences), key=lambda node: node.position)

    @property
    def gives_sequence(self) -> bool:
        """Whether the C++ gives the output by ``scan``, step by step, and not by ``compute``."""
        return self.nodes[self.output].kind in SEQUENCES_ONLY

    @property
    def n_out(self) -> int:
        """Number of output values."""
        steps = self.steps[self.output] if self.gives_sequence else 1
        return self.widths[self.output] * steps

    def built_for(self, node: GraphNode) -> Built:
        """Return the layer of a node that has one."""
        return self.built[node.number, node.kind == "sequence"]


#: what the C++ cannot take for a vector; of a node ``sequence`` it takes the last step
SEQUENCES_ONLY = ("input_sequence", "time_distributed")
#: nodes that give a sequence
SEQUENCES = (*SEQUENCES_ONLY, "sequence")
#: nodes that read a sequence; the others read vectors
READ_SEQUENCES = ("sequence", "time_distributed", "sum")
