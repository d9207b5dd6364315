"""The sigmoid in registers is that of the formula for every number, on every instruction level."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network, Node
from tests.runtime.kernels.test_dense import plan_of, run


def activated(function: str, x: Float32) -> Float32:
    """Return a function of numbers (n,), computed behind a dense layer that copies them."""
    weights = {"kernel": np.ones((1, 1), dtype="f4"), "bias": np.zeros(1, dtype="f4")}
    dense = Node("dense", "dense", ("x",), {}, weights)
    given = {"beta": np.ones(1, dtype="f4")} if function == "swish" else {}
    activation = Node("y", "activation", ("dense",), {"function": function}, given)
    network = Network({"x": (1,)}, [dense, activation], ["y"])
    return run(plan_of(network), x[:, None], np.ones(1))[:, 0]


def numbers() -> Float32:
    """Return numbers of either sign and every magnitude, densest where the sigmoid bends."""
    sizes = np.geomspace(1e-44, 3.4e38, 4000)
    return np.concatenate([np.linspace(-110, 110, 60001), sizes, -sizes]).astype("f4")


def exact_sigmoid(x: Float32) -> Array:
    """Return the sigmoid in float64."""
    return 1 / (1 + np.exp(-np.clip(x.astype("f8"), -700, 700)))


def test_the_sigmoid_is_a_few_units_of_the_last_place_from_the_formula() -> None:
    x = numbers()
    found, exact = activated("sigmoid", x), exact_sigmoid(x)
    assert np.abs(found - exact).max() <= 3e-7
    normal = exact > 1e-37
    # the exponent is rounded, by a part in 2^24 of itself
    bound = 4e-7 + 1.5e-7 * np.abs(x[normal])
    assert (np.abs(found[normal] / exact[normal] - 1) <= bound).all()
    assert (found[x < -87.4] == 0).all()
    assert (found[x > 17] == 1).all()
    assert activated("sigmoid", np.zeros(1, dtype="f4"))[0] == 0.5


def test_swish_is_as_close() -> None:
    x = numbers()
    found, exact = activated("swish", x), x * exact_sigmoid(x)
    assert (np.abs(found - exact) <= 4e-7 * np.maximum(1, np.abs(exact))).all()


def test_infinities_have_their_limits_and_nan_stays() -> None:
    # three kinds of number in one vector: none spoils its neighbours
    x = np.array([np.inf, np.nan, -np.inf, 0], dtype="f4")
    found = activated("sigmoid", x)
    assert np.array_equal(found, np.array([1, np.nan, 0, 0.5], dtype="f4"), equal_nan=True)
