from __future__ import annotations

import math

import pytest

from caloexport.converters.cpp.literals import double, single, string
from caloexport.runtime.errors import UsageError


@pytest.mark.parametrize("value", [0.1, 1e-300, -1.5, math.pi, 1_024_000.0, 2.0**-1074])
def test_a_literal_reads_back_exactly(value: float) -> None:
    assert float(double(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_has_no_literal(value: float) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        double(value)
    with pytest.raises(UsageError, match="cannot be written"):
        single(value)


def test_a_single_beyond_its_range_is_refused() -> None:
    with pytest.raises(UsageError, match="as a float"):
        single(1e39)


def test_strings_cannot_escape_from_their_quotes() -> None:
    assert string('a"; system("x') == '"a\\"; system(\\"x"'
    assert string("\n\\") == '"\\012\\\\"'
    assert string("??/") == '"\\077\\077/"'  # a trigraph of old compilers
