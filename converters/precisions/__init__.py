"""Precisions: how finely weights are stored, one file each.

A precision rounds the weights of a network to values that its files can hold exactly. So a file
proves itself against the rounded network to the usual tolerance, and what the rounding does to
the physics is a question of its own, asked once, when exporting (``precision_shift.py``).
"""

from __future__ import annotations

from dataclasses import replace

from caloexport.converters.quantisation.error_feedback import RoundRow
from caloexport.converters.rewrites.equal_rows import equal_rows
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network
from caloexport.runtime.registry import Registry


class Precision:
    """A way to store weights.

    Attributes:
        summary: one line for messages and lists.
        cell: largest change of a cell that is accepted, of the largest cell of its shower.
        total: largest change of the shower's energy, and of a layer's, of the shower's energy.
        equal_ranges: whether activations lose so many digits that they are first brought to one
            range.
    """

    summary: str = ""
    cell: float = 0.0
    total: float = 0.0
    equal_ranges: bool = False

    def rounded(self, kernel: Array, layer: str) -> Array:
        """Return a kernel (two axes or more) in float32, each value one that can be stored.

        Raises:
            UnsupportedError: a value is too large.
        """
        raise NotImplementedError

    def row_by_row(self, matrix: Array) -> RoundRow:
        """Return what rounds single rows of a matrix (n_in, n_out), moved a little since.

        What they become together is something that :meth:`rounded` would leave as it is.
        """
        return lambda k, row, columns: self.rounded(row[None], "")[0]


precisions: Registry[Precision] = Registry(
    "precision", "caloexport.converters.precisions", "caloexport.precisions"
)


#: kernels that hold a smaller part of all weights save nothing worth their digits, and stay
SMALLEST_SHARE = 0.01


def rounded_network(network: Network, precision: str) -> Network:
    """Return the network with its kernels rounded; vectors (biases, scales) stay as they are.

    So do small kernels, such as those of the narrow layers behind the latents, through which every
    cell depends on every weight. The rows of dense kernels are brought to one size first.

    Raises:
        UnknownName: no such precision.
        UnsupportedError: a weight that it cannot hold.
    """
    entry = precisions[precision]
    smallest = SMALLEST_SHARE * network.parameters

    def rounds(weight: Array) -> bool:
        return weight.ndim >= 2 and weight.size >= smallest

    network = equal_rows(network, chosen=lambda node: rounds(node.weights["kernel"]))
    nodes = [
        replace(
            node,
            weights={
                key: entry.rounded(weight, node.name) if rounds(weight) else weight
                for key, weight in node.weights.items()
            },
        )
        for node in network.nodes
    ]
    return Network(network.inputs, nodes, network.outputs)
