"""Layers that act in training only."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles


@handles(
    "Dropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "ActivityRegularization",
)
def training_noise(call: LayerCall) -> list[Step]:
    """Return a node that does nothing when sampling."""
    return [Step("dropout")]
