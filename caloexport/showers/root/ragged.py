"""Lists of records for uproot to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array


def ragged_array(counts: Array, fields: Mapping[str, Array]) -> Any:
    """Return an awkward array of lists of records.

    Args:
        counts: (n,) length of every list.
        fields: by name the values of all lists behind each other.
    """
    import awkward

    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    records = awkward.contents.RecordArray(
        [awkward.contents.NumpyArray(values) for values in fields.values()], list(fields)
    )
    index = awkward.index.Index64(offsets)
    return awkward.Array(awkward.contents.ListOffsetArray(index, records))
