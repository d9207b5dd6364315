"""Keras files without Keras: the network of a ``.keras`` or ``.h5`` file, by h5py, zip and json.

    archive / hdf5             open the container safely     -> configuration, weights
    model_config               configuration                 -> layers, calls, inputs, outputs
    numbered_/named_weights    where a layer's weights are   -> arrays
    expansion                  layers and calls              -> nodes (see keras_layers)
    read                       the whole way

Nothing in a file is ever executed or unpickled, and what is read into memory is bounded by the
size of the file.
"""

from __future__ import annotations

from caloexport.converters.keras_files.read import KerasModel, read_keras, read_keras_model

__all__ = ["KerasModel", "read_keras", "read_keras_model"]
