"""Masks are left out wherever they stand, and nothing else changes."""

from __future__ import annotations

from typing import Any

from caloexport.converters.keras_files.masks import without_masks
from tests.converters.keras_models import keras_2_layer


def model(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "s", "layers": list(layers)}}


def test_a_model_without_masks_stays_as_it_is() -> None:
    plain = model(keras_2_layer("Dense", "d", units=3), keras_2_layer("Embedding", "e"))
    assert without_masks(plain) == (plain, False)


def test_masking_becomes_the_identity_in_nested_models_too() -> None:
    masking = keras_2_layer("Masking", "m", mask_value=-1.0, batch_input_shape=[None, None, 3])
    found, any_mask = without_masks(model(model(masking)))
    assert any_mask
    (inner,) = found["config"]["layers"]
    (layer,) = inner["config"]["layers"]
    assert layer["class_name"] == "Activation"
    assert layer["config"]["activation"] == "linear"
    assert layer["config"]["batch_input_shape"] == [None, None, 3]
    assert "mask_value" not in layer["config"]


def test_masking_inside_time_distributed() -> None:
    wrapped = keras_2_layer("TimeDistributed", "t", layer=keras_2_layer("Masking", "m"))
    found, any_mask = without_masks(model(wrapped))
    assert any_mask
    assert found["config"]["layers"][0]["config"]["layer"]["class_name"] == "Activation"


def test_embeddings_that_hide_the_zero() -> None:
    found, any_mask = without_masks(model(keras_2_layer("Embedding", "e", mask_zero=True)))
    assert any_mask
    assert found["config"]["layers"][0]["config"]["mask_zero"] is False
