"""The C++ compiler of this machine."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from caloexport.runtime.errors import CaloexportError, MissingDependency

#: looked for in this order, after what CXX names
NAMES = ("c++", "g++", "clang++")
INSTALL = "apt-get install g++, or conda install -c conda-forge gxx"
STANDARD = "-std=c++17"
#: without the second, libraries of one process would share variables of the same name
SHARED = ("-shared", "-fvisibility=hidden", "-fPIC")
PROBE = "#if __cplusplus < 201703L\n#error too old\n#endif\n#include <string>\n"
#: of what a compiler says, enough to see what it stumbles over
TOLD = 2000


class CompilationError(CaloexportError):
    """A C++ compiler refused what we generated, or broke off."""

    code = "compilation"


def compiler() -> list[str] | None:
    """Return the command of a C++17 compiler, None where there is none.

    The environment variable CXX names one, with options where it needs them.
    """
    return _compiler(os.environ.get("CXX", ""), os.environ.get("PATH", ""))


@functools.cache
def _compiler(named: str, path: str) -> list[str] | None:
    for command in [_words(named)] if named.strip() else [[name] for name in NAMES]:
        if shutil.which(command[0], path=path) and _accepts(command):
            return command
    return None


def require_compiler() -> list[str]:
    """Return the command of a C++17 compiler.

    Raises:
        MissingDependency: there is none, with the lines that install one.
    """
    found = compiler()
    if found is None:
        named = os.environ.get("CXX", "").strip()
        what = f"CXX={named}, a C++17 compiler," if named else "a C++17 compiler"
        hint = f"correct or unset CXX, or: {INSTALL}" if named else INSTALL
        raise MissingDependency(what, hint=hint)
    return found


def compiler_release() -> str:
    """Return the command of the compiler and what it says of its release.

    Raises:
        MissingDependency: there is none.
    """
    return _release(tuple(require_compiler()))


@functools.cache
def _release(command: tuple[str, ...]) -> str:
    return f"{shlex.join(command)} {_run([*command, '--version']).stdout}"


def compile_library(source: Path, library: Path, flags: Sequence[str] = ("-O2",)) -> None:
    """Compile one source to a shared library.

    Args:
        source: the source; headers beside it are found.
        library: to be made.
        flags: of the optimisation.

    Raises:
        MissingDependency: there is no compiler.
        CompilationError: it fails, with what it says.
    """
    command = [*require_compiler(), STANDARD, *flags, *SHARED]
    done = _run([*command, str(source), "-o", str(library)])
    if done.returncode != 0:
        told = done.stderr.strip()[:TOLD]
        message = f"{command[0]} failed with exit code {done.returncode}: {told}"
        raise CompilationError(message, where=source.name, hint="please report it")


def _words(named: str) -> list[str]:
    try:
        return shlex.split(named)
    except ValueError:  # a quote without its end: whatever it means, it is no command
        return [named]


def _accepts(command: Sequence[str]) -> bool:
    try:
        done = _run([*command, STANDARD, "-fsyntax-only", "-x", "c++", "-"], PROBE)
    except OSError:  # marked as executable, but no program of this machine
        return False
    return done.returncode == 0


def _run(command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=text, capture_output=True, text=True, errors="replace", check=False
    )
