from __future__ import annotations

from itertools import combinations
from math import prod

from tests.cpp.pairwise import pairs, pairwise

FACTORS = {"a": ("1", "2", "3", "4"), "b": ("x", "y"), "c": ("p", "q", "r"), "d": ("m", "n", "o")}


def test_every_two_values_meet_in_far_fewer_rows_than_the_product() -> None:
    rows = pairwise(FACTORS)
    held = {frozenset(two) for row in rows for two in combinations(row.items(), 2)}
    assert set(pairs(FACTORS)) <= held
    assert all(list(row) == list(FACTORS) for row in rows)
    assert len(rows) <= 14 < prod(len(values) for values in FACTORS.values()) / 4


def test_the_rows_are_the_same_every_time() -> None:
    assert pairwise(FACTORS) == pairwise(FACTORS)
