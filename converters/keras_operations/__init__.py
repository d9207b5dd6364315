"""Functions of ``keras.ops`` in Functional models: handlers like those of ``keras_layers``."""
