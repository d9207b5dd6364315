"""From entry points to LLVM, by numba.

Numba by itself links, optimises and loads a function anew with each of its callers. A process
that uses numba for nothing else can switch that off and take every function once, which halves
the time. It is numba's inside that is exchanged, hence the tests with every version.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import numba
from numba.core import codegen, cpu, entrypoints

from caloexport.runtime.kernels.compiled import ENTRIES
from caloexport.runtime.kernels.wrapper import Callee


def translate(*, alone: bool) -> tuple[list[Callee], list[Any]]:
    """Translate all entry points.

    Args:
        alone: nothing else in this process uses numba.

    Returns:
        the entry points as the wrappers see them; LLVM modules that hold them and all they call.
    """
    callees: list[Callee] = []
    libraries: list[Any] = []
    with translation_only() if alone else contextlib.nullcontext():
        for name, entry in sorted(ENTRIES.items()):
            entry.kernel.compile(entry.signature)
            result = entry.kernel.overloads[entry.signature.args]
            callees.append(Callee(name, result.fndesc.llvm_func_name, entry.arguments))
            libraries += with_callees(result.library) if alone else [result.library]
    return callees, [library._final_module.clone() for library in dict.fromkeys(libraries)]


@contextlib.contextmanager
def translation_only() -> Iterator[None]:
    """Let numba neither link, optimise nor load what it compiles.

    The functions compiled meanwhile cannot be called, and no function that calls them either.
    """

    def only_mark(library: Any) -> None:
        library._finalized = True

    def no_function(*_: Any) -> Any:
        return [].append  # numba wants a builtin, and finds a callee by its identity

    with (
        mock.patch.object(numba.config, "OPT", type(numba.config.OPT)(0)),
        mock.patch.object(codegen.CPUCodeLibrary, "finalize", only_mark),
        mock.patch.object(cpu.CPUContext, "get_executable", no_function),
        mock.patch.object(entrypoints, "init_all", lambda: None),  # of other distributions
    ):
        yield


def with_callees(library: Any) -> list[Any]:
    """Return a library and those of all functions that it calls, directly or not, once each."""
    found = [library]
    for one in found:  # grows meanwhile
        found += [callee for callee in one._linking_libraries if callee not in found]
    return found
