"""MaxoutDense of Keras 1: the largest of several affine maps."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.runtime.errors import InputFileError


@handles("MaxoutDense")
def maxout_dense(call: LayerCall) -> list[Step]:
    """Return the maximum over ``nb_feature`` pieces (zeros where there is no bias)."""
    names = ["W", "b"] if call.config.get("use_bias", True) else ["W"]
    weights = call.weights.read(names)
    expected = (call.config["nb_feature"], call.units, call.config["units"])
    if weights["W"].shape != expected:
        message = f"W has shape {weights['W'].shape}, the configuration says {expected}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    zeros = np.zeros((expected[0], expected[2]), dtype=np.float32)
    return [Step("maxout", {}, {"kernel": weights["W"], "bias": weights.get("b", zeros)})]
