"""What in a Keras file would have to be imported or executed as code: that is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import UnsupportedError

#: classes of Keras itself that run code of the file, or load another file that holds some
RUNNING = ("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")
#: where Keras writes the names of its own classes and functions; newer files call both builtins
OWN = ("keras", "builtins")
#: losses and optimizers, which are neither loaded nor exported
UNREAD = ("compile_config",)


def code_in(config: Any) -> str | None:
    """Name the first class or function of a configuration that is code of somebody else's.

    >>> code_in({"class_name": "Dense", "module": "keras.layers", "registered_name": None})
    >>> code_in([{"class_name": "Lambda", "module": "keras.layers"}])
    'Lambda'
    >>> code_in({"class_name": "system", "module": "os"})
    'os.system'
    """
    for entry in _objects(config):
        name, module = str(entry["class_name"]), entry.get("module")
        if name in RUNNING:
            return name
        if module is not None and str(module).split(".")[0] not in OWN:
            return f"{module}.{name}"
        if name == "function" and module == "builtins":  # Keras' own say keras.activations, ...
            return str(entry.get("config"))
        if ">" in str(entry.get("registered_name")):
            return str(entry["registered_name"])
    return None


def require_no_code(config: Mapping[str, Any], path: Path) -> None:
    """Refuse a model with code of its own.

    Raises:
        UnsupportedError: naming the class.
    """
    found = code_in(config)
    if found is not None:
        message = f"its class {found} is Python code, which is never executed"
        raise UnsupportedError(message, where=str(path), hint="build it from layers of Keras")


def _objects(config: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all that names a class, at any depth; a stack, as the file decides how deep it is."""
    pending = [config]
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            if "class_name" in value:
                yield value
            inside = [part for key, part in value.items() if key not in UNREAD]
            pending.extend(reversed(inside))
        elif isinstance(value, list):
            pending.extend(reversed(value))
