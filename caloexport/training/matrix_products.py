"""The matrix products in one compiled update: how many operations, and how long they take alone.

Nearly all operations of a dense network are in them, so what they take alone tells how much of an
update is bound by arithmetic.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.extras import require

#: the flags of a product that transpose its factors
FLAGS = {"MatMul": ("transpose_a", "transpose_b"), "BatchMatMulV2": ("adj_x", "adj_y")}
#: operations whose bodies are other graphs
CALLS = frozenset(
    {"PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "While", "StatelessWhile"}
)


@dataclass(frozen=True)
class Product:
    """One product.

    Attributes:
        left, right: shapes of its factors, as they are stored.
        transposed: which of them are transposed first.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    transposed: tuple[bool, bool]

    @property
    def operations(self) -> int:
        """Number of floating-point operations: multiplications and additions.

        >>> Product((64, 276), (64, 256), (True, False)).operations == 2 * 64 * 276 * 256
        True
        """
        columns = self.right[-2] if self.transposed[1] else self.right[-1]
        return 2 * math.prod(self.left) * columns


def products(graph: Any) -> list[Product]:
    """List the products that the outputs of a TensorFlow graph need.

    Raises:
        UnsupportedError: the graph calls others, whose products would be missed.
    """
    found = []
    for operation in _needed(graph):
        if operation.type in CALLS:
            message = f"'{operation.name}' calls another graph ({operation.type})"
            raise UnsupportedError(message, hint="count the products of its body by hand")
        if operation.type in FLAGS:
            left, right = (tuple(tensor.shape.as_list()) for tensor in operation.inputs)
            a, b = (bool(operation.get_attr(flag)) for flag in FLAGS[operation.type])
            found.append(Product(left, right, (a, b)))
    return found


def _needed(graph: Any) -> Iterator[Any]:
    """Yield the operations that the outputs and side effects of a graph depend on."""
    waiting = [*(tensor.op for tensor in graph.outputs), *graph.control_outputs]
    seen: set[str] = set()
    while waiting:
        operation = waiting.pop()
        if operation.name not in seen:
            seen.add(operation.name)
            waiting += [*(tensor.op for tensor in operation.inputs), *operation.control_inputs]
            yield operation


def alone(listed: Sequence[Product]) -> Callable[[], Any]:
    """Return a compiled function that does these products of random numbers, and nothing else.

    As in an update, a factor takes part in several: n products of one kind are those of about √n
    left with √n right factors. No two are the same, for TensorFlow would do them once. Factors
    come from memory more often than in an update, where they were just made: what this takes is
    an upper bound (for the WGAN-GP a fifth above the time that a profile shows in them).
    """
    tf = require("tensorflow", extra="train")
    random = np.random.default_rng(0)

    pools: defaultdict[tuple[int, ...], list[Any]] = defaultdict(list)
    few = {product: math.isqrt(count - 1) + 1 for product, count in Counter(listed).items()}
    for product, number in few.items():
        for shape in (product.left, product.right):
            while len(pools[shape]) < number:
                values = random.standard_normal(shape, dtype=np.float32)
                pools[shape].append(tf.Variable(values))

    def run() -> Any:
        ends: list[Any] = []
        done = Counter[Product]()
        for product in listed:
            i, j = divmod(done[product], few[product])
            left, right = pools[product.left][i], pools[product.right][j]
            done[product] += 1
            a, b = product.transposed
            # one after the other, so that results leave the cache to the next, as in an update
            with tf.control_dependencies(ends[-1:]):
                result = tf.matmul(left, right, transpose_a=a, transpose_b=b)
                ends.append(tf.reshape(result, (-1,))[0])
        return tf.stack(ends)

    compiled: Callable[[], Any] = tf.function(run, autograph=False)
    return compiled
