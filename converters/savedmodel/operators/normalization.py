"""Batch normalization at inference."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Showers, Tensor, Value


@operators.register("FusedBatchNorm")
@operators.register("FusedBatchNormV2")
@operators.register("FusedBatchNormV3")
def fused_batch_normalization(call: Call) -> Value:
    """Return γ·(x - μ)/√(σ² + ε) + β per channel, the last axis."""
    if call.node.whole("is_training", 1):
        return _of_each_shower(call)
    if call.node.text("data_format", "NHWC") not in ("NHWC", "NDHWC"):
        raise call.unsupported("has its channels first", "save the model with channels last")
    gamma, beta, mean, variance = (call.array(k).astype(np.float64) for k in range(1, 5))
    scale = gamma / np.sqrt(variance + call.node.real("epsilon", 1e-4))
    offset = beta - mean * scale
    return call.draft.scale(
        call.name, call.tensor(0), scale.astype(np.float32), offset.astype(np.float32)
    )


def _of_each_shower(call: Call) -> Tensor:
    """Return the layer normalization that Keras 2 makes of showers in the place of channels.

    Statistics of the batch are those of each shower by itself where the channels are the showers.
    """
    x, gamma, beta = call.tensor(0), call.array(1), call.array(2)
    channels_first = call.node.text("data_format", "NHWC") == "NCHW"
    if not channels_first or x.batch != 1 or gamma.size != 1 or beta.size != 1:
        raise call.unsupported("takes its statistics from the batch", "save it for inference")
    showers = x.sizes[1]
    factor = showers.factor if isinstance(showers, Showers) else 1
    size = math.prod(x.shape) // factor
    rows = call.draft.reshape(call.name, x, [showers, size])
    weights = {"gamma": np.full(size, gamma), "beta": np.full(size, beta)}
    epsilon = call.node.real("epsilon", 1e-4)
    made = call.draft.add(call.name, "layer_normalization", [rows], {"epsilon": epsilon}, weights)
    return call.draft.reshape(call.name, made, x.sizes)
