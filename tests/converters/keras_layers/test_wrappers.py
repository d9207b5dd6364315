"""Layers inside layers, products on any axes and layers that only rearrange, against Keras."""

from __future__ import annotations

import pytest

from tests.converters.together import Together, names_of

SEQUENCES = Together(
    (7, 6),
    {
        "TimeDistributed": lambda K, x: K.layers.TimeDistributed(
            K.layers.Dense(3, activation="softmax")
        )(x),
        "TimeDistributed-BatchNormalization": lambda K, x: K.layers.TimeDistributed(
            K.layers.BatchNormalization()
        )(x),
        "TimeDistributed-Reshape": lambda K, x: K.layers.TimeDistributed(K.layers.Reshape((2, 3)))(
            x
        ),
        "TimeDistributed-RepeatVector": lambda K, x: K.layers.TimeDistributed(
            K.layers.RepeatVector(2)
        )(x),
        "SpectralNormalization": lambda K, x: K.layers.SpectralNormalization(K.layers.Dense(3))(x),
        "EinsumDense": lambda K, x: K.layers.EinsumDense(
            "abc,cd->abd", output_shape=(None, 3), bias_axes="d", activation="tanh"
        )(x),
        "EinsumDense-dots": lambda K, x: K.layers.EinsumDense(
            "...x,xy->...y", output_shape=4, bias_axes="y"
        )(x),
        "EinsumDense-heads": lambda K, x: K.layers.EinsumDense(
            "abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de"
        )(x),
        "EinsumDense-middle": lambda K, x: K.layers.EinsumDense(
            "abc,bd->adc", output_shape=(4, 6), bias_axes="dc"
        )(x),
        "EinsumDense-all": lambda K, x: K.layers.EinsumDense("abc,bcd->ad", output_shape=5)(x),
        "Permute": lambda K, x: K.layers.Permute((2, 1))(x),
        "Flatten": lambda K, x: K.layers.Flatten()(x),
        "Flatten-channels-first": lambda K, x: K.layers.Flatten(data_format="channels_first")(x),
        "Reshape": lambda K, x: K.layers.Reshape((3, -1))(x),
    },
)
IMAGES = Together(
    (5, 6, 4),
    {
        f"TimeDistributed-of-{type_}": lambda K, x, type_=type_, options=options: (
            K.layers.TimeDistributed(getattr(K.layers, type_)(**options))(x)
        )
        for type_, options in {
            "Conv1D": {"filters": 3, "kernel_size": 2, "padding": "same", "strides": 2},
            "Conv1DTranspose": {"filters": 3, "kernel_size": 2, "strides": 2},
            "Cropping1D": {"cropping": 1},
            "Flatten": {},
            "GlobalAveragePooling1D": {},
            "LayerNormalization": {},
            "Permute": {"dims": (2, 1)},
            "UnitNormalization": {"axis": 1},
            "UpSampling1D": {"size": 2},
            "ZeroPadding1D": {"padding": 1},
        }.items()
    }
    | {
        "TimeDistributed-twice": lambda K, x: K.layers.TimeDistributed(
            K.layers.TimeDistributed(K.layers.Dense(2))
        )(x),
    },
)
VECTORS = Together(
    (6,), {"RepeatVector": lambda K, x: K.layers.Dense(2)(K.layers.RepeatVector(3)(x))}
)
GROUPS = (SEQUENCES, IMAGES, VECTORS)


@pytest.mark.parametrize(("group", "name"), names_of(*GROUPS))
def test_wrapped_layer_equals_keras(group: Together, name: str) -> None:
    group.check(name)
