"""SavedModel: networks written as a TensorFlow graph that C, C++ and Python sessions load."""

from __future__ import annotations
