from __future__ import annotations

import numpy as np

from caloexport.converters.quantisation.calibration import calibration_inputs, spread_conditions
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from tests.networks import decoder


def test_conditions_cover_their_range_independently() -> None:
    sampling = decoder().sampling
    assert sampling is not None
    given = spread_conditions(sampling, 4096, seed=3)
    energy = np.log(given["energy_mev"] / 1_000.0) / np.log(64)
    assert 0 <= energy.min() < 0.01
    assert 0.99 < energy.max() <= 1
    np.testing.assert_allclose(np.histogram(energy, 8, (0, 1))[0], 512, atol=5 * np.sqrt(512))
    share = [np.mean(given["geometry"] == name) for name in ("pbwo4", "scipb", "siw")]
    np.testing.assert_allclose(share, 1 / 3, atol=0.04)
    assert abs(np.corrcoef(energy, given["theta_rad"])[0, 1]) < 0.06


def test_the_same_inputs_every_time_and_others_than_the_vectors() -> None:
    generator = decoder()
    inputs = calibration_inputs(generator, 64)
    np.testing.assert_array_equal(inputs, calibration_inputs(generator, 64))
    assert inputs.shape == (64, generator.n_in)
    np.testing.assert_array_equal(inputs[:16], calibration_inputs(generator, 16))


def test_categories_of_a_bare_network_are_whole_numbers() -> None:
    look_up = Node("y", "embedding", ("x",), {"column": 1}, {"table": np.zeros((5, 2))})
    bare = Generator.from_network(Network({"x": (3,)}, [look_up], ["y"]))
    column = calibration_inputs(bare, 50)[:, 1]
    assert set(column) == {0, 1, 2, 3, 4}
