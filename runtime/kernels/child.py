"""Compile in another process, so that this one never imports numba."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.kernels import level
from caloexport.runtime.kernels.object_file import Kernels, from_bytes

log = logging.getLogger(__name__)

PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from caloexport.runtime.kernels.build import main
main()
"""
#: far beyond what a build takes on any machine
LIMIT_S = 900.0
HINT = "the numpy backend needs no compiler: --backend numpy"


def compile_kernels(identity: Mapping[str, str]) -> Kernels:
    """Compile every entry point for this machine; takes ten seconds to a minute.

    Args:
        identity: what the result must be made from.

    Raises:
        UnsupportedError: numba or LLVM fail here.
    """
    import subprocess  # a process that finds its kernels compiled needs none of it

    if not can_start_python():
        return _compile_here()
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-c", PROGRAM, json.dumps(sys.path)],
            env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        reason = f"no result after {LIMIT_S:.0f} s"
        raise _failure(reason) from None
    except OSError:  # no more processes, no such program
        return _compile_here()
    if child.returncode:
        text = child.stderr.decode(errors="replace").strip()
        log.debug("the compiling process said:\n%s", text)
        said = text.splitlines()
        raise _failure(said[-1] if said else f"exit status {child.returncode}")
    try:
        return from_bytes(child.stdout, identity)
    except ValueError as error:
        reason = f"the compiling process gave kernels that are {error}"
        raise _failure(reason) from None


def can_start_python() -> bool:
    """Say whether ``sys.executable`` is Python, not a program that has Python inside."""
    name = Path(sys.executable or "").name
    return bool(re.fullmatch(r"python[0-9.]*t?(\.exe)?", name)) and not hasattr(sys, "frozen")


def environment() -> dict[str, str]:
    """Return the child's environment: ours without what would change how numba compiles."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    return {**kept, level.VARIABLE: level.LEVEL}


def _compile_here() -> Kernels:
    from caloexport.runtime.kernels.build import build
    from caloexport.runtime.kernels.target import host_target

    try:
        return build(host_target(), alone=False)
    except Exception as error:  # numba's and LLVM's errors have no common class
        raise _failure(str(error)) from error


def _failure(reason: str) -> UnsupportedError:
    return UnsupportedError(f"the kernels cannot be compiled: {reason}", hint=HINT)
