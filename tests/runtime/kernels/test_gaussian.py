"""Compiled noise gives the bits of the numpy version."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from numba.core import types
from numba.extending import intrinsic

from caloexport.runtime.errors import UsageError
from caloexport.runtime.kernels.emit import LANES
from caloexport.runtime.kernels.gaussian import philox_lanes, store_first
from caloexport.runtime.kernels.lanes import LONG, Lanes
from caloexport.runtime.noise import NoiseLaw
from tests.networks import decoder
from tests.runtime.test_philox import KNOWN_ANSWERS, words

LAWS = [
    NoiseLaw(10),
    NoiseLaw(300, "normal", 0.5, 0.5),
    NoiseLaw(1, "normal", -3.0, 0.1),
    NoiseLaw(7, "uniform", -1.0, 1.0),
    NoiseLaw(64, "uniform", 0.0, 1e-3),
    NoiseLaw(65),
    NoiseLaw(0),
]


def draw(law: NoiseLaw, n: int, seed: int, first: int) -> np.ndarray:
    return decoder().executor.draw(law, n, seed, first)  # type: ignore[attr-defined]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{law.law}-{law.size}")
@pytest.mark.parametrize(("seed", "first"), [(0, 0), (2**64 - 1, 5), (12345, 2**63 - 200)])
def test_same_bits(law: NoiseLaw, seed: int, first: int) -> None:
    found, expected = draw(law, 100, seed, first), law.draw(100, seed, first)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.view(np.uint32), expected.view(np.uint32))


def test_same_bits_over_a_million_draws() -> None:
    law = NoiseLaw(1000)
    found, expected = draw(law, 1000, 42, 7), law.draw(1000, 42, 7)
    np.testing.assert_array_equal(found.view(np.uint32), expected.view(np.uint32))


@pytest.mark.parametrize(("seed", "first"), [(-1, 0), (2**64, 0), (0, -1)])
def test_a_bad_seed_is_refused(seed: int, first: int) -> None:
    with pytest.raises(UsageError, match="seed"):
        draw(NoiseLaw(3), 2, seed, first)


@intrinsic  # type: ignore[untyped-decorator]
def philox_of(context: Any, c0: Any, c1: Any, c2: Any, c3: Any, key: Any, target: Any) -> Any:
    """Write the words that all lanes get for one counter, (4, 16) uint32, to an address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *counter, key, target = arguments
        lanes = [Lanes.of(builder, LONG, word) for word in counter]
        parts = [word.as_floats().value for word in philox_lanes(builder, lanes, key)]
        store_first(builder, parts, target, LONG(4 * LANES))
        return context.get_dummy_value()

    return types.void(*(types.uint64,) * 5, types.int64), generate


@numba.njit
def philox_words(c0: int, c1: int, c2: int, c3: int, key: int, target: int) -> None:
    philox_of(c0, c1, c2, c3, key, target)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(counter: str, key: str, answer: str) -> None:
    low, high = words(key)
    found = np.zeros((4, LANES), dtype=np.uint32)
    given = [np.uint64(word) for word in (*words(counter), low | high << 32)]
    philox_words(*given, found.ctypes.data)
    np.testing.assert_array_equal(found.T, np.tile(np.uint32(words(answer)), (LANES, 1)))


@pytest.mark.parametrize("size", [1, 15, 16, 17, 63, 64, 65, 130])
def test_nothing_is_written_behind_the_latents(size: int) -> None:
    from caloexport.runtime.kernels.natives import natives

    out = np.full(3 * size + 100, -7, dtype=np.float32)
    assert natives()["draw"](1, 0.0, 1.0, 5, 0, size, out[: 3 * size]) == 3
    assert (out[3 * size :] == -7).all()
    np.testing.assert_array_equal(out[: 3 * size].reshape(3, size), NoiseLaw(size).draw(3, 5))
