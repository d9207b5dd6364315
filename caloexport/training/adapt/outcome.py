"""What a comparison leaves beside the courses: its JSON and its picture."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caloexport.runtime.files import atomic_output
from caloexport.training.adapt.compare import Course, to_json
from caloexport.training.run_folder import versions

NAME = "comparison.json"


def write_outcome(courses: Sequence[Course], folder: Path, threads: int) -> dict[str, Any]:
    """Write JSON and picture, and return the JSON.

    Args:
        courses: of :func:`~caloexport.training.adapt.compare.compare`.
        folder: that they are in.
        threads: of TensorFlow.

    Raises:
        OutputFileError: the folder cannot be written.
        MissingDependency: the picture needs matplotlib.
    """
    from caloexport.training.adapt.picture import write_picture

    machine = {"processor": platform.processor() or platform.machine(), "threads": threads}
    told = to_json(courses, {**machine, "versions": versions()})
    with atomic_output(folder / NAME) as temporary:
        temporary.write_text(json.dumps(told, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    write_picture(courses, folder)
    return told
