"""A decoder in training: hidden layers and a head, fed latents and condition vector at once.

Families share it, for all of them end in the same thing: one network from noise and conditions
to cells, whose cells are scaled to be near 1 while training and saved in their true units.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.noise import NoiseLaw
from caloexport.training.data import TrainingData
from caloexport.training.heads import Head
from caloexport.training.hidden import Hidden, seeds_of, stack
from caloexport.training.terms import conditions_for

#: weight of the newest weights in their average at the start, 1 / (1 + t / WARM_UP)
WARM_UP = 10.0


@dataclass(frozen=True)
class DecoderSettings:
    """Section [network].

    Attributes:
        latent: number of latents.
        hidden: widths of the hidden layers.
        block: of each, see ``caloexport.training.hidden``.
        law, law_a, law_b: of the latents: ``"normal"`` with mean and sigma, or ``"uniform"``.
        negative_slope, per_unit, initializer: see ``caloexport.training.hidden.Hidden``.
        scale_power: while training, a cell is measured in units of (its typical fraction)^power;
            0 trains on plain fractions, 1 makes all cells count alike.
        condition_gain: the weights that read the conditions start this many times larger: there
            are hundreds of latents to a handful of conditions, which matter most.
        average: decay of the running average of the weights that is scored and saved; 0 for none.
        threshold_mev: readout cut.
    """

    latent: int
    hidden: tuple[int, ...]
    block: str = "swish"
    law: str = "normal"
    law_a: float = 0.0
    law_b: float = 1.0
    negative_slope: float = 0.2
    per_unit: bool = False
    initializer: str = "glorot_uniform"
    scale_power: float = 0.0
    condition_gain: float = 1.0
    average: float = 0.0
    threshold_mev: float = 0.0005

    def __post_init__(self) -> None:
        if self.latent < 1 or not 0 <= self.average < 1 or not 0 <= self.scale_power <= 1:
            message = (
                f"latent, average, scale_power are {self.latent}, {self.average:g}, "
                f"{self.scale_power:g}, expected latent ≥ 1, 0 ≤ average < 1, 0 ≤ scale_power ≤ 1"
            )
            raise UsageError(message)
        if self.condition_gain <= 0 or not 0 <= self.threshold_mev < np.inf:
            message = (
                f"condition_gain, threshold_mev are {self.condition_gain:g}, "
                f"{self.threshold_mev:g}, expected a positive number and one of 0 or more"
            )
            raise UsageError(message)
        self.stack, self.noise  # noqa: B018  # raise what is wrong with them

    @property
    def stack(self) -> Hidden:
        """The hidden layers."""
        return Hidden(self.hidden, self.block, self.negative_slope, self.per_unit, self.initializer)

    @property
    def noise(self) -> NoiseLaw:
        """The law of the latents."""
        law: Literal["normal", "uniform"] = "uniform" if self.law == "uniform" else "normal"
        if law != self.law:
            message = f"law is '{self.law}', expected 'normal' or 'uniform'"
            raise UsageError(message)
        return NoiseLaw(self.latent, law, self.law_a, self.law_b)


class Decoder:
    """Keras model, scale and average of one decoder in training.

    Args:
        settings: sizes.
        head: last layers.
        encoding: of the conditions.
        data: showers, from which scale and ranges come.
        seed: of the weights.

    Attributes:
        model: Keras model, (batch, latent + conditions) -> output.
        sampling: the physics around it.
        unit: (cells,) what fractions are divided by where cells shall count alike: the typical
            fraction of each to the power of ``scale_power``.
        scale: (cells,) what its cells are multiplied with to be fractions of E_inc.
    """

    def __init__(
        self, settings: DecoderSettings, head: Head, encoding: Encoding, data: TrainingData,
        seed: int,
    ) -> None:  # fmt: skip
        self.tf = require("tensorflow", extra="train")
        self.settings, self.head, self.mesh = settings, head, data.mesh
        self.width, self.seed = settings.latent + encoding.width, seed
        self.sampling = Sampling(
            settings.noise,
            conditions_for(data, encoding),
            encoding,
            head.output_map(settings.threshold_mev),
            data.mesh,
        )
        self.unit: Float32 = typical_fractions(data) ** settings.scale_power
        self.scale = head.scale(self.unit)
        self.model = self._build()
        self._strengthen()
        head.start(self.model, self.mesh, data.showers.mean(data.training))
        self._averaged = (
            [self.tf.Variable(v.value) for v in self.model.weights] if settings.average else []
        )

    def _build(self) -> Any:
        keras = require("keras", extra="train")
        seeds = seeds_of(self.seed)
        vector = keras.Input((self.width,), name="latents_and_conditions")
        hidden = stack(vector, self.settings.stack, seeds, "decoder")
        output = self.head.build(hidden, self.mesh, seeds)
        return keras.Model(vector, output, name="decoder")

    def _strengthen(self) -> None:
        kernel = self.model.trainable_variables[0]
        values = kernel.numpy()
        values[self.settings.latent :] *= self.settings.condition_gain
        kernel.assign(values)

    @property
    def variables(self) -> list[Any]:
        """Trainable TensorFlow variables."""
        return [variable.value for variable in self.model.trainable_variables]

    def outputs(self, latents: Any, conditions: Any, *, training: bool = False) -> Any:
        """Return what the last layers give (batch, outputs), in a graph."""
        return self.model(self.tf.concat([latents, conditions], axis=1), training=training)

    def fractions(self, latents: Any, conditions: Any, *, training: bool = False) -> Any:
        """Return cells as fractions of E_inc (batch, cells), in a graph."""
        return self.fractions_of(self.outputs(latents, conditions, training=training))

    def fractions_of(self, outputs: Any) -> Any:
        """Return the cells that outputs mean, as fractions of E_inc (batch, cells), in a graph."""
        return self.head.fractions(outputs, self.mesh, self.scale)

    def targets(self, cells: Any) -> tuple[Any, Any]:
        """Return what :meth:`outputs` should be for true showers, and 1 where that exists."""
        return self.head.targets(cells, self.mesh, self.scale)

    def average(self, number: Any) -> None:
        """Move the averaged weights towards the weights; part of a graph.

        Args:
            number: count of this update from 1, float32.
        """
        tf = self.tf
        decay = tf.minimum(self.settings.average, 1 - 1 / (1 + number / WARM_UP))
        for averaged, variable in zip(self._averaged, self.model.weights, strict=False):
            averaged.assign_add((1 - decay) * (variable.value - averaged))

    def named(self) -> dict[str, Any]:
        """Return weights and averaged weights by name, for the checkpoint."""
        found = {weight.path: weight.value for weight in self.model.weights}
        return found | {
            f"average/{name}": averaged
            for name, averaged in zip(found, self._averaged, strict=False)
        }

    def for_file(self) -> Any:
        """Return a copy of the Keras model that emits true units, with the averaged weights."""
        copy = self._build()
        copy.set_weights([np.asarray(w) for w in self._averaged] or self.model.get_weights())
        self.head.fold(copy, self.scale)
        return copy

    def save(self, path: Path) -> None:
        """Write :meth:`for_file` as a Keras file."""
        self.for_file().save(path)


def typical_fractions(data: TrainingData) -> Float32:
    """Return the root mean square of each cell's fraction, (cells,), over all energies alike.

    Cells that no training shower hits get a thousandth of the smallest other.
    """
    chosen = data.training
    energy = data.energy_mev[chosen]
    squares = np.zeros(data.showers.n_cells)
    _, group, counts = np.unique(energy, return_inverse=True, return_counts=True)
    weights = 1 / counts[group]
    for shower, weight in zip(chosen, weights, strict=True):
        cells, fractions = data.showers.entries(shower)
        squares[cells] += weight * fractions.astype(np.float64) ** 2
    root: Array = np.sqrt(squares / len(counts))
    filled = root[root > 0]
    return np.where(root > 0, root, 1e-3 * filled.min(initial=1.0)).astype(np.float32)
