"""Layers that scale each shower by its own mean and variance."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.keras_layers import Graph, Input, LayerCall, Step, Steps, handles
from caloexport.converters.keras_layers.affine import affine, expanded, require_moderate
from caloexport.converters.keras_layers.rearranging import on_last_axis, permuted, reshaped
from caloexport.converters.keras_layers.steps import after
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

#: below it UnitNormalization does not divide; source: keras/src/ops/nn.py, normalize
SMALLEST_SQUARE = 1e-12


@handles("LayerNormalization")
def layer_normalization(call: LayerCall) -> Steps:
    """Return γ·(x - mean)/√(variance + ε) + β over the axes of the configuration."""
    if call.config.get("rms_scaling", False):
        return _scaled_alone(call)
    return _normalized(call, _gamma_and_beta(call), 1e-3)


@handles("RMSNormalization")
def rms_normalization(call: LayerCall) -> list[Step]:
    """Return γ·x/√(mean of x² + ε), without bias."""
    return _normalized(call, {"gamma": call.weights.read(["scale"])["scale"]}, 1e-6, rms=True)


@handles("UnitNormalization")
def unit_normalization(call: LayerCall) -> Graph:
    """Return x divided by its length over the axes, if that is not zero."""
    axes, x = call.axes(call.config.get("axis", -1)), Input(0)
    kept = tuple(1 if k in axes else n for k, n in enumerate(call.shapes[0]))
    square = after([Step("activation", {"function": "square"})], x)
    total = after([Step("reduce", {"function": "sum", "axes": axes, "keep": True})], square)
    least = after(affine(call, 0.0, SMALLEST_SQUARE, kept), total)
    length = after(
        [
            Step("maximum", reads=(total, least)),
            Step("activation", {"function": "rsqrt"}),
            *expanded(kept, call.shapes[0]),
        ]
    )
    return Graph((Step("multiply", reads=(x, length)),))


@handles("GroupNormalization")
def group_normalization(call: LayerCall) -> list[Step]:
    """Return each group of channels scaled by its mean and variance over all cells."""
    (axis,), shape = call.axes(call.config.get("axis", -1)), call.shapes[0]
    channels, groups = shape[axis], int(call.config["groups"])
    groups = channels if groups == -1 else groups
    if groups < 1 or channels % groups:
        message = f"its {channels} channels do not make {groups} groups"
        raise InputFileError(message, where=call.place)
    weights = _gamma_and_beta(call)
    rest = tuple(n for k, n in enumerate(shape) if k != axis)
    width = math.prod(rest) * channels // groups
    require_moderate(call, width)
    first = [axis, *(k for k in range(len(shape)) if k != axis)]
    plain = {"gamma": np.ones(width, np.float32), "beta": np.zeros(width, np.float32)}
    scale = weights.get("gamma", np.ones(channels))
    offset = weights.get("beta", np.zeros(channels))
    ordered = (channels, *rest)
    back = permuted([first.index(k) for k in range(len(shape))])
    place = [channels if k == axis else 1 for k in range(len(shape))]
    own = affine(call, scale.reshape(place), offset.reshape(place))
    return [
        *permuted(first),
        *reshaped(ordered, (groups, width)),
        Step("layer_normalization", {"epsilon": float(call.config.get("epsilon", 1e-3))}, plain),
        *reshaped((groups, width), ordered),
        *back,
        *(own if weights else []),
    ]


def _scaled_alone(call: LayerCall) -> Graph:
    """Return γ·x/√(variance + ε), which Keras makes of ``rms_scaling``: the mean stays."""
    axes, x = call.axes(call.config.get("axis", -1)), Input(0)
    weights = call.weights.read(["gamma"]) if call.config.get("scale", True) else {}
    kept = tuple(1 if k in axes else n for k, n in enumerate(call.shapes[0]))
    mean = Step("reduce", {"function": "mean", "axes": axes, "keep": True}, reads=(x,))
    scale = after(
        [
            Step("subtract", reads=(x, mean)),
            Step("activation", {"function": "square"}),
            Step("reduce", {"function": "mean", "axes": axes, "keep": True}),
            *affine(call, 1.0, float(call.config.get("epsilon", 1e-3)), kept),
            Step("activation", {"function": "rsqrt"}),
            *expanded(kept, call.shapes[0]),
        ]
    )
    steps = [Step("multiply", reads=(x, scale))]
    if "gamma" in weights:
        sizes = [n if k in axes else 1 for k, n in enumerate(call.shapes[0])]
        steps += affine(call, weights["gamma"].reshape(sizes), 0.0)
    return Graph((after(steps),))


def _gamma_and_beta(call: LayerCall) -> dict[str, Array]:
    options = {"gamma": "scale", "beta": "center"}
    names = [name for name, option in options.items() if call.config.get(option, True)]
    return call.weights.read(names) if names else {}


def _normalized(
    call: LayerCall, weights: dict[str, Array], epsilon: float, rms: bool = False
) -> list[Step]:
    axes = call.axes(call.config.get("axis", -1))
    sizes = tuple(call.shapes[0][axis] for axis in axes)
    for name, weight in weights.items():
        if weight.shape != sizes:
            message = f"{name} has shape {weight.shape}, expected {sizes}"
            raise InputFileError(message, where=call.place, hint="the file is damaged")
    width = math.prod(sizes)
    require_moderate(call, width)
    full = {"gamma": np.ones(width, np.float32), "beta": np.zeros(width, np.float32)}
    full |= {name: weight.reshape(width) for name, weight in weights.items()}
    attributes = {"epsilon": float(call.config.get("epsilon", epsilon)), "rms": rms}
    step = Step("layer_normalization", attributes, full)
    return on_last_axis([step], call.shapes[0], axes)
