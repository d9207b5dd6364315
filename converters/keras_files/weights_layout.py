"""Where the weights are in an HDF5 file that Keras wrote.

    layers/dense_3/vars/0            numbered: inside a .keras, and .weights.h5
    model_weights/dense/…/kernel:0   named: .h5 of model.save
    dense/…/kernel:0                 named: .h5 of save_weights in Keras 1 and 2

Keras 1 has names of its own for the weights themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from caloexport.converters.keras_files.hdf5 import Budget, member
from caloexport.converters.keras_files.keras_1_weights import Keras1Weights
from caloexport.converters.keras_files.model_config import LayerSpec, ModelSpec
from caloexport.converters.keras_files.named_weights import NamedWeights
from caloexport.converters.keras_files.numbered_weights import CONTAINERS, NumberedWeights
from caloexport.converters.keras_layers import LayerWeights
from caloexport.runtime.errors import InputFileError

#: gives the weights of the layer at the end of a path through nested models
Locate = Callable[[Sequence[tuple[ModelSpec, LayerSpec]]], LayerWeights]


def locator_of(root: Any, budget: Budget, keras_major: int | None) -> Locate:
    """Return what finds the weights of a layer in an opened HDF5 file.

    Raises:
        InputFileError: the file holds no weights of Keras.
    """
    if is_numbered(root):
        return lambda path: NumberedWeights(root, path, budget)
    named = member(root, "model_weights", budget.where)
    if named is None and is_named(root):
        named = root
    if named is None:
        found = ", ".join(list(root)[:5]) or "nothing"
        message = f"is an HDF5 file without weights of Keras (it holds {found})"
        hint = "expected what model.save_weights or model.save wrote"
        raise InputFileError(message, where=budget.where, hint=hint)
    if keras_major == 1:
        return lambda path: Keras1Weights(NamedWeights(named, path, budget))
    return lambda path: NamedWeights(named, path, budget)


def is_numbered(root: Any) -> bool:
    """Say whether an HDF5 file is the ``.weights.h5`` of Keras 2.12 and later."""
    return not is_named(root) and bool({*CONTAINERS, "vars"} & set(root))


def is_named(root: Any) -> bool:
    """Say whether an HDF5 file is what ``save_weights("x.h5")`` of Keras 1 and 2 wrote."""
    return any(name.startswith("layer_names") for name in root.attrs)  # split over many if long
