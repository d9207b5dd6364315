"""Layers that scale: by constants, by moving statistics, by each shower's own."""

from __future__ import annotations

import numpy as np
import pytest

from tests.converters.together import Together, names_of

STATISTICS = np.arange(1.0, 43.0).reshape(7, 6)

SEQUENCES = Together(
    (7, 6),
    {
        "BatchNormalization": lambda K, x: K.layers.BatchNormalization(axis=1)(x),
        "Normalization": lambda K, x: K.layers.Normalization(
            axis=1, mean=STATISTICS[:, 0], variance=STATISTICS[:, 1]
        )(x),
        "Normalization-two-axes": lambda K, x: K.layers.Normalization(
            axis=(1, 2), mean=STATISTICS, variance=STATISTICS
        )(x),
        "Normalization-one-for-all": lambda K, x: K.layers.Normalization(
            axis=None, mean=2.0, variance=3.0
        )(x),
        "LayerNormalization": lambda K, x: K.layers.LayerNormalization()(x),
        "LayerNormalization-axis": lambda K, x: K.layers.LayerNormalization(axis=1, epsilon=0.1)(x),
        "LayerNormalization-two-axes": lambda K, x: K.layers.LayerNormalization(axis=[1, 2])(x),
        "LayerNormalization-no-scale": lambda K, x: K.layers.LayerNormalization(scale=False)(x),
        "LayerNormalization-neither": lambda K, x: K.layers.LayerNormalization(
            scale=False, center=False
        )(x),
        "RMSNormalization": lambda K, x: K.layers.RMSNormalization()(x),
        "UnitNormalization": lambda K, x: K.layers.UnitNormalization()(x),
        "UnitNormalization-axis": lambda K, x: K.layers.UnitNormalization(axis=1)(x),
        "UnitNormalization-zero": lambda K, x: K.layers.UnitNormalization()(K.ops.relu(x - 1e9)),
        "GroupNormalization": lambda K, x: K.layers.GroupNormalization(3)(x),
        "GroupNormalization-each-channel": lambda K, x: K.layers.GroupNormalization(
            -1, center=False
        )(x),
        "GroupNormalization-axis": lambda K, x: K.layers.GroupNormalization(1, axis=1)(x),
        "GroupNormalization-neither": lambda K, x: K.layers.GroupNormalization(
            2, scale=False, center=False
        )(x),
    },
)
IMAGES = Together(
    (5, 6, 4),
    {
        "BatchNormalization-middle": lambda K, x: K.layers.BatchNormalization(axis=2)(x),
        "GroupNormalization-image": lambda K, x: K.layers.GroupNormalization(2)(x),
    },
)
GROUPS = (SEQUENCES, IMAGES)


@pytest.mark.parametrize(("group", "name"), names_of(*GROUPS))
def test_normalization_equals_keras(group: Together, name: str) -> None:
    group.check(name)


@pytest.mark.filterwarnings("ignore:You passed `rms_scaling=True`")
@pytest.mark.parametrize("axis", [-1, 1])
def test_rms_scaling_keeps_the_mean(axis: int) -> None:
    def make(K: object, x: object) -> object:
        return K.layers.LayerNormalization(axis=axis, rms_scaling=True)(x)  # type: ignore[attr-defined]

    Together((7, 6), {"LayerNormalization-rms": make}).check("LayerNormalization-rms")
