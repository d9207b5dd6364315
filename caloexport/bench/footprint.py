"""The bytes that a network cannot do without reading, in a precision."""

from __future__ import annotations

from caloexport.bench.agreement import family_of
from caloexport.runtime.network import Network

#: bytes of one weight of a kernel, by family of precisions
WEIGHT_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
FLOAT_BYTES = 4


def footprint(network: Network, precision: str) -> int | None:
    """Return the bytes of all weights, without padding; None of a precision that nobody knows.

    Kernels count in the family of the precision, 8-bit ones with one scale per output; biases and
    other vectors count as float32. An engine that keeps a small kernel in float32 reads more, so
    the limit that follows holds for each engine of a family.

    Args:
        network: with its weights.
        precision: of a participant, for example ``int8-a8``.

    >>> from caloexport.runtime.network import Node
    >>> import numpy as np
    >>> weights = {"kernel": np.ones((8, 3)), "bias": np.ones(3)}
    >>> network = Network({"x": (8,)}, [Node("y", "dense", ("x",), {}, weights)], ["y"])
    >>> footprint(network, "float32"), footprint(network, "int8-a8")
    (108, 48)
    """
    family = family_of(precision)
    if family not in WEIGHT_BYTES:
        return None
    total = 0
    for node in network.nodes:
        if node.kind == "embedding":  # reads one row of its table
            continue
        for weights in node.weights.values():
            if weights.ndim < 2:
                total += FLOAT_BYTES * weights.size
            else:
                total += WEIGHT_BYTES[family] * weights.size
                total += FLOAT_BYTES * weights.shape[-1] if family == "int8" else 0
    return total
