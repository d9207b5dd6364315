"""The rules of ONNX, held by its own checker."""

from __future__ import annotations

from pathlib import Path

from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.extras import require


def require_valid(path: Path, hint: str) -> None:
    """Raise AnswerIsNo when a file that was just written breaks the rules of ONNX.

    Raises:
        MissingDependency: onnx is not installed.
    """
    require("onnx", extra="onnx")
    from onnx import checker, shape_inference

    try:
        checker.check_model(str(path), full_check=True)
    except (checker.ValidationError, shape_inference.InferenceError) as error:
        message = f"the ONNX checker rejects the written file: {error}"
        raise AnswerIsNo(message, where=str(path), hint=hint) from error
