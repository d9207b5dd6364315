"""Updates in which each weight is read and written once.

The encoder's first layer and the decoder's last have nearly all weights and take nearly all time;
compiled loops do them, on sparse showers. What is between them stays with TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.processes.threads import cores
from caloexport.runtime.arrays import Array, Float32
from caloexport.training.batches import Batches
from caloexport.training.fastv.kernels.first_layer import sort_by_cell
from caloexport.training.fastv.kernels.large_layers import FirstLayer, LastLayer
from caloexport.training.fastv.kernels.last_layer import Hits
from caloexport.training.fastv.step import Step, apply_adam, kl_sum
from caloexport.training.fastv.workers import Workers


@dataclass(frozen=True)
class Inputs:
    """What an update starts from.

    Attributes:
        hits: of the batch, by cell; conditions are further cells.
        spread: (batch,) standard deviation of the sum of the cells.
        tensors: conditions (batch, width), latent noise (batch, latent), powers of β.
        correction: Adam's √(1 - β2^t) / (1 - β1^t).
    """

    hits: Any
    spread: Float32
    tensors: tuple[Any, ...]
    correction: np.float32


class FusedEngine:
    """Updates of a step's variables.

    Args:
        step: of TensorFlow, with all variables and moments.

    Raises:
        UnsupportedError: TensorFlow does not let others write to its variables.
    """

    def __init__(self, step: Step) -> None:
        self.step, vae = step, step.vae
        threads = step.tf.config.threading.get_intra_op_parallelism_threads()
        workers = Workers(threads or cores())
        slots = {
            id(slot[0]): slot for slot in zip(step.variables, step.first, step.second, strict=True)
        }
        kernel, bias = vae.first.kernel.value, vae.last.bias.value
        frozen, trained = step.last_parts()
        self._first = FirstLayer(kernel, slots.pop(id(kernel), ())[1:], workers)
        self._last = LastLayer(
            frozen, slots.pop(id(trained)), slots.pop(id(bias)), step.total, workers
        )
        self._small = list(slots.values())
        self._between: Any = None

    def inputs(
        self, batches: Batches, number: int, spread: Float32, epsilon: Float32, powers: Float32
    ) -> Inputs:
        showers, conditions = batches.entries(number)
        total = len(showers.cells) + conditions.size
        hits = Hits(
            np.empty(showers.n_cells + conditions.shape[1] + 1, np.int32),
            np.empty(total, np.int32),
            np.empty(total, np.float32),
        )
        cells = showers.cells.astype(np.int32)
        sort_by_cell(cells, showers.offsets, showers.fractions, conditions, *hits)
        one = np.float32(1)
        correction = np.sqrt(one - powers[1]) / (one - powers[0])
        tensors = tuple(map(self.step.tf.constant, (conditions, epsilon, powers)))
        return Inputs(hits, spread, tensors, correction)

    def apply(self, inputs: Inputs, rate: float, *, with_loss: bool) -> Array:
        tf, hits = self.step.tf, inputs.hits
        step = np.float32(rate) * inputs.correction
        # what TensorFlow hands through to _learn_last is its own
        self._now = inputs, step, with_loss
        read = self._first.read(hits, len(inputs.tensors[0]))
        tensors = tf.constant(read), *inputs.tensors, tf.constant(rate, tf.float32)
        if self._between is None:
            self._between = self._compiled(tensors)
        small, *losses, back = self._between(*tensors)
        self._first.learn(hits, back.numpy(), step)
        entropy, kl, error = losses
        wanted = [entropy, kl, error] if with_loss else [small, kl]
        return np.array(wanted, dtype=np.float32)

    def _compiled(self, tensors: tuple[Any, ...]) -> Any:
        """Return what is between the two layers for batches of one size."""
        function = self.step.tf.function(self._small_layers)
        if self.step.tf.config.functions_run_eagerly():
            return function
        return function.get_concrete_function(*tensors)  # spares half a millisecond of choosing

    def _small_layers(
        self, read: Any, conditions: Any, epsilon: Any, powers: Any, rate: Any
    ) -> tuple[Any, ...]:
        """Move the small layers, and the last; return what ``apply`` does and the gradient of read."""
        tf, step, vae = self.step.tf, self.step, self.step.vae
        batch = tf.cast(tf.shape(read)[0], tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(read)
            mean, log_variance = vae.encoder_body(read + vae.first.bias, training=True)
            z = mean + tf.exp(0.5 * log_variance) * epsilon
            h = step.into_last(vae.body(tf.concat([z, conditions], axis=1), training=True))
            kl = kl_sum(tf, mean, log_variance) / batch
        back, totals = tf.numpy_function(self._learn_last, [h], [tf.float32, tf.float32])
        back.set_shape(h.shape)
        of_read, *gradients = tape.gradient(
            [h, kl], [read, *(variable for variable, *_ in self._small)],
            output_gradients=[back, tf.constant(step.beta)],
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )  # fmt: skip
        apply_adam(tf, self._small, gradients, powers, rate)
        small = [tf.reduce_sum(g) for g in gradients if g.shape.rank == 1]  # biases, BN
        sums = tf.add_n([*small, totals[0]])
        return sums, totals[1] / batch, kl, totals[2] / batch, of_read

    def _learn_last(self, h: Float32) -> tuple[Float32, Float32]:
        inputs, rate, with_loss = self._now
        return self._last.learn(h, inputs.hits, inputs.spread, rate, with_loss=with_loss)
