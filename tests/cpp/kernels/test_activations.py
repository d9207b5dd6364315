"""Every activation in C++ over all of float32, against the float64 reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import codes
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.cpp.kernels.library import HERE, KernelLibrary, plan_of
from tests.every_layer import VARIANTS

pytestmark = pytest.mark.system

LIMITS = np.finfo(np.float32)


@dataclass(frozen=True)
class Accuracy:
    """How far a function may be off: the sum of a part of its value and a constant."""

    relative: float = 5e-7
    absolute: float = 0.0


#: those that are worse than all others, and why
ACCURACIES = {
    "swish": Accuracy(4e-6),  # e^βx of a βx that was rounded
    "gelu": Accuracy(1e-5, 3e-16),  # e^(x²/2) likewise; the reference of the approximation cancels
    "hard_sigmoid": Accuracy(absolute=1e-7),  # ax + ½ cancels
    "hard_swish": Accuracy(absolute=3e-7),  # x/6 + ½ cancels
    "tanh_shrink": Accuracy(2e-6, 3e-16),  # x - tanh x cancels, around 0 in the reference
}
#: functions that multiply x with what has an exponential in it
TIMES_X = {"swish", "gelu", "mish"}


def everywhere() -> Array:
    """Return numbers of all sizes and signs, more where functions bend, and the special ones."""
    sizes = np.concatenate([
        np.logspace(-45, 38.5, 1700), np.linspace(0, 130, 5000), np.linspace(0, 6, 3001),
    ])  # fmt: skip
    special = [np.inf, np.nan, LIMITS.max, LIMITS.tiny, LIMITS.smallest_subnormal]
    numbers = np.concatenate([sizes, special]).astype(np.float32)
    return np.concatenate([numbers, -numbers])


NUMBERS = everywhere()


def generator_of(name: str, variant: dict[str, Any]) -> Generator:
    """Return an activation on all numbers; trained parameters are repeated."""
    trained = activations[name].trained
    attributes = {key: value for key, value in variant.items() if key not in trained}
    weights = {
        key: np.resize(variant[key], 1 if len(variant[key]) == 1 else NUMBERS.size).astype("f4")
        for key in trained
    }
    node = Node("act", "activation", ("x",), {"function": name, **attributes}, weights)
    return Generator.from_network(Network({"x": (NUMBERS.size,)}, [node], ["act"]))


def largest_allowed(name: str, expected: Array) -> Array:
    """Return how far results may be off; e^x is cut to 0 where it is no normal number."""
    accuracy = ACCURACIES.get(name, Accuracy())
    cut = np.full(NUMBERS.shape, 1.1 * LIMITS.tiny)
    if name in TIMES_X:
        cut *= np.maximum(1.0, np.abs(NUMBERS.astype(np.float64)))
    return accuracy.relative * np.abs(expected) + accuracy.absolute + cut


@pytest.mark.parametrize("level", HERE)
@pytest.mark.parametrize("name", codes.ACTIVATIONS)
def test_the_whole_range(library: KernelLibrary, level: str, name: str) -> None:
    for variant in VARIANTS.get(name, [{}]):
        generator = generator_of(name, variant)
        with np.errstate(all="ignore"):
            expected = evaluate(generator.network, {"x": NUMBERS[None].astype(np.float64)})[0]
            rounded = expected.astype(np.float32)
        found = library.run(level, plan_of(generator), NUMBERS[None])[0]
        finite = np.isfinite(rounded)
        np.testing.assert_array_equal(found[~finite], rounded[~finite])
        off = np.abs(found[finite] - expected[finite])
        excess = off - largest_allowed(name, expected)[finite]
        worst = int(excess.argmax())
        assert excess[worst] <= 0, (variant, NUMBERS[finite][worst], found[finite][worst])


@pytest.mark.parametrize("level", HERE)
def test_the_tail_of_the_sigmoid_keeps_its_digits(library: KernelLibrary, level: str) -> None:
    generator = generator_of("sigmoid", {})
    found = library.run(level, plan_of(generator), NUMBERS[None])[0]
    normal = NUMBERS > -87.33
    exact = 1 / (1 + np.exp(-NUMBERS[normal].astype(np.float64)))
    np.testing.assert_allclose(found[normal], exact, rtol=3e-7)
    assert (found[NUMBERS < -87.34] == 0).all()
