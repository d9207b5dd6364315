"""One update of a FastV VAE, compiled once.

The gradient of the summed binary cross-entropy with respect to the logits is p - x; using it
directly saves the evaluation of the loss, which is dear (40 500 logarithms per shower) and only
wanted now and then.
"""

from __future__ import annotations

from typing import Any

from caloexport.runtime.extras import require
from caloexport.training.fastv.network import Vae

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
#: standard deviations of ΣE beyond which its error counts linearly: tails must not rule
FAR = 5.0


class Step:
    """Adam on the loss: mean over the batch of [Σ over cells of BCE + β·KL + total·error of ΣE²].

    Args:
        vae: models whose weights are changed in place.
        beta: weight of the KL of one shower.
        total: weight of the squared error of ΣE in standard deviations, linear beyond FAR.
        variables: that gradients move; None for all that are trainable.
    """

    def __init__(
        self, vae: Vae, beta: float, total: float = 0.0, variables: list[Any] | None = None
    ) -> None:  # fmt: skip
        tf = require("tensorflow", extra="train")
        self.tf, self.vae, self.beta, self.total = tf, vae, beta, total
        self.variables = [v.value for v in _trainable(vae)] if variables is None else variables
        self.first = [tf.Variable(tf.zeros_like(v)) for v in self.variables]
        self.second = [tf.Variable(tf.zeros_like(v)) for v in self.variables]
        self.update = tf.function(self._update)
        self.losses = tf.function(self._losses, reduce_retracing=True)  # the last block is short

    def into_last(self, h: Any) -> Any:
        """Return the inputs of ``last_parts``, beside each other, for what the last layer gets."""
        return h

    def last_parts(self) -> tuple[Any, Any]:
        """Return the last layer's kernel in two parts: one that stays, or None, and one trained."""
        return None, self.vae.last.kernel.value

    def logits(self, z: Any, conditions: Any, *, training: bool) -> Any:
        """Return (batch, cells)."""
        tf = self.tf
        h = self.vae.body(tf.concat([z, conditions], axis=1), training=training)
        return tf.matmul(h, self.vae.last.kernel) + self.vae.last.bias  # (batch, cells)

    def _update(
        self, cells: Any, conditions: Any, spread: Any, epsilon: Any, powers: Any, rate: Any,
        with_loss: bool,
    ) -> Any:  # fmt: skip
        """Change the weights; return (BCE, KL, error of ΣE²) per shower.

        Without ``with_loss``, (sum of small gradients, KL): it costs next to nothing, and a number
        that is not finite anywhere shows in it.

        Args:
            cells: (batch, cells) fractions.
            conditions: (batch, width).
            spread: (batch,) standard deviation of Σ fractions.
            epsilon: (batch, latent) standard normal, fresh for every update.
            powers: β1^t and β2^t of Adam.
            rate: learning rate.
            with_loss: a Python bool: there is one compiled function for each value.
        """
        tf = self.tf
        batch = tf.cast(tf.shape(cells)[0], tf.float32)
        with tf.GradientTape() as tape:
            logits, kl = self._forward(tape, cells, conditions, epsilon)
            kl /= batch
        towards = [self._towards(logits, cells, spread) / batch, tf.constant(self.beta)]
        gradients = tape.gradient(
            [logits, kl], self.variables, output_gradients=towards,
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )  # fmt: skip
        slots = zip(self.variables, self.first, self.second, strict=True)
        apply_adam(tf, list(slots), gradients, powers, rate)
        if not with_loss:
            small = [tf.reduce_sum(g) for g in gradients if g.shape.rank == 1]  # biases, BN
            return tf.stack([tf.add_n(small), kl])
        cross_entropy = cross_entropy_sum(tf, logits, cells) / batch
        return tf.stack([cross_entropy, kl, self._total_sum(logits, cells, spread) / batch])

    def _towards(self, logits: Any, cells: Any, spread: Any) -> Any:
        """Return the gradient of cross-entropy and of the error of ΣE at the logits (batch, cells)."""
        made = self.tf.sigmoid(logits)
        towards = made - cells
        if not self.total:
            return towards
        error = self.tf.reduce_sum(towards, axis=1) / spread  # (batch,)
        slope = 2 * self.total * self.tf.clip_by_value(error, -FAR, FAR) / spread
        return towards + slope[:, None] * made * (1 - made)

    def _total_sum(self, logits: Any, cells: Any, spread: Any) -> Any:
        """Return the squared error of ΣE in standard deviations, linear beyond FAR, over the batch."""
        if not self.total:
            return self.tf.constant(0.0)
        error = self.tf.reduce_sum(self.tf.sigmoid(logits) - cells, axis=1) / spread
        near = self.tf.clip_by_value(error, -FAR, FAR)
        return self.tf.reduce_sum(near * (2 * error - near))

    def _forward(self, tape: Any, cells: Any, conditions: Any, epsilon: Any) -> Any:
        """Return the logits (batch, cells), and Σ KL over the batch."""
        mean, log_variance = self.vae.encoder([cells, conditions], training=True)
        z = mean + self.tf.exp(0.5 * log_variance) * epsilon
        return self.logits(z, conditions, training=True), kl_sum(self.tf, mean, log_variance)

    def _losses(self, cells: Any, conditions: Any, spread: Any, epsilon: Any) -> Any:
        """Return (Σ BCE, Σ KL, Σ error of ΣE²) over the showers, with the moving statistics of inference."""
        tf = self.tf
        mean, log_variance = self.vae.encoder([cells, conditions], training=False)
        z = mean + tf.exp(0.5 * log_variance) * epsilon
        logits = self.logits(z, conditions, training=False)
        return tf.stack(
            [
                cross_entropy_sum(tf, logits, cells),
                kl_sum(tf, mean, log_variance),
                self._total_sum(logits, cells, spread),
            ]
        )


def apply_adam(
    tf: Any, slots: list[tuple[Any, Any, Any]], gradients: list[Any], powers: Any, rate: Any
) -> None:
    """Move variables; a slot is a variable and its two moments."""
    for (variable, first, second), gradient in zip(slots, gradients, strict=True):
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle, m=first.handle, v=second.handle,
            beta1_power=powers[0], beta2_power=powers[1], lr=rate,
            beta1=BETA_1, beta2=BETA_2, epsilon=EPSILON, grad=gradient,
        )  # fmt: skip


def cross_entropy_sum(tf: Any, logits: Any, cells: Any) -> Any:
    """Return the binary cross-entropy summed over batch and cells."""
    return tf.reduce_sum(tf.nn.softplus(logits)) - tf.reduce_sum(logits * cells)


def kl_sum(tf: Any, mean: Any, log_variance: Any) -> Any:
    """Return the divergence of N(mean, variance) from N(0, 1), summed over batch and latents."""
    return -0.5 * tf.reduce_sum(1 + log_variance - mean**2 - tf.exp(log_variance))


def _trainable(vae: Vae) -> list[Any]:
    return [*vae.encoder.trainable_variables, *vae.decoder.trainable_variables]
