"""Known answers of Philox4x32-10: github.com/DEShawResearch/random123, tests/kat_vectors."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.philox import philox

#: counter, key (least significant word first), answer
KNOWN_ANSWERS = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(counter: str, key: str, answer: str) -> None:
    low, high = words(key)
    c0, c1, c2, c3 = (np.array([word], dtype=np.uint32) for word in words(counter))
    found = philox((c0, c1, c2, c3), low | high << 32)
    assert [int(word[0]) for word in found] == words(answer)


def test_counters_are_independent_of_their_neighbours() -> None:
    columns = np.array([words(counter) for counter, _, _ in KNOWN_ANSWERS], dtype=np.uint32).T
    together = philox((columns[0], columns[1], columns[2], columns[3]), 0)
    assert all(word.dtype == np.uint32 for word in together)
    assert [int(word[0]) for word in together] == words(KNOWN_ANSWERS[0][2])
