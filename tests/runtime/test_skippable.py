"""Where skipping is possible, and where it is chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.converters.open import open_model
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.skippable import (
    SMALLEST_LAYER,
    choose_skipping,
    last_layer,
    paying_up_to,
    showers,
)
from caloexport.shipped import default_decoder
from tests.networks import decoder, dense

LARGE = CylinderMesh(9, 50, 10)


@pytest.fixture(scope="module")
def trained() -> Generator:
    return open_model(default_decoder())


def outputs(function: str | None, n_out: int = SMALLEST_LAYER, **constants: float) -> Network:
    nodes = [dense("last", "x", 3, n_out)]
    if function is not None:
        nodes.append(Node("y", "activation", ("last",), {"function": function, **constants}))
    return Network({"x": (3,)}, nodes, [nodes[-1].name])


@pytest.mark.parametrize(
    ("network", "function"),
    [
        (outputs(None), "linear"),
        (outputs("sigmoid"), "sigmoid"),
        (outputs("relu"), "relu"),
        (outputs("leaky_relu", negative_slope=0.3), "leaky_relu"),
    ],
)
def test_layers_that_can_skip(network: Network, function: str) -> None:
    found = last_layer(network)
    assert found is not None
    assert (found[0].name, found[1]) == ("last", function)


@pytest.mark.parametrize(
    "network",
    [
        outputs("sigmoid", SMALLEST_LAYER - 1),
        outputs("tanh"),  # could, if anybody had a decoder that ends with it
        outputs("leaky_relu", negative_slope=-0.3),  # large where its argument is small
        outputs("relu", threshold=-1.0),
        Network({"x": (3,)}, [*outputs(None).nodes, dense("z", "last", 4096, 5)], ["last"]),
        Network({"x": (2, 3)}, [dense("last", "x", 3, SMALLEST_LAYER)], ["last"]),
    ],
)
def test_layers_that_cannot_skip(network: Network) -> None:
    assert last_layer(network) is None


def with_output(generator: Generator, output: OutputMap) -> Generator:
    sampling = generator.sampling
    assert sampling is not None
    return Generator.from_network(generator.network, replace(sampling, output=output))


def test_generators_that_cannot_skip() -> None:
    large = decoder(LARGE)
    assert choose_skipping(large, True) is not None
    assert choose_skipping(large, False) is None
    assert choose_skipping(decoder(), True) is None  # 60 outputs
    assert choose_skipping(Generator.from_network(large.network), True) is None
    no_threshold = OutputMap("fraction_of_incident", {}, 0.0)
    assert choose_skipping(with_output(large, no_threshold), True) is None


def test_weights_that_are_not_finite_are_left_to_the_dense_path() -> None:
    large = decoder(LARGE)
    *others, last, activation = large.network.nodes
    kernel = last.weights["kernel"].copy()
    kernel[3, 5] = np.nan
    nodes = [*others, last.with_weights(kernel=kernel), activation]
    network = Network(large.network.inputs, nodes, large.network.outputs)
    broken = Generator.from_network(network, large.sampling)
    assert choose_skipping(broken, True) is None


def test_the_trained_decoder_skips_only_above_its_own_threshold(trained: Generator) -> None:
    assert choose_skipping(trained) is None  # at 0.5 keV nearly every tile holds such a cell
    raised = choose_skipping(trained.above(0.1))
    assert raised is not None
    assert 5_000 < raised.largest_alone < 64_000
    assert raised.largest_of_many <= raised.largest_alone
    assert str(raised).startswith("skips tiles of cells below the threshold up to ")
    high = choose_skipping(trained.above(1.0))
    assert high is not None
    assert high.largest_alone > raised.largest_alone
    assert high.largest_of_many > 1_000


def test_the_choice_repeats(trained: Generator) -> None:
    first, second = (choose_skipping(trained.above(0.1)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.largest_alone == second.largest_alone
    assert np.array_equal(first.bound.codes, second.bound.codes)


def test_showers_cover_the_range() -> None:
    sampling = decoder().sampling
    assert sampling is not None
    energies, x = showers(sampling)
    assert (energies.min(), energies.max()) == (1_000.0, 64_000.0)
    assert x.shape == (len(energies), sampling.width)
    assert (np.diff(energies) >= 0).all()


def test_paying_up_to_stops_at_the_first_energy_that_does_not() -> None:
    factors = np.array([1.0, 1, 2, 2, 3, 3, 4, 4])
    shares = np.array([0.2, 0.4, 0.5, 0.7, 0.9, 0.9, 0.1, 0.1])
    assert paying_up_to(factors, shares, 0.6) == 2
    assert paying_up_to(factors, shares, 0.2) == 0
    assert paying_up_to(factors, shares, 0.95) == 4
