"""Training few weights of a FastV VAE: a low-rank change of its last layer, and the small layers.

Two layers have nearly all weights, 40 500 x 100 each: the encoder's first and the decoder's last.
The first stays as it is. Of the last, a change A B of rank r is trained, r (100 + 40 500) numbers.
All other layers are small and trained as ever, those of the encoder too: were they not, latents of
a new detector's showers would be far from the prior, and showers from the prior worse with every
update.

Source: LoRA, E. J. Hu et al., arXiv:2106.09685.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.training.batches import LOW_RANK, stream
from caloexport.training.fastv.network import Vae
from caloexport.training.fastv.step import Step

#: names in a state
A, B = "low_rank/a", "low_rank/b"
#: name of the kernel that they change
KERNEL = "fractions/kernel"
#: layers that stay as they are: those that read, and that make, all cells
LARGE = (KERNEL, "encoder_dense_1/kernel")


@dataclass(frozen=True)
class LowRank:
    """Section [low_rank].

    Attributes:
        rank: of the change.
    """

    rank: int = 8

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise UsageError(f"rank is {self.rank}, expected 1 or more")


class LowRankStep(Step):
    """Updates of A, B, and of all layers but two.

    Args:
        vae: models whose small weights are changed in place.
        beta, total: weights in the loss.
        rank: of the change.
        seed: of A; B begins with zeros, so that the first update starts from the weights as they are.
    """

    def __init__(self, vae: Vae, beta: float, total: float, rank: int, seed: int) -> None:
        import tensorflow as tf

        width, cells = vae.last.kernel.shape
        if rank > width:
            raise UsageError(f"rank is {rank}, the last layer has no more than {width}")
        first = stream(seed, LOW_RANK, 0).standard_normal((width, rank), dtype=np.float32)
        self.a = tf.Variable(first / np.sqrt(np.float32(width)))
        self.b = tf.Variable(tf.zeros((rank, cells)))
        models = (*vae.encoder.trainable_variables, *vae.decoder.trainable_variables)
        small = [v.value for v in models if v.path not in LARGE]
        super().__init__(vae, beta, total, [*small, self.a, self.b])

    def into_last(self, h: Any) -> Any:
        return self.tf.concat([h, self.tf.matmul(h, self.a)], axis=1)

    def last_parts(self) -> tuple[Any, Any]:
        return self.vae.last.kernel.value, self.b

    def logits(self, z: Any, conditions: Any, *, training: bool) -> Any:
        """Return (batch, cells)."""
        tf = self.tf
        h = self.vae.body(tf.concat([z, conditions], axis=1), training=training)
        change = tf.matmul(tf.matmul(h, self.a), self.b)
        return tf.matmul(h, self.vae.last.kernel) + change + self.vae.last.bias

    def own(self) -> dict[str, Any]:
        """Return A and B by name."""
        return {A: self.a, B: self.b}


def merged(state: Mapping[str, Array]) -> dict[str, Array]:
    """Return a state with the change added to the kernel, without it; of another state a copy.

    >>> state = {"fractions/kernel": np.ones((1, 2)), A: np.ones((1, 1)), B: np.array([[2.0, 0.0]])}
    >>> merged(state)
    {'fractions/kernel': array([[3., 1.]])}
    """
    found = {name: value for name, value in state.items() if name not in (A, B)}
    if A in state:
        found[KERNEL] = changed(state[KERNEL], state[A], state[B])
    return found


def changed(kernel: Array, a: Array, b: Array) -> Float32:
    """Return kernel + A B."""
    return np.asarray(kernel + a @ b, dtype=kernel.dtype)
