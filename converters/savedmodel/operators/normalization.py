"""Batch normalization at inference."""

from __future__ import annotations

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Value


@operators.register("FusedBatchNorm")
@operators.register("FusedBatchNormV2")
@operators.register("FusedBatchNormV3")
def fused_batch_normalization(call: Call) -> Value:
    """Return γ·(x - μ)/√(σ² + ε) + β per channel, the last axis."""
    if call.node.whole("is_training", 1):
        raise call.unsupported("takes its statistics from the batch", "save it for inference")
    if call.node.text("data_format", "NHWC") not in ("NHWC", "NDHWC"):
        raise call.unsupported("has its channels first", "save the model with channels last")
    gamma, beta, mean, variance = (call.array(k).astype(np.float64) for k in range(1, 5))
    scale = gamma / np.sqrt(variance + call.node.real("epsilon", 1e-4))
    offset = beta - mean * scale
    return call.draft.scale(
        call.name, call.tensor(0), scale.astype(np.float32), offset.astype(np.float32)
    )
