"""What a ROOT file of ours says about itself: text that holds the attributes of an HDF5 file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.errors import InputFileError
from caloexport.showers.hdf5 import MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES
from caloexport.showers.root.file import RootFile

#: name of the TObjString
KEY = "caloexport"


def write_text(file: Any, attributes: Mapping[str, Any]) -> None:
    """Write attributes as one JSON object in a TObjString."""
    plain = {
        key: value.item() if isinstance(value, np.generic) else value
        for key, value in attributes.items()
    }
    file[KEY] = json.dumps(plain)  # in ASCII


def read_text(file: RootFile) -> dict[str, Any]:
    """Return the attributes that are text or single numbers; empty if the file has none of ours.

    Raises:
        InputFileError: the text is not a JSON object, or there is too much of it.
    """
    if file.classes.get(KEY) != "TObjString":
        return {}
    try:
        found = json.loads(str(file.read_object(KEY)))
    except (ValueError, RecursionError) as error:
        message = f"'{KEY}' is not JSON"
        raise InputFileError(message, where=file.path) from error
    if not isinstance(found, dict) or len(found) > MAX_ATTRIBUTES:
        message = f"'{KEY}' is no JSON object of at most {MAX_ATTRIBUTES} entries"
        raise InputFileError(message, where=file.path)
    kept = (str, int, float, bool)
    return {
        _whole(key): _whole(value) if isinstance(value, str) else value
        for key, value in found.items()
        if isinstance(value, kept) and len(str(value)) <= MAX_ATTRIBUTE_BYTES
    }


def _whole(text: str) -> str:
    """Return text without halves of characters, which JSON can hold and nothing can print."""
    return text.encode("utf-8", "replace").decode()
