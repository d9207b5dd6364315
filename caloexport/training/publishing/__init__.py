"""Publishing a run: a decoder that travels with the package, and the card that tells of it.

``python -m caloexport.training.publishing.publish RUN -o models/NAME``
"""
