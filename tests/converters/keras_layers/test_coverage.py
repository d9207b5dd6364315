"""No handler goes without a comparison with Keras."""

from __future__ import annotations

from caloexport.converters.keras_layers import keras_layers
from tests.converters.keras_layers import (
    test_against_keras,
    test_convolution,
    test_normalization,
    test_recurrent,
    test_resampling,
    test_wrappers,
)
from tests.converters.keras_operations import test_against_keras as operations

FILES = (test_convolution, test_normalization, test_recurrent, test_resampling, test_wrappers)

#: parts of cases, and what has a file of its own
OTHERS = {
    "Activation", "ActivityRegularization", "AlphaDropout", "GaussianDropout", "GaussianNoise",
    "InputLayer", "SpatialDropout1D", "custom.Swish",
    "Embedding",
    "ThresholdedReLU", "TFOpLambda", "SlicingOpLambda", "ops.Identity",  # of Keras 2 alone
    # not of Keras 3: test_lwtnn_classes.py, keras_files/test_keras_1.py and test_keras_2.py
    "custom.Sum", "Sum", "ColumnEmbedding", "MaxoutDense", "Highway",
    "ops.Amax", "ops.Amin",
}  # fmt: skip


def test_every_handler_is_compared_with_keras() -> None:
    layers = test_against_keras
    names = {*layers.CHAINS, *layers.MERGES, *layers.OPERATIONS}
    names |= {name for file in FILES for group in file.GROUPS for name in group.cases}
    names |= {name for group in operations.GROUPS for name in group.cases}
    tested = {name.partition("-")[0] for name in names}
    assert set(keras_layers.names()) - OTHERS - tested == set()
    assert all(keras_layers[name].__doc__ for name in keras_layers)
