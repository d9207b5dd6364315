"""Export a Keras file with Keras' own ONNX exporter, and prove what it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport import __version__
from caloexport.converters.keras_exporter.answers import answers
from caloexport.converters.keras_exporter.graph import OPSET, exported_graph
from caloexport.converters.keras_exporter.load import load_model
from caloexport.converters.keras_exporter.record import execute, to_metadata
from caloexport.converters.onnx.checking import require_valid
from caloexport.converters.readers import Choices
from caloexport.converters.targets import targets
from caloexport.converters.verify import Verification, judge_vectors, require_equal
from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import AnswerIsNo, InputFileError
from caloexport.runtime.files import atomic_output, sha256_of
from caloexport.runtime.vectors import Vectors, make_vectors

HINT = "Keras' exporter wrote a wrong file without saying so; it is removed"


@dataclass(frozen=True)
class KerasExported:
    """What Keras' exporter made.

    Attributes:
        path: the ONNX file.
        written_by: the libraries that wrote it, with versions.
        verification: the proof, against Keras' own answers.
    """

    path: Path
    written_by: str
    verification: Verification


def export_with_keras(model: Path, path: Path, choices: Choices | None = None) -> KerasExported:
    """Write a ``.keras`` or ``.h5`` file as ONNX by Keras' exporter, proven before it appears.

    Args:
        model: the file to read.
        path: the file to write.
        choices: steps of sequences, and which output, where the model leaves it open.

    Raises:
        InputFileError: the model is missing or damaged.
        UnsupportedError: it carries code, or Keras cannot load, evaluate or translate it; names
            the operator.
        AnswerIsNo: the exported file is broken or gives something else than Keras; it is removed.
        MissingDependency: a library is absent.
        UsageError: not a file that Keras loads, or a choice that means nothing here.
    """
    choices = choices or Choices()
    network = load_model(model, choices)
    import onnx  # load_model says how to install it

    # the exporter refuses models that were never called: the answers come first
    inputs, outputs = answers(network, choices.steps, str(model))
    vectors, written_by = make_vectors(inputs, outputs, None), _libraries()
    with atomic_output(path) as temporary:
        exported = exported_graph(network, choices.steps, str(model))
        metadata = to_metadata(_origin(model, written_by), vectors)
        onnx.helper.set_model_props(exported, metadata)
        temporary.write_bytes(exported.SerializeToString(deterministic=True))
        verification = _proven(temporary, path, inputs, outputs)
    return KerasExported(path, written_by, verification)


def _proven(written: Path, path: Path, inputs: Float32, outputs: Float32) -> Verification:
    """Compare all outputs of a file, not only those that it stores, with Keras' own."""
    try:
        require_valid(written, HINT)
        found = execute(written, inputs)
    except (AnswerIsNo, InputFileError) as error:
        raise AnswerIsNo(error.message, where=str(path), hint=HINT) from error
    every = np.arange(outputs.shape[1])
    none = np.zeros((len(outputs), 0))
    vectors = Vectors(inputs, every, outputs, np.zeros(0, dtype=np.int64), none)
    target = targets["onnx"]
    verification = judge_vectors(found, vectors, None, target.tolerance, target.engine)
    require_equal(verification, path)
    return verification


def _libraries() -> str:
    import keras
    import tf2onnx

    return f"Keras {keras.__version__}, tf2onnx {tf2onnx.__version__}"


def _origin(model: Path, written_by: str) -> dict[str, Any]:
    return {
        "source": model.name,
        "source_sha256": sha256_of(model),
        "written_by": written_by,
        "proven_by": f"caloexport {__version__}",
        "opset": OPSET,
    }
