"""Descriptions of classes that a ROOT file brings along, looked at before uproot believes them.

Geant4 writes older versions of ROOT's classes than uproot knows by heart; for these uproot writes
Python code from the descriptions (streamers) in the file, and runs it. A name in them that is more
than a name would be run as well, so files with such names are refused. The classes are kept with
the file: those of a damaged one must not be used for the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from caloexport.runtime.errors import InputFileError

#: names of classes, members and types of C++: nothing that ends a piece of Python text
NAME = re.compile(r"[\w:<>,*& \[\]-]*", re.ASCII)
#: free text that does not get into the code
COMMENTS = ("fTitle",)
MAX_CLASSES = 1024
MAX_ELEMENTS = 1024


def own_classes() -> dict[str, Any]:
    """Return uproot's classes for one file: what it adds does not reach the others."""
    import uproot

    return {name: _own_versions(known) for name, known in uproot.classes.items()}


def _own_versions(known: Any) -> Any:
    """Return a class with a dictionary of versions of its own, where it has one."""
    versions = getattr(known, "known_versions", None)
    if versions is None:
        return known
    return type(known)(known.__name__, (known,), {"known_versions": dict(versions)})


def require_plain_names(streamers: Mapping[str, Mapping[int, Any]], where: str) -> None:
    """Refuse streamers whose names could be anything but names.

    Args:
        streamers: by class and version, as uproot reads them.
        where: the file, for messages.

    Raises:
        InputFileError: names the suspicious text.
    """
    described = [one for versions in streamers.values() for one in versions.values()]
    if len(described) > MAX_CLASSES:
        message = f"describes {len(described)} classes, expected at most {MAX_CLASSES}"
        raise InputFileError(message, where=where)
    for one in described:
        if len(one.elements) > MAX_ELEMENTS:
            message = f"describes a class of {len(one.elements)} members"
            raise InputFileError(message, where=where)
        for text in _texts(one):
            if not NAME.fullmatch(text):
                message = f"describes a class with the name {text!a:.60}, which is none in C++"
                raise InputFileError(message, where=where, hint="do not trust this file")


def _texts(streamer: Any) -> Iterator[str]:
    for one in (streamer, *streamer.elements):
        for key, value in one.all_members.items():
            if isinstance(value, str) and key not in COMMENTS:
                yield value
