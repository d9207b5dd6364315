"""Families: trainable kinds of generators; one file each that registers itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UnknownName
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.registry import Registry
from caloexport.training.batches import Batches
from caloexport.training.data import TrainingData

PRESETS = Path(__file__).parent.parent / "presets"


class Trainer(Protocol):
    """A generator in training; everything it does follows from its state and the update number."""

    @property
    def sampling(self) -> Sampling:
        """The physics around the decoder."""

    @property
    def data(self) -> TrainingData:
        """The showers, mirrored copies among them, as batches number them."""

    #: the training showers in batches; who wants to feed others sets it before the first update
    batches: Batches

    def inputs(self, number: int, count: int | None = None) -> Any:
        """Return what an update needs: its batch and its random numbers.

        It is called by another thread while the update before computes, so it reads no weights.

        Args:
            number: of the update, from 0.
            count: updates since the optimizer's moments were zero; None if that is ``number``.
        """

    def weights(self) -> list[Any]:
        """Return the variables that gradients move, in an order that is always the same."""

    def moments(self) -> dict[str, Any]:
        """Return the variables of the optimizer, zero before the first update, named as in a state."""

    def apply(self, inputs: Any, learning_rate: float, *, with_loss: bool) -> dict[str, float]:
        """Do one update of the weights; return the losses by name.

        When they are not asked for, only numbers that cost next to nothing are returned, but at
        least one that is not finite if the training has diverged.

        Raises:
            Diverged: a loss is beyond what the settings allow.
        """

    def validate(self) -> dict[str, float]:
        """Return the losses on the showers held back."""

    def decode(self, latents: Float32, conditions: Float32) -> Array:
        """Return the decoder's output (n, outputs) for latents and condition vectors."""

    def state(self) -> dict[str, Array]:
        """Return every number that the next update depends on."""

    def restore(self, state: Mapping[str, Array], where: str) -> None:
        """Take over a state.

        Raises:
            InputFileError: names or shapes differ from this trainer's own.
        """

    def match_mean(self) -> None:
        """Move the last bias so that the mean shower made is that of the training showers.

        It does nothing where the bias has no such meaning, as before a layer that normalises.
        """

    def save_decoder(self, path: Path) -> None:
        """Write the decoder as a Keras file with one input: latents, then the condition vector."""


class Family(Protocol):
    """A kind of generator.

    Attributes:
        name: its name on the command line.
        summary: one line for ``caloexport list families``.
        default_preset: the preset that is used when none is named.
        sections: of its configuration, beside [training].
        options: extra sections that it knows, of those that not all families do.
        adaptation: settings, by section, that suit a few hundred updates from another run's weights.
    """

    name: str
    summary: str
    default_preset: str
    sections: tuple[str, ...]
    options: tuple[str, ...]
    adaptation: Mapping[str, Mapping[str, Any]]

    def check(self, config: Mapping[str, Any], where: str) -> None:
        """Check the family's own sections of a configuration.

        Raises:
            CaloexportError: naming the key that is wrong.
        """

    def trainer(self, config: Mapping[str, Any], data: TrainingData, seed: int) -> Trainer:
        """Build a generator with fresh weights.

        Raises:
            CaloexportError: the data do not fit the configuration.
        """


families: Registry[Family] = Registry(
    "family", "caloexport.training.families", "caloexport.families"
)


def preset_names(family: str) -> list[str]:
    """List the presets of a family.

    >>> "par04" in preset_names("fastv")
    True
    """
    return sorted(path.stem for path in (PRESETS / family).glob("*.toml"))


def preset_path(family: str, preset: str) -> Path:
    """Return the file of a preset.

    Raises:
        UnknownName: with the nearest name.
    """
    if preset not in preset_names(family):
        raise UnknownName("preset", preset, preset_names(family))
    return PRESETS / family / f"{preset}.toml"
