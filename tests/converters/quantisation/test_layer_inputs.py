from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.quantisation import layer_inputs as module
from caloexport.converters.quantisation.calibration import calibration_inputs
from caloexport.converters.quantisation.layer_inputs import layer_inputs
from caloexport.runtime.reference import evaluate_all
from tests.networks import decoder


@pytest.mark.parametrize("index", [0, 1, 3])
def test_every_shower_once_in_pieces_that_fit_into_memory(
    index: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = decoder()
    inputs = calibration_inputs(generator, 100)
    monkeypatch.setattr(module, "SHOWERS", 40)
    pieces = list(layer_inputs(generator, generator.network, index, inputs))
    assert [len(piece) for piece in pieces] == [40, 40, 20]
    monkeypatch.setattr(module, "PIECE", 100)
    assert len(list(layer_inputs(generator, generator.network, index, inputs))) >= 3
    name = generator.network.nodes[index].inputs[0]
    expected = evaluate_all(generator.network, generator.split(inputs), np.float32)[name]
    np.testing.assert_allclose(np.concatenate(pieces), expected, rtol=1e-5)
