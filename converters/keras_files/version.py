"""Which major version of Keras wrote a model, said or to be told from its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: entries of a layer's configuration that one major version alone writes
WORDS = {
    1: {"init", "input_dtype", "inner_activation", "W_regularizer", "W_constraint", "nb_feature"},
    2: {"batch_input_shape", "kernel_regularizer", "recurrent_activation", "use_bias"},
    3: {"batch_shape"},
}
#: the newer version whose word appears wins: 3 kept most of 2, Keras 1 wrote batch_input_shape
ORDER = (3, 1, 2)
LARGEST_DEPTH = 32


def major_version(version: str | None, model: dict[str, Any]) -> int | None:
    """Return the major version, None when nothing tells it.

    Args:
        version: what the file says, for example ``"2.13.1"``.
        model: the configuration of the model; asked only when the file does not say.

    >>> major_version("2.13.1", {}), major_version(None, {"init": "uniform"})
    (2, 1)
    """
    first = (version or "").partition(".")[0]
    if first.isdecimal():
        return max(int(first), 1)  # the last versions before 1.0 wrote what 1.0 writes
    words = set(_keys(model))
    return next((major for major in ORDER if words & WORDS[major]), None)


def _keys(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > LARGEST_DEPTH:
        return
    if isinstance(value, dict):
        yield from value
    entries = value.values() if isinstance(value, dict) else value
    if isinstance(value, (dict, list)):
        for entry in entries:
            yield from _keys(entry, depth + 1)
