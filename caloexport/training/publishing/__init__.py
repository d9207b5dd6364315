"""Publishing a run: a decoder that travels with the package, and the card that tells of it.

``python -m caloexport.training.publishing.publish RUN -o models/NAME --exports exports.toml``; with
``--trainable`` a meta-model, which brings all weights that an adaptation starts from.
"""
