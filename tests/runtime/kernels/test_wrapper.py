"""What Python gives a kernel and what it gets back, for every kind of argument."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.kernels import build, compiled, translation
from caloexport.runtime.kernels.arguments import MOST_REALS, Argument
from caloexport.runtime.kernels.casts import floats_at, integers_at
from caloexport.runtime.kernels.compiled import entry
from caloexport.runtime.kernels.loading import load_functions
from caloexport.runtime.kernels.target import host_target

Functions = Mapping[str, Callable[..., int]]


def declare() -> None:
    @entry()
    def nothing() -> int:
        return 42

    @entry(Argument.INTEGER, Argument.UNSIGNED, Argument.REAL)
    def numbers(i, u, r):  # type: ignore[no-untyped-def]
        return i + np.int64(u >> np.uint64(1)) + np.int64(8 * r)

    @entry(Argument.READABLE, Argument.WRITABLE, Argument.INTEGER)
    def copy(source, source_bytes, target, target_bytes, factor):  # type: ignore[no-untyped-def]
        count = min(source_bytes, target_bytes) // 4
        values, results = floats_at(source), floats_at(target)
        for k in range(count):
            results[k] = factor * values[k]
        return count

    @entry(Argument.INTEGER, Argument.WRITABLE, Argument.REALS)
    def bits_of_reals(n, target, target_bytes, reals, count):  # type: ignore[no-untyped-def]
        bits, results = integers_at(reals), integers_at(target)
        for k in range(min(count, n)):
            results[k] = bits[k]
        return count

    @entry(Argument.FLOATS, Argument.WRITABLE)
    def shape_of(array, axes, shape, found, found_bytes):  # type: ignore[no-untyped-def]
        sizes, results = integers_at(shape), integers_at(found)
        for k in range(axes):
            results[k] = sizes[k]
        floats_at(array)[0] = 7
        return axes


@pytest.fixture(scope="module")
def functions() -> Functions:
    """Kernels of these tests alone, compiled as those of the house are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "import_all_kernels", declare)
        known: dict[str, Any] = {}
        patch.setattr(compiled, "ENTRIES", known)
        patch.setattr(build, "ENTRIES", known)
        patch.setattr(translation, "ENTRIES", known)
        return load_functions(build.build(host_target(), alone=False))


def test_integers_and_numbers(functions: Functions) -> None:
    assert functions["nothing"]() == 42
    assert functions["numbers"](-5, 2**64 - 1, 0.5) == -5 + (2**63 - 1) + 4
    assert functions["numbers"](-1, 0, -1.0) == -9  # what conversions return when they fail
    assert functions["numbers"](np.int64(3), 0, np.float32(0.25)) == 5
    assert functions["numbers"](True, 0, 1) == 9


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("1", 0, 0.0), TypeError),
        ((1.5, 0, 0.0), TypeError),
        ((2**63, 0, 0.0), OverflowError),
        ((0, -1, 0.0), OverflowError),
        ((0, 2**64, 0.0), OverflowError),
        ((0, 0, "1"), TypeError),
        ((0, 0, None), TypeError),
    ],
)
def test_other_things_are_refused(
    functions: Functions, arguments: tuple[Any, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        functions["numbers"](*arguments)


def test_buffers(functions: Functions) -> None:
    source, target = np.arange(7, dtype=np.float32), np.zeros((2, 3), dtype=np.float32)
    source.flags.writeable = False
    assert functions["copy"](source, target, 3) == 6
    np.testing.assert_array_equal(target.ravel(), 3 * source[:6])
    assert functions["copy"](source.tobytes(), bytearray(8), 1) == 2
    assert functions["copy"](b"", target, 1) == 0


@pytest.mark.parametrize("which", ["read-only", "not in C order", "no buffer", "later argument"])
def test_a_wrong_buffer_is_refused_and_the_others_released(
    functions: Functions, which: str
) -> None:
    source, target = np.zeros(4, np.float32), np.zeros(8, np.float32)
    arguments: list[Any] = [source, target, 1]
    if which == "read-only":
        target.flags.writeable = False
    elif which == "not in C order":
        arguments[1] = target[::2]
    elif which == "no buffer":
        arguments[1] = 3
    else:
        arguments[2] = "one"
    held = sys.getrefcount(source), sys.getrefcount(target)
    for _ in range(3):
        with pytest.raises((ValueError, TypeError, BufferError)):
            functions["copy"](*arguments)
    assert (sys.getrefcount(source), sys.getrefcount(target)) == held


def test_a_buffer_is_released_after_the_call(functions: Functions) -> None:
    target = bytearray(8)
    functions["copy"](b"\0" * 8, target, 1)
    target += b"longer"  # impossible while somebody holds the buffer
    assert len(target) == 14


@pytest.mark.parametrize("shape", [(5,), (2, 3), (1, 2, 3, 4)])
def test_arrays_of_floats(functions: Functions, shape: tuple[int, ...]) -> None:
    array, found = np.zeros(shape, dtype=np.float32), np.zeros(6, dtype=np.int64)
    assert functions["shape_of"](array, found) == len(shape)
    assert tuple(found[: len(shape)]) == shape
    assert array.flat[0] == 7


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(4),
        np.zeros(4, dtype=">f4"),
        np.zeros(4, dtype=np.int32),
        np.zeros((2, 2), dtype=np.float32, order="F"),
        np.zeros(4, dtype=np.float32)[::2],
        bytearray(16),
        np.zeros(4, dtype=[("a", "f4")]),
        4.0,
    ],
)
def test_what_is_no_array_of_floats(functions: Functions, array: Any) -> None:
    held = sys.getrefcount(array)
    for _ in range(3):
        with pytest.raises((TypeError, ValueError, BufferError)):
            functions["shape_of"](array, np.zeros(6, dtype=np.int64))
    assert sys.getrefcount(array) == held


def test_the_rest_as_reals(functions: Functions) -> None:
    for count in (0, 1, 5, MOST_REALS):
        values = [(-1.0) ** k * k / 7 for k in range(count)]
        found = np.zeros(MOST_REALS)
        assert functions["bits_of_reals"](MOST_REALS, found, *values) == count
        np.testing.assert_array_equal(found[:count], values)


def test_a_real_among_the_rest_that_is_none(functions: Functions) -> None:
    found = np.zeros(MOST_REALS)
    with pytest.raises(TypeError):
        functions["bits_of_reals"](MOST_REALS, found, 1.0, "2", 3.0)
    assert not found.any()


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("nothing", (1,), r"nothing\(\) takes 0 arguments"),
        ("numbers", (1, 2), r"numbers\(\) takes 3 arguments"),
        ("numbers", (1, 2, 3, 4), r"numbers\(\) takes 3 arguments"),
        ("bits_of_reals", (1,), r"takes 2 to 34 arguments"),
        ("bits_of_reals", (1, bytearray(8), *range(33)), r"takes 2 to 34 arguments"),
    ],
)
def test_another_number_of_arguments_is_refused(
    functions: Functions, name: str, arguments: tuple[Any, ...], expected: str
) -> None:
    with pytest.raises(TypeError, match=expected):
        functions[name](*arguments)


def test_names_are_no_arguments(functions: Functions) -> None:
    with pytest.raises(TypeError, match="no keyword arguments"):
        functions["numbers"](i=1, u=2, r=3)
