from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.rewrites.input_columns import fix_columns, insert_columns
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.networks import decoder


def test_fixed_columns_give_the_same_as_feeding_the_constants() -> None:
    network = decoder().network
    x = NoiseLaw(15).draw(5, seed=1)
    x[:, [12, 14]] = [0.25, -3.0]
    fixed = fix_columns(network, {14: -3.0, 12: 0.25})
    assert fixed.inputs == {"x": (13,)}
    found = evaluate(fixed, {"x": np.delete(x, [12, 14], axis=1)})
    assert compare(found, evaluate(network, {"x": x}), "float32").equal


def test_inserted_columns_are_ignored() -> None:
    network = decoder().network
    x = NoiseLaw(17).draw(5, seed=1)
    wide = insert_columns(network, [2, 16])
    expected = evaluate(network, {"x": np.delete(x, [2, 16], axis=1)})
    np.testing.assert_allclose(evaluate(wide, {"x": x}), expected, rtol=1e-12)


def test_an_input_that_is_not_read_by_dense_layers_is_refused() -> None:
    tanh = Node("tanh", "activation", ("x",), {"function": "tanh"})
    with pytest.raises(UnsupportedError, match="'tanh' \\(activation\\) reads the input"):
        fix_columns(Network({"x": (3,)}, [tanh], ["tanh"]), {0: 1.0})
