"""One update of a VAE: encoder, flow, decoder and guard in one compiled graph.

The reconstruction hardly feels ΣE, so ΣE and the layers' energies have terms of their own. And
all these terms see posterior samples only: what the decoder makes of the prior, which is what
everyone will use, is held by the energy-width guard (``caloexport.training.guard``), whose
gradient reaches the decoder alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.runtime.arrays import Float32
from caloexport.runtime.extras import require
from caloexport.training.decoder import Decoder
from caloexport.training.guard import Guard, energy_score
from caloexport.training.hidden import trainable
from caloexport.training.optimizers import Optimizer, OptimizerSettings
from caloexport.training.vae.flow import Flow, log_normal
from caloexport.training.vae.measure import Measure
from caloexport.training.vae.settings import EncoderSettings, Loss

#: logarithms of the posterior's variance are kept within ± this, so that none overflows
LARGEST_LOG_VARIANCE = 15.0
#: fractions are kept this far from 0 and 1 in a cross-entropy
CLOSEST = 1e-7
#: what an update returns behind its losses: not finite if any weight of the decoder is
WEIGHTS = "sum of the decoder's weights"
TERMS = ("reconstruction", "divergence", "total", "layers", "guard", "cells")


class Step:
    """Weights, optimizer and compiled update.

    Args:
        decoder: what is trained and exported.
        encoder: Keras model, see ``caloexport.training.vae.encoder``.
        flow: on the posterior; without steps it is a plain Gaussian.
        reads: settings of the encoder.
        loss, optimizer, guard: settings.
        sums: (cells, 1 + layers) matrix that makes ΣE and the layers' energies of cells.
        measure: of cells, what the encoder reads and the reconstruction compares.
    """

    def __init__(
        self, decoder: Decoder, encoder: Any, flow: Flow, reads: EncoderSettings, loss: Loss,
        optimizer: OptimizerSettings, guard: Guard, sums: Float32, measure: Measure,
    ) -> None:  # fmt: skip
        tf = self.tf = require("tensorflow", extra="train")
        self.decoder, self.encoder, self.flow = decoder, encoder, flow
        self.reads, self.loss, self.guard = reads, loss, guard
        self.sums, self.measure = tf.constant(sums), measure
        n_layers = sums.shape[1] - 1
        self.sum_weights = tf.constant([loss.total, *[loss.layers / n_layers] * n_layers])
        self.guard_weights = tf.constant(guard.weights(n_layers))
        self.weights = tf.constant([1.0, loss.beta, 1.0, 1.0, 1.0, loss.cells])
        self.variables = [*trainable([encoder]), *flow.weights.values(), *decoder.variables]
        self.optimizer = Optimizer(optimizer, self.variables)
        self.update = tf.function(self._update, autograph=False)
        self.losses = tf.function(self._losses, autograph=False, reduce_retracing=True)

    def state(self) -> dict[str, Any]:
        """Return everything that the next update depends on, by name."""
        named = {weight.path: weight.value for weight in self.encoder.weights}
        return named | self.flow.weights | self.decoder.named() | self.moments()

    def moments(self) -> dict[str, Any]:
        """Return what the optimizer remembers, by name."""
        return self.optimizer.slots("optimizer")

    def _update(self, batch: Mapping[str, Any], rate: Any, number: Any) -> Any:
        """Change the weights; return the loss terms, the loss, and ``WEIGHTS``.

        Args:
            batch: ``cells`` (batch, cells) fractions of E_inc, ``conditions``, ``mean`` and
                ``spread`` (batch, sums) of the sums at their energy, ``energy_mev`` and ``unit``
                (batch, 1) of the measure, and ``latents`` (3·batch, latent) standard normal: the
                posterior's noise, then two prior samples.
            rate: learning rate.
            number: of this update, from 1, float32.
        """
        with self.tf.GradientTape() as tape:
            terms, loss = self._loss(batch, training=True)
        self.optimizer.apply(tape.gradient(loss, self.variables), rate, number)
        if self.decoder.settings.average:
            self.decoder.average(number)
        weights = self.tf.add_n([self.tf.reduce_sum(v) for v in self.decoder.variables])
        return self.tf.concat([terms, [loss, weights]], axis=0)

    def _losses(self, batch: Mapping[str, Any]) -> Any:
        terms, loss = self._loss(batch, training=False)
        return self.tf.concat([terms, [loss]], axis=0)

    def _loss(self, batch: Mapping[str, Any], *, training: bool) -> tuple[Any, Any]:
        """Return the terms (see ``TERMS``) and their weighted sum."""
        tf = self.tf
        noise, first, second = tf.split(batch["latents"], 3)
        z, divergence = self._posterior(batch, noise, training=training)
        latents, conditions = z, batch["conditions"]
        prior = self.guard.used or self.loss.cells > 0
        if prior:  # one pass for the reconstruction and for two prior samples
            latents = tf.concat([z, first, second], axis=0)
            conditions = tf.tile(conditions, (3, 1))
        outputs = self.decoder.outputs(latents, conditions, training=training)
        fractions = self.decoder.fractions_of(outputs)
        rows = tf.shape(z)[0]
        error = self._reconstruction(outputs[:rows], fractions[:rows], batch)
        errors = (fractions[:rows] - batch["cells"]) @ self.sums / batch["spread"]
        squares = self.sum_weights * tf.reduce_mean(errors**2, axis=0)
        terms = tf.stack(
            [
                tf.reduce_mean(error),
                tf.reduce_mean(divergence),
                squares[0],
                tf.reduce_sum(squares[1:]),
                *(self._prior(fractions, batch) if prior else [tf.zeros(())] * 2),
            ]
        )
        return terms, tf.reduce_sum(self.weights * terms)

    def _posterior(
        self, batch: Mapping[str, Any], noise: Any, *, training: bool
    ) -> tuple[Any, Any]:
        """Return latents (batch, latent) and their divergence from the prior (batch,)."""
        tf, latent = self.tf, noise.shape[1]
        read = [self._read(batch), batch["conditions"]]
        if self.reads.sums:
            read.append((batch["cells"] @ self.sums - batch["mean"]) / batch["spread"])
        posterior = self.encoder(tf.concat(read, axis=1), training=training)
        mean, log_variance = posterior[:, :latent], posterior[:, latent : 2 * latent]
        log_variance = tf.clip_by_value(log_variance, -LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)
        z = mean + tf.exp(0.5 * log_variance) * noise
        if not self.flow.steps:
            nats = tf.exp(log_variance) + mean**2 - 1 - log_variance
            return z, 0.5 * tf.reduce_sum(nats, axis=1)
        # With a flow the divergence has no formula: one sample of log q(z|x) - log p(z).
        log_q = log_normal(tf, noise) - 0.5 * tf.reduce_sum(log_variance, axis=1)
        z, log_determinant = self.flow(z, posterior[:, 2 * latent :])
        return z, log_q - log_determinant - log_normal(tf, z)

    def _read(self, batch: Mapping[str, Any]) -> Any:
        """Return what the encoder reads of the cells."""
        if self.reads.reads == "outputs":
            return self.decoder.targets(batch["cells"])[0]
        return self.measure(batch["cells"], batch)

    def _reconstruction(self, outputs: Any, fractions: Any, batch: Mapping[str, Any]) -> Any:
        """Return the error of each shower, summed over cells or outputs (batch,)."""
        tf, cells = self.tf, batch["cells"]
        if self.loss.reconstruction == "outputs":
            targets, exist = self.decoder.targets(cells)
            return tf.reduce_sum(exist * self._cross_entropy(targets, outputs), axis=1)
        if self.loss.reconstruction == "cross-entropy":
            return tf.reduce_sum(self._cross_entropy(cells, fractions), axis=1)
        difference = self.measure(fractions, batch) - self.measure(cells, batch)
        return 0.5 * tf.reduce_sum(difference**2, axis=1)

    def _cross_entropy(self, truth: Any, found: Any) -> Any:
        tf, p = self.tf, self.tf.clip_by_value(found, CLOSEST, 1 - CLOSEST)
        return -(truth * tf.math.log(p) + (1 - truth) * tf.math.log1p(-p))

    def _prior(self, fractions: Any, batch: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return the energy scores of prior samples: weighted sums, cells."""
        tf = self.tf
        _, first, second = tf.split(fractions, 3)
        three = (batch["cells"], first, second)
        sums = ((cells @ self.sums - batch["mean"]) / batch["spread"] for cells in three)
        guard = tf.reduce_sum(self.guard_weights * energy_score(*sums))
        measured = (self.measure(cells, batch) for cells in three)
        return guard, tf.reduce_sum(energy_score(*measured))
