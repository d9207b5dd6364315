"""The bandwidth probe reads every number once."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.natives import natives

#: floats that the probe takes at a time
STEP = 64


def test_every_whole_step_of_every_array_is_added() -> None:
    arrays = [np.arange(3 * STEP + 5, dtype=np.float32), np.ones(STEP, dtype=np.float32)]
    places = np.array([(array.ctypes.data, array.size) for array in arrays], dtype=np.int64)
    result = np.zeros(16, dtype=np.float32)
    assert natives()["stream"](places, result) == 2
    assert result.sum() == arrays[0][: 3 * STEP].sum() + STEP


def test_a_result_too_short_for_the_sums_is_not_written() -> None:
    array = np.ones(STEP, dtype=np.float32)
    places = np.array([(array.ctypes.data, array.size)], dtype=np.int64)
    result = np.zeros(15, dtype=np.float32)
    assert natives()["stream"](places, result) == 0
    assert not result.any()
