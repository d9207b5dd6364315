"""The bandwidth probe reads every number once."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.stream import STEP, stream


def test_every_whole_step_of_every_array_is_added() -> None:
    arrays = [np.arange(3 * STEP + 5, dtype=np.float32), np.ones(STEP, dtype=np.float32)]
    places = np.array([(array.ctypes.data, array.size) for array in arrays], dtype=np.int64)
    result = np.zeros(16, dtype=np.float32)
    stream(places, result)
    assert result.sum() == arrays[0][: 3 * STEP].sum() + STEP
