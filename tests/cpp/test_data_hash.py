"""Python and C++ agree on the hash of a decoder's weights, and damage changes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cpp.data_hash import LANES, PIECE, data_hash
from tests.cpp.compiling import SANITIZED, Compiler, run

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "cpp" / "programs" / "data_hash.cc"
PIECE_BYTES = 8 * LANES * PIECE
DATA = np.random.default_rng(1).integers(0, 256, 3 * PIECE_BYTES, dtype=np.uint8)


@pytest.mark.system
@pytest.mark.parametrize("first", [0, 3])
@pytest.mark.parametrize(
    "size", [0, 1, 31, 32, 33, 64, 100, 4096, PIECE_BYTES, 2 * PIECE_BYTES + 7]
)
def test_python_and_cpp_agree(compiler: Compiler, tmp_path: Path, size: int, first: int) -> None:
    program = compiler.program(
        [PROGRAM], includes=[ROOT / "cpp_snippets" / "decoder"], flags=SANITIZED
    )
    file = tmp_path / "data"
    file.write_bytes(DATA[: first + size].tobytes())
    assert int(run(program, file, str(first)), 16) == data_hash(DATA[first : first + size])


def test_each_bit_counts() -> None:
    data = DATA[:96].copy()
    found = {data_hash(data)}
    for bit in range(8 * data.size):
        data[bit // 8] ^= 1 << bit % 8
        found.add(data_hash(data))
        data[bit // 8] ^= 1 << bit % 8
    assert len(found) == 1 + 8 * data.size


def test_two_changed_signs_count() -> None:
    weights = np.ones(1000, dtype=np.float32)
    found = {data_hash(weights.tobytes())}
    for first, second in [(0, 1), (1, 3), (1, 9), (3, 995), (9, 17)]:
        changed = weights.copy()
        changed[[first, second]] *= -1
        found.add(data_hash(changed.tobytes()))
    assert len(found) == 6


def test_the_place_of_a_number_and_zeros_at_the_end_count() -> None:
    data = DATA[:128]
    others = [data[::-1], np.roll(data, 8), np.roll(data, 32), np.pad(data, (0, 1)), data[:-1]]
    found = {data_hash(np.ascontiguousarray(other)) for other in [data, *others]}
    assert len(found) == 1 + len(others)
