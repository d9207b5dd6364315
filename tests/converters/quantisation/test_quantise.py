from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.converters.evaluated import evaluated
from caloexport.converters.quantisation.calibration import calibration_inputs
from caloexport.converters.quantisation.quantise import large_kernels, quantised_network
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import pack
from caloexport.runtime.reference import evaluate
from tests.networks import dense
from tests.networks_large import large_decoder

REDUCED = ["bfloat16", "bfloat16-a16", "int8", "int8-a8"]
SIZE = {"bfloat16": 2, "bfloat16-a16": 2, "int8": 1, "int8-a8": 1}


@pytest.mark.parametrize("name", REDUCED)
def test_large_kernels_can_be_stored_and_small_ones_stay(name: str) -> None:
    generator = large_decoder()
    rounded = quantised_network(generator, name)
    packed = pack(rounded, name)
    assert {key: a.dtype.itemsize for key, a in packed.items() if key[1] == "kernel"} == {
        ("first", "kernel"): 4,
        ("hidden", "kernel"): SIZE[name],
        ("cells", "kernel"): SIZE[name],
    }
    first = generator.network["first"].weights
    np.testing.assert_array_equal(rounded["first"].weights["kernel"], first["kernel"])
    np.testing.assert_array_equal(rounded["first"].weights["bias"], first["bias"])


@pytest.mark.parametrize("name", REDUCED)
def test_the_mean_of_every_sum_is_kept(name: str) -> None:
    generator = large_decoder()
    heads = [
        Network(network.inputs, network.nodes[:-1], ["cells"])
        for network in (generator.network, quantised_network(generator, name))
    ]
    inputs = {"x": calibration_inputs(generator)}
    exact, found = (
        evaluate(head, inputs, np.float64, arithmetic)
        for head, arithmetic in zip(heads, ("float32", name), strict=True)
    )
    change = found - exact
    assert change.std() > 1e-5  # something was rounded
    np.testing.assert_allclose(change.mean(axis=0), 0, atol=2e-5)


@pytest.mark.parametrize(("name", "limit"), [("int8", 0.01), ("int8-a8", 0.03), ("bfloat16", 0.01)])
def test_outputs_move_by_little(name: str, limit: float) -> None:
    generator = large_decoder()
    inputs = calibration_inputs(generator, 64)
    exact = evaluated(generator, inputs)
    rounded = Generator.from_network(quantised_network(generator, name))
    assert np.abs(evaluated(rounded, inputs, name) - exact).mean() < limit * exact.mean()


def spatial(node: Node, shape: tuple[int, ...]) -> Generator:
    return Generator.from_network(Network({"x": shape}, [node], [node.name]))


def weights(**shapes: Any) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(21)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


KINDS = [
    spatial(
        Node(
            "y",
            "conv",
            ("x",),
            {"strides": [1], "dilation": [1], "padding": [[1, 1]], "groups": 1},
            weights(kernel=(3, 64, 96), bias=(96,)),
        ),
        (5, 64),
    ),
    spatial(
        Node(
            "y",
            "conv_transpose",
            ("x",),
            {"strides": [2], "dilation": [1], "crop": [[0, 0]]},
            weights(kernel=(3, 64, 96), bias=(64,)),
        ),
        (5, 96),
    ),
    spatial(Node("y", "maxout", ("x",), {}, weights(kernel=(2, 128, 64), bias=(2, 64))), (128,)),
    spatial(
        Node(
            "y",
            "highway",
            ("x",),
            {"activation": {"function": "linear"}},
            weights(
                transform_kernel=(128, 128),
                transform_bias=(128,),
                carry_kernel=(128, 128),
                carry_bias=(128,),
            ),
        ),
        (128,),
    ),
    spatial(Node("y", "dense", ("x",), {}, weights(kernel=(128, 128), bias=(128,))), (3, 128)),
]


@pytest.mark.parametrize("name", REDUCED)
@pytest.mark.parametrize("generator", KINDS, ids=[g.network.nodes[0].kind for g in KINDS])
def test_every_kind_with_kernels_is_rounded(generator: Generator, name: str) -> None:
    rounded = quantised_network(generator, name)
    pack(rounded, name)  # every value is one that can be stored
    inputs = calibration_inputs(generator, 100)
    exact = evaluated(generator, inputs)
    change = evaluated(Generator.from_network(rounded), inputs, name) - exact
    assert 0 < np.abs(change).mean() < 0.02 * np.abs(exact).mean()
    if generator.network.nodes[0].kind.startswith("conv"):
        by_output = change.reshape(-1, rounded.shapes["y"][-1])
        assert np.abs(by_output.mean(axis=0)).max() < 0.3 * by_output.std()


def test_rows_of_very_different_size_are_scaled_before_they_share_levels() -> None:
    layer = dense("y", "x", 128, 128)
    sizes = np.geomspace(1, 1e4, 128, dtype=np.float32)[:, None]
    uneven = spatial(layer.with_weights(kernel=layer.weights["kernel"] / sizes), (128,))
    rounded = quantised_network(uneven, "int8")
    assert [node.kind for node in rounded.nodes] == ["normalization", "dense"]
    assert [n.kind for n in quantised_network(uneven, "bfloat16").nodes] == ["dense"]
    small = uneven.network["y"].weights["kernel"][-1]
    row = rounded.nodes[1].weights["kernel"][-1] * rounded.nodes[0].weights["scale"][-1]
    assert np.corrcoef(small, row)[0, 1] > 0.99


def test_large_kernels_are_named() -> None:
    nodes = {node.name: large_kernels(node, "int8") for node in large_decoder().network.nodes}
    assert nodes == {
        "first": [],
        "hidden": ["kernel"],
        "leaky": [],
        "cells": ["kernel"],
        "fractions": [],
    }
    assert all(not large_kernels(node, "float32") for node in large_decoder().network.nodes)


def test_what_bfloat16_cannot_hold_is_refused() -> None:
    layer = dense("y", "x", 128, 128)
    kernel = layer.weights["kernel"].copy()
    kernel[3, 4] = 3.4e38
    with pytest.raises(UnsupportedError, match=r"layer 'y' has a weight of 3\.4e"):
        quantised_network(spatial(layer.with_weights(kernel=kernel), (128,)), "bfloat16")
