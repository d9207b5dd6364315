"""Blocks of rows on their way to the scorings."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.simulation.geant4.rows import BLOCK_ROWS, StepRows


def fill(rows: StepRows, block: np.ndarray) -> None:
    """Do as compiled code does: write rows, count them, and say when there is no more room."""
    for start in range(0, len(block), BLOCK_ROWS):
        part = block[start : start + BLOCK_ROWS]
        rows.rows[: len(part)] = part
        rows.count[0] = len(part)
        if len(part) == BLOCK_ROWS:
            rows.hand_on()


def test_blocks_keep_the_order_and_are_bounded() -> None:
    blocks: list[np.ndarray] = []
    rows = StepRows(lambda block: blocks.append(block.copy()))
    many = np.arange(5.0 * (BLOCK_ROWS + 3)).reshape(-1, 5)
    fill(rows, many)
    rows.pending += [9.0, 8.0, 7.0, 6.0, 5.0]
    rows.finish()
    assert max(map(len, blocks)) == BLOCK_ROWS
    expected = np.concatenate([many, [[9.0, 8.0, 7.0, 6.0, 5.0]]])
    np.testing.assert_array_equal(np.concatenate(blocks), expected)


def test_an_error_of_a_scoring_reaches_the_caller_once() -> None:
    def refuse(rows: object) -> None:
        message = "no room"
        raise OSError(message)

    rows = StepRows(refuse)
    for _ in range(2):
        fill(rows, np.zeros((3, 5)))
        rows.hand_on()
    with pytest.raises(OSError, match="no room"):
        rows.finish()
    rows.finish()
