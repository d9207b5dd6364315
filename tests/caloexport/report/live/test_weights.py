"""Weights of the page are those of the artifact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.converters.precisions import rounded_network
from caloexport.report.live.weights import WeightBytes
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.packing import as_matrix
from tests.networks_large import large_decoder

TYPES = {"float32": "<f4", "bfloat16": "<u2", "int8": "i1"}


def read(content: bytes, row: dict[str, Any]) -> Array:
    count = int(np.prod(row["shape"]))
    found = np.frombuffer(content, TYPES[row["precision"]], count, row["at"]).reshape(row["shape"])
    if row["precision"] == "bfloat16":
        return (found.astype(np.uint32) << 16).view(np.float32)
    if row["precision"] == "int8":
        scale = np.frombuffer(content, "<f4", row["shape"][0], row["scale"])
        return found.astype(np.float32) * scale[:, None]
    return found


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "bfloat16-a16", "int8", "int8-a8"])
def test_every_weight_is_found(precision: str) -> None:
    network = rounded_network(large_decoder().network, precision)
    weights = WeightBytes(network, precision)
    for node in network.nodes:
        for key, weight in node.weights.items():
            row = weights.table[node.name][key]
            matrix = as_matrix(node.kind, key, weight)
            assert row["at"] % 4 == 0
            np.testing.assert_array_equal(
                read(weights.content, row), weight if matrix is None else matrix.T
            )
    stored = {row["precision"] for rows in weights.table.values() for row in rows.values()}
    assert stored == {"float32", precision.partition("-")[0]}


def test_a_precision_of_somebody_else_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="precision 'float8'") as caught:
        WeightBytes(large_decoder().network, "float8")
    assert "--precision bfloat16" in str(caught.value.hint)
