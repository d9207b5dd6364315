"""Upsampling, pooling and margins against Keras."""

from __future__ import annotations

import pytest

from tests.converters.together import Together, names_of

SEQUENCES = Together(
    (7, 6),
    {
        "UpSampling1D": lambda K, x: K.layers.UpSampling1D(3)(x),
        "ZeroPadding1D": lambda K, x: K.layers.ZeroPadding1D((1, 2))(x),
        "ZeroPadding1D-both-sides": lambda K, x: K.layers.ZeroPadding1D(2)(x),
        "Cropping1D": lambda K, x: K.layers.Cropping1D((1, 2))(x),
        "GlobalAveragePooling1D": lambda K, x: K.layers.GlobalAveragePooling1D()(x),
        "GlobalAveragePooling1D-channels-first": lambda K, x: K.layers.GlobalAveragePooling1D(
            data_format="channels_first"
        )(x),
        "GlobalMaxPooling1D": lambda K, x: K.layers.GlobalMaxPooling1D(keepdims=True)(x),
        "AveragePooling1D": lambda K, x: K.layers.AveragePooling1D(2)(x),
        "AveragePooling1D-same": lambda K, x: K.layers.AveragePooling1D(
            3, strides=2, padding="same"
        )(x),
        "MaxPooling1D": lambda K, x: K.layers.MaxPooling1D(2)(x),
    },
)
IMAGES = Together(
    (5, 6, 4),
    {
        "UpSampling2D": lambda K, x: K.layers.UpSampling2D((2, 3))(x),
        "UpSampling2D-bilinear": lambda K, x: K.layers.UpSampling2D(
            (2, 3), interpolation="bilinear"
        )(x),
        "UpSampling2D-channels-first": lambda K, x: K.layers.UpSampling2D(
            2, data_format="channels_first"
        )(x),
        "ZeroPadding2D": lambda K, x: K.layers.ZeroPadding2D(((1, 0), (2, 3)))(x),
        "Cropping2D": lambda K, x: K.layers.Cropping2D((1, 2))(x),
        "Cropping2D-channels-first": lambda K, x: K.layers.Cropping2D(
            ((0, 1), (1, 0)), data_format="channels_first"
        )(x),
        "GlobalAveragePooling2D": lambda K, x: K.layers.GlobalAveragePooling2D()(x),
        "GlobalMaxPooling2D": lambda K, x: K.layers.GlobalMaxPooling2D(
            data_format="channels_first"
        )(x),
        "AveragePooling2D": lambda K, x: K.layers.AveragePooling2D(
            (2, 3), strides=(1, 2), padding="same"
        )(x),
        "MaxPooling2D": lambda K, x: K.layers.MaxPooling2D((2, 3))(x),
    },
)
VOLUMES = Together(
    (4, 3, 5, 2),
    {
        "UpSampling3D": lambda K, x: K.layers.UpSampling3D((1, 2, 3))(x),
        "ZeroPadding3D": lambda K, x: K.layers.ZeroPadding3D(1)(x),
        "Cropping3D": lambda K, x: K.layers.Cropping3D(((0, 1), (1, 0), (1, 1)))(x),
        "GlobalAveragePooling3D": lambda K, x: K.layers.GlobalAveragePooling3D()(x),
        "GlobalMaxPooling3D": lambda K, x: K.layers.GlobalMaxPooling3D()(x),
        "AveragePooling3D": lambda K, x: K.layers.AveragePooling3D(2)(x),
        "MaxPooling3D": lambda K, x: K.layers.MaxPooling3D(2)(x),
    },
)
GROUPS = (SEQUENCES, IMAGES, VOLUMES)


@pytest.mark.parametrize(("group", "name"), names_of(*GROUPS))
def test_resampling_equals_keras(group: Together, name: str) -> None:
    group.check(name)
