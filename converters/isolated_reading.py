"""The child process of :mod:`caloexport.converters.isolation`.

Reads a request from stdin, and answers with one line of JSON: null, or an error.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from caloexport.converters.isolation import error_to_json, save
from caloexport.converters.readers import Choices, readers
from caloexport.runtime.errors import CaloexportError, InputFileError

#: beyond what the format's library takes when it is imported
MEMORY_BYTES = 500_000_000
#: on top of at most one more, as the limit of a process is a whole number of seconds
CPU_SECONDS = 1
#: of a file's size: its content, decompressed, as arrays, and in the file that goes back
MEMORY_PER_BYTE = 40
BYTES_PER_SECOND = 4_000_000


def main() -> None:
    """Read one model within the limits and write it where the request says."""
    request = json.load(sys.stdin)
    given: dict[str, Any] = {k: _value(v) for k, v in request["choices"].items()}
    path, reader = Path(request["path"]), readers[request["reader"]]
    for library in reader.libraries:
        with contextlib.suppress(ImportError):  # the reader says how to install it
            importlib.import_module(library)
    limit(_size([path, *(v for v in given.values() if isinstance(v, Path))]))
    answer = None
    try:
        save(Path(request["result"]), reader.read(path, Choices(**given)))
    except CaloexportError as error:
        answer = error_to_json(error)
    except MemoryError:
        gc.collect()
        message = "needs far more memory than a file of its size should"
        answer = error_to_json(InputFileError(message, where=str(path), hint="damaged?"))
    text = json.dumps(answer)
    shown: dict[str, str] = request["shown"]
    for absolute in sorted(shown, key=len, reverse=True):  # the user's own spelling of the paths
        text = text.replace(json.dumps(absolute)[1:-1], json.dumps(shown[absolute])[1:-1])
    sys.stdout.write(text + "\n")


def _value(given: Any) -> Any:
    return Path(given["path"]) if isinstance(given, dict) else given


def limit(size: int) -> None:
    """Limit this process to what reading a file of a size may take from now on."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; a crash is still contained
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    seconds = int(used) + 1 + CPU_SECONDS + size // BYTES_PER_SECOND
    memory = _mapped() + MEMORY_BYTES + MEMORY_PER_BYTE * size
    _set(resource, resource.RLIMIT_CPU, seconds)
    _set(resource, resource.RLIMIT_CORE, 0)
    if _mapped():  # elsewhere than on Linux the limit of the address space means something else
        _set(resource, resource.RLIMIT_AS, memory)


def _set(resource: Any, which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (value, hard))


def _mapped() -> int:
    """Return the bytes of address space in use, 0 where nobody tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return 0
    import resource

    return pages * resource.getpagesize()


def _size(paths: list[Path]) -> int:
    total = 0
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        total += sum(one.stat().st_size for one in inside if one.is_file())
    return total


if __name__ == "__main__":
    main()
