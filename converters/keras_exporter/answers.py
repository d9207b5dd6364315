"""Inputs over a wide range, and what Keras itself gives for them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.converters.batches import split_columns
from caloexport.converters.keras_exporter.graph import inner_shape
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.vectors import N_VECTORS, make_inputs

#: standard deviations of the sixteen inputs: nearly linear networks to saturated ones
SCALES = np.logspace(-2, 0.5, N_VECTORS)
#: whole numbers that an input takes when no embedding says how many
COUNT = 2


def answers(model: Any, steps: int | None, where: str) -> tuple[Float32, Float32]:
    """Return inputs (16, n_in) and the outputs (16, n_out) of a Functional model of one output.

    Keras is asked for one shower at a time, so that a network that mixes the showers of a batch
    does not pass.

    Raises:
        UnsupportedError: Keras cannot evaluate the model, or gives no finite numbers.
    """
    shapes = [inner_shape(tensor, steps, where) for tensor in model.inputs]
    sizes = [math.prod(shape) for shape in shapes]
    ends = np.cumsum(sizes)
    categories = {
        int(column): count
        for tensor, start, end in zip(model.inputs, ends - sizes, ends, strict=True)
        if (count := _count(model, tensor)) is not None
        for column in range(start, end)
    }
    x = make_inputs(None, int(ends[-1]), categories)
    numbers = [column for column in range(x.shape[1]) if column not in categories]
    x[:, numbers] *= SCALES[:, None].astype(np.float32)
    rows = [_evaluated(model, split_columns(row[None], shapes), where) for row in x]
    outputs = np.concatenate(rows).astype(np.float32)
    if not np.isfinite(outputs).all():
        row = int(np.argmin(np.isfinite(outputs).all(axis=1)))
        message = f"Keras gives numbers that are not finite for inputs of scale {SCALES[row]:.2g}"
        raise UnsupportedError(message, where=where, hint="a file of it could not be proven")
    return x, outputs


def _evaluated(model: Any, parts: list[Array], where: str) -> Array:
    import keras

    pairs = zip(parts, model.inputs, strict=True)
    feeds = [part.astype(tensor.dtype) for part, tensor in pairs]
    try:
        output = keras.ops.convert_to_numpy(model(feeds, training=False))
    except Exception as error:  # Keras raises whatever its layers raise
        message = f"Keras cannot evaluate it: {type(error).__name__}: {str(error).strip():.200}"
        raise UnsupportedError(message, where=where) from error
    return np.asarray(output).reshape(1, -1)


def _count(model: Any, tensor: Any) -> int | None:
    """Return below which whole number the values of an input are; None for any number."""
    import keras

    counts = [
        layer.input_dim
        for layer in model.layers
        if isinstance(layer, keras.layers.Embedding) and layer.input is tensor
    ]
    whole = not tensor.dtype.startswith(("float", "bfloat"))
    return min(counts, default=COUNT if whole else None)
