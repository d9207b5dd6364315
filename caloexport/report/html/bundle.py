"""Put scripts together: a page holds one script, so that it can be read from a disk.

Browsers load no modules from files. The scripts are plain ES modules all the same, which say what
they import; here they are joined in the order of their imports, each in a scope of its own.
"""

from __future__ import annotations

import posixpath
import re
from importlib.resources import files

_IMPORT = re.compile(r'^import \{[^}]*\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)


def bundle(entry: str) -> str:
    """Return a script and all that it imports as the text of one module.

    Args:
        entry: below ``caloexport/report``, for example ``"html/scripts/shower_view.js"``. Imports
            are relative to the file, and name what they take: ``import { a, b } from "./c.js";``

    >>> bundle("html/scripts/camera.js").splitlines()[0]
    'const { Camera } = (() => {'
    """
    done: dict[str, str] = {}
    _add(entry, done)
    return "\n".join(done.values())


def _add(path: str, done: dict[str, str]) -> None:
    text = (files("caloexport.report") / path).read_text(encoding="utf-8")
    done[path] = ""  # begun: circles of imports end here
    for name in _IMPORT.findall(text):
        needed = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if needed not in done:
            _add(needed, done)
    del done[path]  # behind what it needs
    names = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    head, tail = (f"const {{ {names} }} = ", f"return {{ {names} }};\n") if names else ("", "")
    done[path] = f"{head}(() => {{\n{body}{tail}}})();\n"
