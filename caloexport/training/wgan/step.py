"""One update of a WGAN-GP: all critic updates, then the generator's, in one compiled graph.

Sources: Wasserstein GAN with gradient penalty (arXiv:1704.00028); the second critic, which reads
ΣE beside the cells and feels no penalty on it, is ATLAS' DNNCaloSim. The sum is an input of its
own while a critic learns (its gradient stops there) and a function of the cells while the
generator learns (its gradient goes through).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from caloexport.runtime.arrays import Float32
from caloexport.runtime.extras import require
from caloexport.training.decoder import Decoder
from caloexport.training.guard import Guard, energy_score
from caloexport.training.hidden import trainable
from caloexport.training.optimizers import Optimizer
from caloexport.training.wgan.closed_form import TINY, ClosedForm
from caloexport.training.wgan.settings import Critics, Optimizers

#: what an update returns behind its losses: not finite if any weight of the generator is
WEIGHTS = "sum of the generator's weights"
#: the root of a cell is rounded off below the square of this, where its slope would be infinite
ROUND = 0.03


class Step:
    """Weights, optimizers and compiled update.

    Args:
        decoder: the generator.
        critics: Keras models, one per table of ``settings.inputs``.
        settings, optimizers, guard: settings.
        sums: (cells, 1 + layers) matrix that makes ΣE and the layers' energies of cells.
        scale: (cells,) of the critics' cells: fractions over it are what they read.
    """

    def __init__(
        self, decoder: Decoder, critics: Sequence[Any], settings: Critics, optimizers: Optimizers,
        guard: Guard, sums: Float32, scale: Float32,
    ) -> None:  # fmt: skip
        tf = self.tf = require("tensorflow", extra="train")
        self.decoder, self.critics, self.settings, self.guard = decoder, critics, settings, guard
        self.rate_ratio = optimizers.critic_rate
        self.sums, self.inverse = tf.constant(sums), tf.constant(1 / scale)
        self.guard_weights = tf.constant(guard.weights(sums.shape[1] - 1))
        self.critic_variables = trainable(critics)
        self.closed_forms = self._closed_forms() if settings.closed_form else []
        self.for_critics = Optimizer(optimizers.settings, self.critic_variables)
        self.for_generator = Optimizer(optimizers.settings, decoder.variables)
        self.update = tf.function(self._update, autograph=False)
        self.distances = tf.function(self._distances, autograph=False, reduce_retracing=True)

    def _closed_forms(self) -> list[ClosedForm]:
        s, (n_cells, n_sums) = self.settings, self.sums.shape
        widths = {"cells": n_cells, "roots": n_cells, "total": 1, "layers": n_sums - 1}
        return [
            ClosedForm(
                critic, s.stack, {n: widths[n] for n in penalties}, penalties, s.drift, s.one_sided
            )
            for critic, penalties in zip(self.critics, s.inputs, strict=True)
        ]

    @property
    def names(self) -> list[str]:
        """Names of the numbers that an update returns, in order."""
        critics = range(1, len(self.critics) + 1)
        return [
            *(f"critic {i} distance" for i in critics),
            *(f"critic {i} penalty" for i in critics),
            "generator",
            "guard",
            WEIGHTS,
        ]

    def variables(self) -> dict[str, Any]:
        """Return everything that the next update depends on, by name."""
        named = {w.path: w.value for critic in self.critics for w in critic.weights}
        return named | self.decoder.named() | self.moments()

    def moments(self) -> dict[str, Any]:
        """Return what the optimizers remember, by name."""
        return self.for_critics.slots("critics") | self.for_generator.slots("generator")

    def _update(self, real: Mapping[str, Any], made: Mapping[str, Any], rate: Any, t: Any) -> Any:
        """Change the weights; return the losses (see ``names``).

        Args:
            real: ``cells`` (k·batch, cells) fractions of E_inc, ``conditions``, ``mean`` and
                ``spread`` (k·batch, sums) of the sums at their energy, ``latents``, and ``mix``
                (k·batch, 1) uniform: one batch after the other.
            made: the generator's: ``latents`` (2·batch, latent), and ``cells``, ``conditions``,
                ``mean``, ``spread`` of the showers whose conditions it takes.
            rate: learning rate of the generator.
            t: number of this update, from 1.
        """
        fakes = self.decoder.fractions(real["latents"], real["conditions"])  # (k·batch, cells)
        gradients = self._by_closed_form if self.closed_forms else self._by_tape
        losses = []
        for of_variables, of_critics in gradients(real, fakes):
            losses.append(of_critics)
            number = (t - 1) * self.settings.per_update + len(losses)
            self.for_critics.apply(of_variables, rate * self.rate_ratio, number)
        return self.tf.concat([losses[-1], self._generator_update(made, rate, t)], axis=0)

    def _blocks(self, fractions: Any, batch: Mapping[str, Any]) -> dict[str, Any]:
        """Return what critics read of showers: every block by name."""
        cells = fractions * self.inverse
        z = (self.tf.matmul(fractions, self.sums) - batch["mean"]) / batch["spread"]
        roots = self.tf.sqrt(cells + ROUND**2) - ROUND
        return {"cells": cells, "roots": roots, "total": z[:, :1], "layers": z[:, 1:]}

    def _inputs(self, names: Any, blocks: Mapping[str, Any], conditions: Any) -> Any:
        return self.tf.concat([*(blocks[name] for name in names), conditions], axis=1)

    def _value(self, critic: Any, names: Any, blocks: Mapping[str, Any], conditions: Any) -> Any:
        return critic(self._inputs(names, blocks, conditions), training=True)  # (batch, 1)

    def _by_closed_form(
        self, real: Mapping[str, Any], fakes: Any
    ) -> Iterator[tuple[list[Any], Any]]:
        """Yield gradients on the critics' variables, and losses, of one batch after the other.

        Whoever takes them applies them before asking for the next.
        """
        tf, k = self.tf, self.settings.per_update
        false = {**real, "cells": fakes}
        both = {
            name: self._paired(real[name], false[name])
            for name in ("cells", "conditions", "mean", "spread")
        }
        blocks = self._blocks(both["cells"], both)
        showers = [
            tf.split(self._inputs(names, blocks, both["conditions"]), k)
            for names in self.settings.inputs
        ]
        for mix, *inputs in zip(tf.split(real["mix"], k), *showers, strict=True):
            found = [
                closed.gradients(x, mix)
                for closed, x in zip(self.closed_forms, inputs, strict=True)
            ]
            distances, penalties, gradients = zip(*found, strict=True)
            yield list(chain(*gradients)), tf.stack([*distances, *penalties])

    def _paired(self, true: Any, false: Any) -> Any:
        """Return (k·2·batch, width): of each batch the true rows, then the false ones."""
        tf, k, width = self.tf, self.settings.per_update, true.shape[1]
        parts = [tf.reshape(x, (k, -1, width)) for x in (true, false)]
        return tf.reshape(tf.stack(parts, axis=1), (-1, width))

    def _by_tape(self, real: Mapping[str, Any], fakes: Any) -> Iterator[tuple[list[Any], Any]]:
        """Do as :meth:`_by_closed_form`, for any critic."""
        tf, k = self.tf, self.settings.per_update
        parts = {name: tf.split(value, k) for name, value in real.items() if name != "latents"}
        for i, fake in enumerate(tf.split(fakes, k)):
            yield self._taped({name: values[i] for name, values in parts.items()}, fake)

    def _taped(self, part: Mapping[str, Any], fake: Any) -> tuple[list[Any], Any]:
        tf = self.tf
        true_blocks, fake_blocks = self._blocks(part["cells"], part), self._blocks(fake, part)
        both = {name: tf.concat([true_blocks[name], fake_blocks[name]], 0) for name in true_blocks}
        twice = tf.tile(part["conditions"], (2, 1))
        with tf.GradientTape() as tape:
            distances, penalties, drifts = [], [], []
            for critic, weights in zip(self.critics, self.settings.inputs, strict=True):
                # one pass over both: half as many operations
                value = self._value(critic, weights, both, twice)
                true, false = tf.split(value, 2)
                distances.append(tf.reduce_mean(true) - tf.reduce_mean(false))
                drifts.append(tf.reduce_mean(true**2))
                penalties.append(self._penalty(critic, weights, true_blocks, fake_blocks, part))
            loss = tf.add_n(penalties) - tf.add_n(distances)
            loss += self.settings.drift * tf.add_n(drifts)
        gradients = tape.gradient(loss, self.critic_variables)
        return gradients, tf.stack([*distances, *penalties])

    def _penalty(
        self, critic: Any, weights: Mapping[str, float], true: Mapping[str, Any],
        fake: Mapping[str, Any], part: Mapping[str, Any],
    ) -> Any:  # fmt: skip
        """Return Σ over blocks of λ·mean (|∂D/∂block| - 1)², between true and false showers."""
        tf, mix = self.tf, part["mix"]
        points = {name: fake[name] + mix * (true[name] - fake[name]) for name in weights}
        watched = [name for name, penalty in weights.items() if penalty > 0]
        if self.settings.sums_inside:
            watched = [name for name in watched if name == "cells"]
        if not watched:
            return tf.zeros(())
        with tf.GradientTape() as tape:
            tape.watch([points[name] for name in watched])
            read = points
            if self.settings.sums_inside:
                inside = self._blocks(points["cells"] / self.inverse, part)
                read = {**{name: inside[name] for name in weights}, "cells": points["cells"]}
            value = self._value(critic, weights, read, part["conditions"])
        gradients = tape.gradient(value, [points[name] for name in watched])
        terms = []
        for name, gradient in zip(watched, gradients, strict=True):
            norm = tf.sqrt(tf.reduce_sum(gradient**2, axis=1) + TINY)
            excess = tf.nn.relu(norm - 1) if self.settings.one_sided else norm - 1
            terms.append(weights[name] * tf.reduce_mean(excess**2))
        return tf.add_n(terms)

    def _generator_update(self, made: Mapping[str, Any], rate: Any, t: Any) -> Any:
        tf = self.tf
        latents, conditions = made["latents"], made["conditions"]
        if self.guard.used:  # two showers per condition
            conditions = tf.concat([conditions, conditions], axis=0)
        else:
            latents = tf.split(latents, 2)[0]
        with tf.GradientTape() as tape:
            fractions = self.decoder.fractions(latents, conditions)
            adversarial = self._against_critics(fractions, conditions, made)
            guard = self._guarded(fractions, made) if self.guard.used else tf.zeros(())
            loss = adversarial + guard
        variables = self.decoder.variables
        self.for_generator.apply(tape.gradient(loss, variables), rate, t)
        if self.decoder.settings.average:
            self.decoder.average(t)
        return tf.stack([adversarial, guard, self._sum_of_weights()])

    def _sum_of_weights(self) -> Any:
        """Return a number that tells whether the generator's weights are finite.

        A ReLU hides what is not finite from the critics, so the weights are looked at themselves.
        """
        tf = self.tf
        return tf.add_n([tf.reduce_sum(variable) for variable in self.decoder.variables])

    def _against_critics(self, fractions: Any, conditions: Any, made: Mapping[str, Any]) -> Any:
        """Return minus the critics' weighted values of generated showers."""
        tf = self.tf
        copies = 2 if self.guard.used else 1
        standards = {name: tf.tile(made[name], (copies, 1)) for name in ("mean", "spread")}
        blocks = self._blocks(fractions, standards)
        loss = tf.zeros(())
        for critic, names, weight in zip(
            self.critics, self.settings.inputs, self.settings.weights, strict=True
        ):
            loss -= weight * tf.reduce_mean(self._value(critic, names, blocks, conditions))
        return loss

    def _guarded(self, fractions: Any, made: Mapping[str, Any]) -> Any:
        tf = self.tf
        sums = tf.matmul(tf.concat([made["cells"], fractions], axis=0), self.sums)
        truth, first, second = (
            (part - made["mean"]) / made["spread"] for part in tf.split(sums, 3)
        )
        return tf.reduce_sum(self.guard_weights * energy_score(truth, first, second))

    def _distances(self, batch: Mapping[str, Any]) -> Any:
        """Return each critic's mean value of true minus that of generated showers."""
        tf = self.tf
        fakes = self.decoder.fractions(batch["latents"], batch["conditions"])
        true, fake = self._blocks(batch["cells"], batch), self._blocks(fakes, batch)
        return tf.stack(
            [
                tf.reduce_mean(self._value(critic, names, true, batch["conditions"]))
                - tf.reduce_mean(self._value(critic, names, fake, batch["conditions"]))
                for critic, names in zip(self.critics, self.settings.inputs, strict=True)
            ]
        )
