from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.converters.lwtnn.decimals import as_float32, nine_digits, short, shortened, text_of
from caloexport.runtime.network import Network, Node
from tests.networks import dense

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
FLOATS_32 = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(FLOATS, min_size=1))
@settings(derandomize=True, deadline=None)
def test_text_gives_every_double_back(values: list[float]) -> None:
    x = np.array(values)
    found = np.array(json.loads(b"[" + text_of(x) + b"]"), np.float64)
    np.testing.assert_allclose(found, x, rtol=1e-15)


@given(st.lists(FLOATS_32, min_size=1))
@settings(derandomize=True, deadline=None)
def test_nine_digits_give_every_float32_back(values: list[float]) -> None:
    x = np.array(values, np.float32)
    written = np.array(json.loads(b"[" + text_of(x) + b"]"), np.float64)
    found = as_float32(written)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, x)


@given(st.floats(1e-30, 1e30))
@settings(derandomize=True, deadline=None)
def test_nine_digits_are_those_that_printing_gives(value: float) -> None:
    found = float(nine_digits(np.array([value]))[0])
    expected = float(f"{value:.9g}")
    # a value half way between two numbers of nine digits may go to either
    assert found == pytest.approx(expected, rel=1e-15) or abs(found - value) <= 1.0000001 * abs(
        expected - value
    )


def test_one_double_keeps_the_whole_array() -> None:
    x = np.array([0.5, 0.1, 1 / 3])
    assert as_float32(x) is x
    assert text_of(x) == b"0.5,0.1,0.3333333333333333"


def test_a_matrix_in_any_memory_order() -> None:
    x = np.arange(6.0).reshape(2, 3)
    for one in (x, x.T, np.asfortranarray(x)):
        assert as_float32(one).dtype == np.float32
        np.testing.assert_array_equal(as_float32(one), one)


def test_shortening_in_any_memory_order() -> None:
    x = np.arange(1.0, 25.0).reshape(2, 3, 4) / 7
    for one in (x, x.transpose(2, 0, 1), x.transpose(0, 2, 1), x[:, ::2], x[::-1]):
        node = Node("c", "maxout", ("x",), {}, {"kernel": one, "bias": np.zeros(one.shape[::2])})
        network = Network({"x": (one.shape[1],)}, [node], ["c"])
        like = Network({"x": (1,)}, [Node("a", "dropout", ("x",))], ["a"])
        found = shortened(network, like)["c"].weights["kernel"]
        np.testing.assert_array_equal(found, nine_digits(one))
        written = nine_digits(one.astype(np.float32))
        np.testing.assert_array_equal(as_float32(written), one.astype(np.float32))


def test_no_negative_zero() -> None:
    assert text_of(np.array([-0.0, 0.0])) == text_of(np.array([-0.0, 0.0], "f4")) == b"0,0"


def with_kernel(kernel: np.typing.NDArray[np.float64]) -> Network:
    node = dense("d", "x", 2, 2).with_weights(kernel=kernel)
    shift = {"scale": np.ones(2), "offset": np.full(2, 1 / 3)}
    return Network({"x": (2,)}, [node, Node("n", "normalization", ("d",), {}, shift)], ["n"])


def test_what_was_calculated_from_float32_is_shortened() -> None:
    thirds = np.full((2, 2), 1 / 3)
    singles = with_kernel(thirds.astype(np.float32))
    found = shortened(with_kernel(thirds), like=singles)
    assert found["d"].weights["kernel"].tolist() == [[0.333333333] * 2] * 2
    assert found["n"].weights["offset"].tolist() == [1 / 3] * 2
    doubles = with_kernel(thirds)
    assert shortened(doubles, like=doubles) is doubles
    assert not short(thirds)
    assert short(nine_digits(thirds))


def test_the_file_is_as_short_as_nine_digits_make_it(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=1000)
    assert len(text_of(x.astype(np.float32))) < 13 * 1000 < 17 * 1000 < len(text_of(x))
