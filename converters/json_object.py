"""The text of one JSON object, from a file that nobody vouches for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file

LARGEST_JSON = 32_000_000


def read_json_object(path: Path, what: str) -> dict[str, Any]:
    """Return the JSON object that a file holds.

    Raises:
        InputFileError: missing, not JSON, not an object, too long or too deeply nested.
    """
    size = existing_file(path, "JSON file").stat().st_size
    if size > LARGEST_JSON:
        raise _too_long(what, size, str(path))
    return parse_json(path.read_bytes(), what, str(path))


def parse_json(content: bytes | str, what: str, where: str) -> dict[str, Any]:
    """Return the JSON object of a text.

    Raises:
        InputFileError: not JSON, not an object, too long or too deeply nested.
    """
    if len(content) > LARGEST_JSON:
        raise _too_long(what, len(content), where)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"{what} is not JSON: {error!s:.80}"
        raise InputFileError(message, where=where, hint="the file is damaged") from error
    if not isinstance(data, dict):
        message = f"{what} holds a {type(data).__name__}, expected an object"
        raise InputFileError(message, where=where)
    return data


def _too_long(what: str, size: int, where: str) -> InputFileError:
    return InputFileError(f"{what} has {size} bytes, more than any model's", where=where)
