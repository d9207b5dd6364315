"""What a layer of LWTNN can be: one small file for each value of the key ``architecture``.

Each says how its JSON is read and checked, what the C++ computes (``generic/Stack.tcc``, 2.14.1)
and which of our layers mean the same, in both directions. What the C++ would compute wrongly
without a word is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from caloexport.converters.lwtnn.layer import Layer
from caloexport.runtime.arrays import Float64
from caloexport.runtime.network import Network, Node
from caloexport.runtime.registry import Registry

#: from (rows, n_in) to (rows, n_out); the rows are the steps of a sequence, or one for a vector
Compute = Callable[[Float64], Float64]


@dataclass(frozen=True, eq=False)
class Built:
    """A layer for a known number of inputs.

    Attributes:
        layer: what it was built of.
        n_in, n_out: sizes.
        compute: its mathematics.
    """

    layer: Layer
    n_in: int
    n_out: int
    compute: Compute


class Architecture:
    """One value of ``architecture``.

    Attributes:
        sequence: it reads a whole sequence and belongs into nodes of type ``sequence``; else it
            reads vectors and belongs into ``feed_forward`` and ``time_distributed``.
        since: oldest release of LWTNN that has it.
        kinds: our layer kinds that it expresses.
    """

    sequence: ClassVar[bool] = False
    since: ClassVar[str] = "2.8"
    kinds: ClassVar[tuple[str, ...]] = ()

    def parse(self, data: Any, where: str) -> Layer:
        """Read one entry of ``layers``.

        Raises:
            InputFileError: a key is missing, of the wrong type, or an unknown name.
        """
        raise NotImplementedError

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        """Return the number of outputs for a number of inputs, and the mathematics.

        Raises:
            InputFileError: its numbers do not fit.
        """
        raise NotImplementedError

    def steps(self, layer: Layer, n_in: int, steps: int) -> int:
        """Return the number of steps of what it makes of a sequence.

        Raises:
            InputFileError: the C++ cannot evaluate a sequence of this length.
        """
        return steps

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        """Return our layers that mean the same, each reading the one before; the first has the name.

        Raises:
            UnsupportedError: our layers cannot express it.
        """
        raise NotImplementedError

    def refusal(self, network: Network, node: Node) -> str | None:
        """Say why it cannot express a node of one of its kinds; None when it can."""
        return None

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        """Return the layers, one reading the other, that mean the same as a node.

        Args:
            node: of one of its kinds, without a refusal.
            follower: an activation that only reads this node, to become part of the layer.
        """
        raise NotImplementedError


architectures: Registry[Architecture] = Registry(
    "architecture", "caloexport.converters.lwtnn.architectures"
)


def build_layer(layer: Layer, n_in: int) -> Built:
    """Build a layer for a number of inputs.

    Raises:
        InputFileError: its numbers do not fit.
    """
    n_out, compute = architectures[layer.architecture].build(layer, n_in)
    return Built(layer, n_in, n_out, compute)


def for_kind(kind: str) -> Architecture | None:
    """Return the architecture that expresses one of our layer kinds, if there is one."""
    for name in architectures:
        if kind in architectures[name].kinds:
            return architectures[name]
    return None
