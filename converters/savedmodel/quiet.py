"""TensorFlow without its chatter on stderr, which belongs to our messages."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from types import ModuleType

from caloexport.runtime.extras import require


def import_tensorflow() -> ModuleType:
    """Import TensorFlow; its C++ start-up lines are silenced unless the user has a say.

    Raises:
        MissingDependency: it is not installed.
    """
    # read once, when the library is loaded
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return require("tensorflow", extra="train")


@contextlib.contextmanager
def without_advice(tensorflow: ModuleType) -> Iterator[None]:
    """Hide TensorFlow's advice to leave sessions, the one interface that C and C++ have."""
    logger = tensorflow.get_logger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
