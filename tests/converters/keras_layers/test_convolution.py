"""Convolutions, their transposes and their separable forms against Keras.

Shapes are such that the number of filters is that of no other axis: with channels first, Keras
(3.15, TensorFlow) adds the bias along the wrong axis if both have one size.
"""

from __future__ import annotations

import pytest

from tests.converters.together import Together, names_of

SEQUENCES = Together(
    (7, 6),
    {
        "Conv1D": lambda K, x: K.layers.Conv1D(4, 3, activation="softmax")(x),
        "Conv1D-same-even-strides": lambda K, x: K.layers.Conv1D(
            4, 4, strides=2, padding="same", activation="relu"
        )(x),
        "Conv1D-same-gaps": lambda K, x: K.layers.Conv1D(4, 2, strides=3, padding="same")(x),
        "Conv1D-same-dilation": lambda K, x: K.layers.Conv1D(4, 4, padding="same", dilation_rate=2)(
            x
        ),
        "Conv1D-causal": lambda K, x: K.layers.Conv1D(
            4, 3, padding="causal", dilation_rate=2, use_bias=False
        )(x),
        "Conv1D-causal-strides": lambda K, x: K.layers.Conv1D(4, 3, padding="causal", strides=2)(x),
        "Conv1D-groups": lambda K, x: K.layers.Conv1D(6, 3, groups=2)(x),
        "Conv1D-channels-first": lambda K, x: K.layers.Conv1D(
            4, 2, data_format="channels_first", activation="softmax"
        )(x),
        "Conv1DTranspose": lambda K, x: K.layers.Conv1DTranspose(4, 3, strides=2)(x),
        "Conv1DTranspose-gaps": lambda K, x: K.layers.Conv1DTranspose(4, 2, strides=3)(x),
        "Conv1DTranspose-same": lambda K, x: K.layers.Conv1DTranspose(
            4, 4, strides=2, padding="same", activation="tanh"
        )(x),
        "Conv1DTranspose-same-odd": lambda K, x: K.layers.Conv1DTranspose(
            4, 3, strides=2, padding="same"
        )(x),
        "Conv1DTranspose-same-gaps": lambda K, x: K.layers.Conv1DTranspose(
            4, 2, strides=3, padding="same"
        )(x),
        "Conv1DTranspose-output-padding": lambda K, x: K.layers.Conv1DTranspose(
            4, 3, strides=2, output_padding=1
        )(x),
        "Conv1DTranspose-output-padding-0": lambda K, x: K.layers.Conv1DTranspose(
            4, 3, strides=2, padding="same", output_padding=0
        )(x),
        "Conv1DTranspose-output-padding-same": lambda K, x: K.layers.Conv1DTranspose(
            4, 5, strides=3, padding="same", output_padding=2
        )(x),
        "Conv1DTranspose-output-padding-same-even": lambda K, x: K.layers.Conv1DTranspose(
            4, 4, strides=3, padding="same", output_padding=2
        )(x),
        "Conv1DTranspose-dilation": lambda K, x: K.layers.Conv1DTranspose(4, 3, dilation_rate=2)(x),
        "Conv1DTranspose-dilation-same": lambda K, x: K.layers.Conv1DTranspose(
            4, 3, dilation_rate=2, padding="same"
        )(x),
        "DepthwiseConv1D": lambda K, x: K.layers.DepthwiseConv1D(
            3, depth_multiplier=2, padding="same", strides=2
        )(x),
        "SeparableConv1D": lambda K, x: K.layers.SeparableConv1D(
            5, 3, depth_multiplier=2, activation="tanh"
        )(x),
    },
)
IMAGES = Together(
    (5, 6, 4),
    {
        "Conv2D": lambda K, x: K.layers.Conv2D(3, (3, 2), strides=(1, 2), padding="same")(x),
        "Conv2D-dilation": lambda K, x: K.layers.Conv2D(3, 2, dilation_rate=(2, 1))(x),
        "Conv2D-channels-first": lambda K, x: K.layers.Conv2D(
            7, 2, data_format="channels_first", activation="relu"
        )(x),
        "Conv2DTranspose": lambda K, x: K.layers.Conv2DTranspose(
            3, (3, 4), strides=(2, 3), padding="same"
        )(x),
        "Conv2DTranspose-valid": lambda K, x: K.layers.Conv2DTranspose(3, (3, 2), strides=(1, 3))(
            x
        ),
        "Conv2DTranspose-output-padding": lambda K, x: K.layers.Conv2DTranspose(
            3, 3, strides=2, padding="same", output_padding=(0, 1)
        )(x),
        "Conv2DTranspose-channels-first": lambda K, x: K.layers.Conv2DTranspose(
            3, 3, data_format="channels_first"
        )(x),
        "Conv2DTranspose-dilation": lambda K, x: K.layers.Conv2DTranspose(3, 3, dilation_rate=2)(x),
        "DepthwiseConv2D": lambda K, x: K.layers.DepthwiseConv2D(3, depth_multiplier=2)(x),
        "DepthwiseConv2D-same-no-bias": lambda K, x: K.layers.DepthwiseConv2D(
            (2, 4), strides=2, padding="same", use_bias=False
        )(x),
        "SeparableConv2D": lambda K, x: K.layers.SeparableConv2D(
            5, 2, padding="same", use_bias=False
        )(x),
    },
)
VOLUMES = Together(
    (4, 3, 5, 2),
    {
        "Conv3D": lambda K, x: K.layers.Conv3D(7, (3, 2, 1), padding="same", activation="relu")(x),
        "Conv3D-channels-first": lambda K, x: K.layers.Conv3D(7, 2, data_format="channels_first")(
            x
        ),
        "Conv3DTranspose": lambda K, x: K.layers.Conv3DTranspose(3, 3, strides=2, padding="same")(
            x
        ),
        "Conv3DTranspose-valid": lambda K, x: K.layers.Conv3DTranspose(
            3, (1, 2, 3), strides=(2, 1, 3), use_bias=False
        )(x),
    },
)
GROUPS = (SEQUENCES, IMAGES, VOLUMES)


@pytest.mark.parametrize(("group", "name"), names_of(*GROUPS))
def test_convolution_equals_keras(group: Together, name: str) -> None:
    group.check(name)
