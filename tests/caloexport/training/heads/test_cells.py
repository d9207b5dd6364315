from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName
from caloexport.training.heads import read_head
from caloexport.training.heads.cells import Cells
from caloexport.training.hidden import seeds_of
from tests.caloexport.training import tiny

pytest.importorskip("tensorflow")
X = np.random.default_rng(0).uniform(size=(7, 4)).astype(np.float32)
N_CELLS = 60


@pytest.mark.parametrize("normalization", [False, True])
@pytest.mark.parametrize("activation", ["relu", "linear", "sigmoid", "silu"])
def test_a_file_holds_the_fractions_that_training_saw(activation: str, normalization: bool) -> None:
    import keras

    head = read_head(
        {"kind": "cells", "activation": activation, "normalization": normalization}, "[output]"
    )
    typical = np.geomspace(1e-6, 1e-1, N_CELLS).astype(np.float32)
    scale = head.scale(typical)
    x = keras.Input((4,))
    decoder = keras.Model(x, head.build(x, tiny.MESH, seeds_of(1)))
    random = np.random.default_rng(2)
    decoder.set_weights([random.uniform(0.2, 2, w.shape) for w in decoder.get_weights()])
    trained = head.fractions(np.asarray(decoder(X)), tiny.MESH, scale)

    head.fold(decoder, scale)

    np.testing.assert_allclose(decoder(X), trained, rtol=1e-5, atol=1e-12)
    kinds = [type(layer).__name__ for layer in decoder.layers]
    assert ("BatchNormalization" in kinds) == normalization
    # only an activation that a factor can be pulled through trains on scaled cells
    assert (scale == 1).all() == (activation in ("sigmoid", "silu"))


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'relu'"):
        Cells("rely")
