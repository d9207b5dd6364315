"""What a comparison leaves beside the courses: its JSON and its picture."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caloexport.converters.json_object import read_json_object
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import atomic_output
from caloexport.training.adapt.compare import SCHEMA, Course, to_json
from caloexport.training.adapt.course import Place
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


def read_outcome(path: Path) -> tuple[list[Course], dict[str, Any]]:
    """Return the courses of a ``comparison.json``, and the machine that they were run on.

    Raises:
        InputFileError: another file, or a damaged one.
    """
    told = read_json_object(path, "the comparison")
    if told.get("schema") != SCHEMA:
        message = f"has the schema {told.get('schema')!r:.60}, expected '{SCHEMA}'"
        hint = "name the comparison.json of caloexport adapt --compare"
        raise InputFileError(message, where=str(path), hint=hint)
    try:
        courses = [
            Course(one["arm"], one["showers"], one["seed"], [*map(Place.from_json, one["places"])])
            for one in told["courses"]
        ]
        if not courses or not all(one.places for one in courses):
            raise ValueError("a course without places")
        return courses, dict(told["machine"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputFileError(f"is damaged: {error!r:.80}", where=str(path)) from error
