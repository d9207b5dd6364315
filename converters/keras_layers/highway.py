"""Highway of Keras 1: a gate between an affine map and its input."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.recurrent import inner_activation

#: weights of the kind ``highway`` -> of Keras 1; both call the gate of the transform "carry"
NAMES = {"transform": "", "carry": "_carry"}


@handles("Highway")
def highway(call: LayerCall) -> list[Step]:
    """Return c·f(x·W + b) + (1 - c)·x with c = σ(x·W_carry + b_carry)."""
    biased = call.config.get("use_bias", True)
    kinds = ["W", "b"] if biased else ["W"]
    stored = call.weights.read([kind + suffix for suffix in NAMES.values() for kind in kinds])
    zeros = np.zeros(call.units, dtype=np.float32)
    weights = {}
    for part, suffix in NAMES.items():
        weights[f"{part}_kernel"] = stored[f"W{suffix}"]
        weights[f"{part}_bias"] = stored.get(f"b{suffix}", zeros)
    activation = inner_activation(call, "activation", "linear")
    return [Step("highway", {"activation": activation}, weights)]
