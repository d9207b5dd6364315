"""UpSampling: every cell repeated, or a weighted mean of its neighbours."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.linear_maps import along
from caloexport.converters.keras_layers.rearranging import in_channels_last
from caloexport.converters.keras_layers.windows import numbers, require_rank
from caloexport.runtime.arrays import Array


@handles("UpSampling1D", "UpSampling2D", "UpSampling3D")
@in_channels_last
def up_sampling(call: LayerCall) -> list[Step]:
    """Return a repetition for ``nearest`` and one linear map per axis for ``bilinear``."""
    count = int(call.class_name[-2])
    require_rank(call, count + 1)
    factors = numbers(call, "size", count, 2)
    way = call.config.get("interpolation", "nearest")
    if way == "nearest":
        return [Step("upsample", {"factors": [*factors, 1]})]
    if way != "bilinear":
        message = f"it interpolates by {way!r:.40}"
        raise call.unsupported(message, "supported: nearest, bilinear")
    steps: list[Step] = []
    for axis, factor in enumerate(factors):
        steps += along(call, axis, call.shapes[0][axis] * factor, _linear)
    return steps


def _linear(n: int, length: int) -> Array:
    """Return the weights (n, length) of linear interpolation between the centres of cells.

    >>> _linear(2, 4)
    array([[1.  , 0.75, 0.25, 0.  ],
           [0.  , 0.25, 0.75, 1.  ]])
    """
    places = np.clip((np.arange(length) + 0.5) * n / length - 0.5, 0, n - 1)
    return np.maximum(1 - np.abs(places - np.arange(n)[:, None]), 0)
