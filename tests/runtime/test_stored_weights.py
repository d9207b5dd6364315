from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.manifest import network_to_json, weightless_network
from caloexport.runtime.network import Network
from caloexport.runtime.packing import pack
from caloexport.runtime.precisions import precisions
from caloexport.runtime.precisions.bfloat16 import bfloat16_of
from caloexport.runtime.stored_weights import stored_weights, unpacked
from tests.networks import dense

REDUCED = [name for name in precisions if precisions[name].reduces]


def network(name: str) -> Network:
    """Return a small and a large dense layer, rounded; 131 inputs leave room in the last word."""
    large = dense("large", "small", 131, 130)
    kernel = bfloat16_of(large.weights["kernel"])
    if precisions[name].scaled:
        kernel = np.rint(kernel * 300).clip(-127, 127)
        kernel[5] = 127
        kernel = (kernel / 256).astype(np.float32)
    return Network(
        {"x": (8,)}, [dense("small", "x", 8, 131), large.with_weights(kernel=kernel)], ["large"]
    )


def file_of(name: str) -> tuple[Network, dict[str, Any]]:
    whole = network(name)
    arrays = {f"{node}.{key}": np.array(a) for (node, key), a in pack(whole, name).items()}
    return weightless_network(network_to_json(whole), "file"), arrays


@pytest.mark.parametrize("name", precisions.names())
def test_weights_come_back(name: str) -> None:
    shapes, arrays = file_of(name)
    packed = stored_weights(shapes, arrays, name, "file")
    assert all(packed[key] is arrays[".".join(key)] for key in packed)  # nothing is copied
    found = unpacked(shapes, packed, name)
    for node in network(name).nodes:
        for key, weight in node.weights.items():
            np.testing.assert_array_equal(found[node.name, key], weight)


def set_to(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(arrays: dict[str, Any]) -> None:
        arrays[name] = value if not callable(value) else value(arrays[name])

    return edit


def remove_scale(arrays: dict[str, Any]) -> None:
    del arrays["large.kernel_scale"]


def one_scale(value: float, index: int = 3) -> Callable[[dict[str, Any]], None]:
    def edit(arrays: dict[str, Any]) -> None:
        arrays["large.kernel_scale"][index] = value

    return edit


def padding(arrays: dict[str, Any]) -> None:
    arrays["large.kernel"][1, -1, 7, -1] = 0x7FC0 % 255


KERNEL, SCALE = "large.kernel", "large.kernel_scale"
DAMAGES: list[tuple[str, str, Callable[[dict[str, Any]], None], str]] = [
    ("int8", "no scales", remove_scale, "scales 'large.kernel_scale' are missing"),
    ("int8", "short", set_to(SCALE, lambda a: a[:130]), r"expected float32 of shape \(192,\)"),
    ("int8", "double", set_to(SCALE, lambda a: a.astype("f8")), "scale' are float64 of shape"),
    ("int8", "zero", one_scale(0.0), "scale 3 of 'large.kernel_scale' is 0, expected a positive"),
    ("int8", "negative", one_scale(-1.0), "scale 3 of .* is -1, expected a positive number"),
    ("int8", "nan", one_scale(np.nan), "scale 3 of .* is nan, expected a positive number"),
    ("int8-a8", "infinite", one_scale(np.inf, 129), "scale 129 of .* is inf, expected a positive"),
    ("int8", "scale padding", one_scale(1.0, 130), "have padding that is not zero"),
    ("int8", "kernel padding", padding, "weight 'large.kernel' has padding that is not zero"),
    ("bfloat16", "kernel padding", padding, "weight 'large.kernel' has padding that is not zero"),
    ("int8", "signed", set_to(KERNEL, lambda a: a.view("i1")), r"int8 of shape .*\) as int8$"),
    ("int8", "float32", set_to(KERNEL, np.zeros((3, 131, 64), "f4")), "is float32 of shape"),
    ("int8", "flat", set_to(KERNEL, lambda a: a.reshape(3, 33, 256)), r"shape \(3, 33, 256\)"),
    ("bfloat16", "rows", set_to(KERNEL, lambda a: a[:, :-1]), r"says \(131, 130\) as bfloat16"),
    ("bfloat16-a16", "type", set_to(KERNEL, lambda a: a.astype("i4")), "is int32 of shape"),
    ("float32", "packed", set_to(KERNEL, np.zeros((3, 66, 64, 2), "u2")), "is uint16 of shape"),
]


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [(name, edit, message) for name, _, edit, message in DAMAGES],
    ids=[f"{name} {what}" for name, what, _, _ in DAMAGES],
)
def test_damage_is_told(name: str, edit: Callable[[dict[str, Any]], None], message: str) -> None:
    shapes, arrays = file_of(name)
    edit(arrays)
    with pytest.raises(InputFileError, match=message.removesuffix("$")) as caught:
        stored_weights(shapes, arrays, name, "file")
    assert caught.value.where == "file"


@pytest.mark.parametrize("name", REDUCED)
def test_what_stands_behind_the_last_output_does_not_matter(name: str) -> None:
    shapes, arrays = file_of(name)
    arrays["large.kernel"][2, :, 2:] = 77
    if precisions[name].together > 1:
        arrays["large.kernel"][2, -1, :, 131 % precisions[name].together :] = precisions[name].zero
    found = unpacked(shapes, stored_weights(shapes, arrays, name, "file"), name)
    weight = network(name).nodes[1].weights["kernel"]
    np.testing.assert_array_equal(found["large", "kernel"], weight)
