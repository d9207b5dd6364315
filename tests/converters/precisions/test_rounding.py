from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.converters.precisions import precisions, rounded_network
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network
from caloexport.runtime.precisions.int8 import LEVELS, scales
from tests.networks import dense

#: largest error of a weight, relative to the largest of its output
EIGHT_BITS = 0.5 / LEVELS * (1 + 2**-15)
STEP = {
    "float32": 0.0,
    "float16": 2**-11,
    "bfloat16": 2**-8,
    "bfloat16-a16": 2**-8,
    "int8": EIGHT_BITS,
    "int8-qdq": EIGHT_BITS,
    "int8-a8": EIGHT_BITS,
}


@pytest.mark.parametrize("name", precisions.names())
def test_weights_are_moved_by_half_a_step_at_most(name: str) -> None:
    kernel = np.random.default_rng(3).normal(size=(50, 7)).astype(np.float32)
    error = np.abs(precisions[name].rounded(kernel, "layer") - kernel).max(axis=0)
    assert (error <= STEP[name] * np.abs(kernel).max(axis=0)).all()
    assert name == "float32" or error.max() > 0


@pytest.mark.parametrize("name", precisions.names())
def test_rounding_twice_changes_nothing(name: str) -> None:
    kernel = np.random.default_rng(4).normal(size=(9, 20)).astype(np.float32)
    once = precisions[name].rounded(kernel, "layer")
    np.testing.assert_array_equal(precisions[name].rounded(once, "layer"), once)


@given(
    values=st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=1, max_size=8),
    power=st.integers(-20, 20),
)
@settings(max_examples=200, deadline=None)
def test_levels_are_found_again(values: list[float], power: int) -> None:
    kernel = np.array(values, dtype=np.float32)[:, None] * np.float32(2.0) ** power
    rounded = precisions["int8"].rounded(kernel, "layer")
    levels = rounded / scales(rounded, axis=1)
    np.testing.assert_array_equal(levels, np.rint(levels))
    assert np.abs(levels).max() <= LEVELS


def test_biases_keep_their_digits() -> None:
    network = Network({"x": (3,)}, [dense("y", "x", 3, 4)], ["y"])
    rounded = rounded_network(network, "int8")
    assert {node.kind for node in rounded.nodes} == {"normalization", "dense"}
    assert rounded["y"].weights["bias"] is network["y"].weights["bias"]


def test_kernels_that_save_nothing_keep_their_digits() -> None:
    nodes = [dense("narrow", "x", 3, 4), dense("wide", "narrow", 4, 400)]
    network = Network({"x": (3,)}, nodes, ["wide"])
    rounded = rounded_network(network, "int8")
    assert rounded["narrow"].weights["kernel"] is network["narrow"].weights["kernel"]
    assert not np.array_equal(rounded["wide"].weights["kernel"], network["wide"].weights["kernel"])


def test_what_float16_cannot_hold_is_named() -> None:
    kernel = np.array([[7e4]], dtype=np.float32)
    with pytest.raises(UnsupportedError, match=r"layer 'cells' has a weight of 70000, float16"):
        precisions["float16"].rounded(kernel, "cells")
