"""Weights of a Keras 1 file: ``dense_1/dense_1_W``, one matrix per gate of a recurrent layer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from caloexport.converters.keras_files.named_weights import NamedWeights
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

#: name in Keras 2 -> in Keras 1; ``running_std`` holds the variance (keras 1.2.2,
#: keras/layers/normalization.py hands it to ``K.batch_normalization`` as such)
NAMES = {
    "kernel": "W",
    "recurrent_kernel": "U",
    "bias": "b",
    "embeddings": "W",
    "moving_mean": "running_mean",
    "moving_variance": "running_std",
    "alpha": "alphas",
}
#: gates in the order in which Keras 2 puts them side by side
GATES = ("ifco", "zrh")


class Keras1Weights:
    """The weights of one layer, asked for by the names of Keras 2.

    Args:
        stored: the weights as the file names them.
        inner: name of the layer that is meant, inside a wrapper that holds several.
    """

    def __init__(self, stored: NamedWeights, inner: str | None = None) -> None:
        self._stored, self._inner = stored, inner
        own = [name for name in stored.names() if name.startswith(f"{inner}_" if inner else "")]
        self._full = {_short(name, inner or stored.layer): name for name in own}

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return the weights of these names."""
        return {name: self._read(NAMES.get(name, name)) for name in names}

    def read_all(self) -> list[Array]:
        """Return all weights of the layer."""
        return self._stored.read_all()

    def inside(self, attribute: str, name: str | None) -> Keras1Weights:
        """Return the weights of a layer called ``name`` that a wrapper holds."""
        return Keras1Weights(self._stored, name or self._inner)

    def _read(self, name: str) -> Array:
        if name in self._full:
            return self._read_full(name)
        for gates in GATES:
            parts = [f"{name}_{gate}" for gate in gates]
            if all(part in self._full for part in parts):
                return np.concatenate([self._read_full(part) for part in parts], axis=-1)
        found = ", ".join(self._full) or "none"
        message = f"weight '{name}' of layer '{self._stored.layer}' is missing; it has {found}"
        raise InputFileError(message, where=self._stored.where, hint="weights of another model?")

    def _read_full(self, name: str) -> Array:
        full = self._full[name]
        return self._stored.read([full])[full]


def _short(name: str, layer: str) -> str:
    """Return a weight's name without that of its layer, or of the layer that a wrapper holds.

    >>> _short("gru_1_W_z", "gru_1"), _short("dense_3_b", "timedistributed_1")
    ('W_z', 'b')
    """
    if name.startswith(f"{layer}_"):
        return name.removeprefix(f"{layer}_")
    return re.sub(r"^[A-Za-z0-9]+_\d+_", "", name)
