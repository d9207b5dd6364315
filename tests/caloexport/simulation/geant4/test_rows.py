"""Blocks of rows on their way to the scorings."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.simulation.geant4.rows import BLOCK_ROWS, StepRows


def test_blocks_keep_the_order_and_are_bounded() -> None:
    blocks: list[np.ndarray] = []
    rows = StepRows(lambda block: blocks.append(block.copy()))
    rows.pending += [9.0, 8.0, 7.0, 6.0, 5.0]
    many = np.arange(5.0 * (BLOCK_ROWS + 3)).reshape(-1, 5)
    rows.extend(many)
    rows.finish()
    assert max(map(len, blocks)) == BLOCK_ROWS
    expected = np.concatenate([[[9.0, 8.0, 7.0, 6.0, 5.0]], many])
    np.testing.assert_array_equal(np.concatenate(blocks), expected)


def test_an_error_of_a_scoring_reaches_the_caller_once() -> None:
    def refuse(rows: object) -> None:
        message = "no room"
        raise OSError(message)

    rows = StepRows(refuse)
    rows.extend(np.zeros((3, 5)))
    rows.extend(np.zeros((3, 5)))
    with pytest.raises(OSError, match="no room"):
        rows.finish()
    rows.finish()
