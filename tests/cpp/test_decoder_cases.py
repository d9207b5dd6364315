from __future__ import annotations

from itertools import combinations

from tests.cpp.decoder_cases import FACTORS, TOGETHER
from tests.cpp.generators import GENERATORS
from tests.cpp.pairwise import pairs, pairwise


def test_every_two_choices_meet_in_a_program() -> None:
    rows = pairwise(FACTORS)
    held = {frozenset(two) for row in rows for two in combinations(row.items(), 2)}
    assert set(pairs(FACTORS)) <= held
    assert len(rows) <= 14  # each costs seconds to compile


def test_every_generator_is_in_a_program() -> None:
    together = [row["generator"] for row in TOGETHER]
    assert {*FACTORS["generator"], *together} == set(GENERATORS)
    assert len(set(together)) == len(together)
