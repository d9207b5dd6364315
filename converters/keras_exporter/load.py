"""Load a model with Keras itself, so that it can be exported and asked for the right answers.

This happens in our own process, unlike all other reading of Keras files: TensorFlow takes seconds
to start and the model is needed to the end. It is acceptable because the user asks for it by
name, our own reader has refused damaged files before (in a child process), files with code are
refused from their configuration, and Keras' safe mode stands behind that.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from caloexport.converters.keras_exporter.code import require_no_code
from caloexport.converters.keras_files.read import read_configuration
from caloexport.converters.open import format_of, open_model
from caloexport.converters.readers import Choices
from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.runtime.errors import MissingDependency, UnknownName, UnsupportedError, UsageError
from caloexport.runtime.extras import installed, require

EXTRA = "exporter"
#: all that Keras' exporter and the proof of its file import
LIBRARIES = ("tensorflow", "keras", "tf2onnx", "onnx", "onnxruntime")
USES = ("steps", "output")
#: begins the names of nodes in the file, and so must not depend on what was loaded before
NAME = "network"


def load_model(path: Path, choices: Choices) -> Any:
    """Return the Functional model of one output in a ``.keras`` or ``.h5`` file.

    Args:
        path: the file.
        choices: the steps of sequences, and which output, where there are several.

    Raises:
        InputFileError: missing or damaged.
        UnsupportedError: it carries code, or Keras cannot load it.
        UsageError: not a file that Keras loads, or a choice that means nothing here.
        MissingDependency: a library is absent.
    """
    _require_a_keras_file(path, choices)
    keras = import_keras()
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        inputs, outputs = list(model.inputs), dict(zip(_names(model), model.outputs, strict=True))
    except Exception as error:  # Keras raises whatever its layers raise
        message = f"Keras {keras.__version__} itself cannot load it: {_first_line(error)}"
        raise UnsupportedError(message, where=str(path)) from error
    output = _taken(outputs, choices.output, str(path))
    return keras.Model(inputs, output, name=NAME)


def import_keras() -> Any:
    """Import Keras on TensorFlow.

    Raises:
        MissingDependency: anything is absent that the exporter or the proof needs.
        UsageError: the user's environment chooses another backend.
    """
    for library in LIBRARIES:
        if not installed(library):
            raise MissingDependency(library, extra=EXTRA)
    import_tensorflow()
    keras = require("keras", extra=EXTRA)
    if keras.backend.backend() != "tensorflow":
        message = f"Keras runs on {keras.backend.backend()}, its exporter is used on TensorFlow"
        raise UsageError(message, hint="set KERAS_BACKEND=tensorflow")
    return keras


def _require_a_keras_file(path: Path, choices: Choices) -> None:
    name = format_of(path)
    if name != "keras":
        message = "Keras' exporter takes whole models, in a .keras or .h5 file"
        raise UsageError(message, where=str(path), hint="leave out --exporter")
    for choice in choices.given():
        if choice not in USES:
            message = f"--{choice} means nothing for Keras' exporter"
            raise UsageError(message, where=str(path), hint="leave it out")
    with contextlib.suppress(UnsupportedError):  # what this way is for
        open_model(path, choices.only(("steps",)))
    require_no_code(read_configuration(path), path)


def _names(model: Any) -> list[str]:
    """Return the names of a model's outputs; a Sequential has one, which it does not name."""
    return getattr(model, "output_names", None) or [model.layers[-1].name]


def _taken(outputs: dict[str, Any], wanted: str | None, where: str) -> Any:
    if wanted is not None and wanted not in outputs:
        raise UnknownName("output", wanted, outputs, where=where)
    if wanted is None and len(outputs) != 1:
        message = f"the network has the outputs {', '.join(outputs)}, targets take one"
        raise UnsupportedError(message, where=where, hint="take one of them: --take NAME")
    return outputs[wanted or next(iter(outputs))]


def _first_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()] or [""]
    return f"{type(error).__name__}: {lines[0]:.160}"
