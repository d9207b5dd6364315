"""TensorFlow without its chatter on stderr, which belongs to our messages."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from types import ModuleType

from caloexport.runtime.extras import require

#: lines that the library writes before it has read any log level
START_UP = re.compile(rb"(I\d{4} |WARNING: All log messages before absl::InitializeLog)")


def import_tensorflow() -> ModuleType:
    """Import TensorFlow; its C++ start-up lines are silenced unless the user has a say.

    Raises:
        MissingDependency: it is not installed.
    """
    if "tensorflow" in sys.modules or "TF_CPP_MIN_LOG_LEVEL" in os.environ:
        return require("tensorflow", extra="train")
    # read once, when the library is loaded
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with _without_start_up_lines():
        return require("tensorflow", extra="train")


@contextlib.contextmanager
def _without_start_up_lines() -> Iterator[None]:
    """Hold back what is written to the file descriptor of stderr; pass on all but those lines."""
    sys.stderr.flush()
    try:
        stderr = os.dup(2)
    except OSError:  # closed, so nobody reads it
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            held.seek(0)
            for line in held:
                if not START_UP.match(line):
                    os.write(2, line)


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
