"""The major version of Keras decides what ``hard_sigmoid`` means, among other things."""

from __future__ import annotations

from typing import Any

import pytest

from caloexport.converters.keras_files.version import major_version


@pytest.mark.parametrize(
    ("version", "major"), [("0.3.3", 1), ("1.2.2", 1), ("2.4.3", 2), ("3.15.1", 3)]
)
def test_what_the_file_says_decides(version: str, major: int) -> None:
    assert major_version(version, {"layers": [{"batch_shape": [None, 4]}]}) == major


@pytest.mark.parametrize(
    ("words", "major"),
    [
        ({"batch_input_shape": [None, 4], "input_dtype": "float32"}, 1),
        ({"inner_activation": "hard_sigmoid"}, 1),
        ({"batch_input_shape": [None, 4], "dtype": "float32"}, 2),
        ({"units": 3, "use_bias": True}, 2),
        ({"batch_shape": [None, 4]}, 3),
        ({"name": "x"}, None),
    ],
)
@pytest.mark.parametrize("version", [None, "unknown"])
def test_otherwise_its_words_do(
    version: str | None, words: dict[str, Any], major: int | None
) -> None:
    model = {"class_name": "Sequential", "config": {"layers": [{"config": words}]}}
    assert major_version(version, model) == major


def test_a_layer_of_keras_3_has_words_of_keras_2_too() -> None:
    layers = [{"config": {"units": 3, "use_bias": True}}, {"config": {"batch_shape": [None, 4]}}]
    assert major_version(None, {"config": {"layers": layers}}) == 3


def test_nesting_without_end() -> None:
    model: dict[str, Any] = {"init": 1}
    for _ in range(500):
        model = {"config": [model]}
    assert major_version(None, model) is None
