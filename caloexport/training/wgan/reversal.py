"""Generator and critics at once: one backward pass with the generator's gradient reversed.

Source: the gradient reversal layer of Ganin and Lempitsky (arXiv:1409.7495, 1505.07818). It is the
identity forwards and turns the sign backwards, so that one descent of

    Σ over critics of mean D(R(G(z))) - mean D(true) + penalties

lets every critic fall and the generator climb on the mean D(G(z)) of its showers, each by its own
gradient at the weights before the update. Alternating updates show the generator critics that have
moved on; here all networks see each other as they were, which costs one pass over the generator
instead of two, and no critic may be trained further than the generator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.runtime.extras import require
from caloexport.training.wgan.step import Step


def reversed_gradient(x: Any, weight: float) -> Any:
    """Return x, whose gradient comes back multiplied by -weight; part of a graph."""
    tf = require("tensorflow", extra="train")

    @tf.custom_gradient  # type: ignore[untyped-decorator]  # tensorflow has no types
    def reverse(values: Any) -> Any:
        return tf.identity(values), lambda upstream: -weight * upstream

    return reverse(x)


class ReversalStep(Step):
    """As :class:`Step`, with one update of all networks at once instead of one after the other.

    The generator's adversarial loss is on the showers and conditions that the critics see; the
    conditions drawn for it serve the guard alone.
    """

    def _update(self, real: Mapping[str, Any], made: Mapping[str, Any], rate: Any, t: Any) -> Any:
        tf = self.tf
        with tf.GradientTape() as tape:
            fakes = self.decoder.fractions(real["latents"], real["conditions"])  # (batch, cells)
            critics, reported = self._all_critics(fakes, real)
            guard = self._guard_of(made) if self.guard.used else tf.zeros(())
            loss = critics + guard
        generator = self.decoder.variables
        gradients = tape.gradient(loss, [*generator, *self.critic_variables])
        self.for_generator.apply(gradients[: len(generator)], rate, t)
        self.for_critics.apply(gradients[len(generator) :], rate * self.rate_ratio, t)
        if self.decoder.settings.average:
            self.decoder.average(t)
        return tf.concat([reported, tf.stack([guard, self._sum_of_weights()])], axis=0)

    def _all_critics(self, fakes: Any, real: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return the loss that all descend, and distances, penalties and the generator's loss."""
        tf, conditions = self.tf, real["conditions"]
        true, still = self._blocks(real["cells"], real), self._blocks(tf.stop_gradient(fakes), real)
        distances, penalties, drifts, against = [], [], [], []
        for critic, names, weight in zip(
            self.critics, self.settings.inputs, self.settings.weights, strict=True
        ):
            turned = self._blocks(reversed_gradient(fakes, weight), real)
            on_true = self._value(critic, names, true, conditions)  # (batch, 1)
            on_fakes = tf.reduce_mean(self._value(critic, names, turned, conditions))
            distances.append(tf.reduce_mean(on_true) - on_fakes)
            drifts.append(tf.reduce_mean(on_true**2))
            penalties.append(self._penalty(critic, names, true, still, real))
            against.append(-weight * on_fakes)
        loss = tf.add_n(penalties) - tf.add_n(distances) + self.settings.drift * tf.add_n(drifts)
        return loss, tf.stack([*distances, *penalties, tf.add_n(against)])

    def _guard_of(self, made: Mapping[str, Any]) -> Any:
        """Return the guard of two showers for each of the conditions drawn."""
        conditions = self.tf.concat([made["conditions"], made["conditions"]], axis=0)
        return self._guarded(self.decoder.fractions(made["latents"], conditions), made)
