"""Optional libraries: import one, or say exactly how to install it."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from caloexport.runtime.errors import MissingDependency


def installed(module: str) -> bool:
    """Say whether a library could be imported, without importing it.

    >>> installed("numpy"), installed("no_such_library")
    (True, False)
    """
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:  # the parent of a dotted name is absent
        return False


def require(module: str, *, extra: str) -> ModuleType:
    """Import an optional library.

    Args:
        module: dotted name, for example ``"onnxruntime"``.
        extra: the extra of caloexport that installs it.

    Raises:
        MissingDependency: with the install line, when the library is absent.

    >>> require("json", extra="none").dumps(1)
    '1'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise  # the library is there but broken: the user must see why
        raise MissingDependency(module.split(".")[0], extra=extra) from None
