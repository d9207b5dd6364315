"""A generated decoder, compiled and called through ctypes."""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caloexport.converters.cpp.compiler import compile_library, compiler_release
from caloexport.converters.cpp.decoder import write_shared
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.kernels import cache
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.mesh import n_cells

#: longest line that the library tells
LINE = 4096
#: what the source of a library calls the header
INCLUDED = "decoder.h"
#: in the folder of compiled kernels, and the largest library that is worth its room there
FOLDER, KEPT_BYTES = "cpp", 8 << 20
POINTER, SIZE = ctypes.c_void_p, ctypes.c_size_t
WORD, INTEGER = ctypes.c_uint64, ctypes.c_int
#: result and arguments of the functions of every library, and of those that sample
FUNCTIONS = {
    "open": (POINTER, (ctypes.c_char_p, ctypes.c_char_p, SIZE)),
    "close": (None, (POINTER,)),
    "memory": (POINTER, ()),
    "release": (None, (POINTER,)),
    "run": (None, (POINTER, POINTER, SIZE, POINTER, POINTER)),
    "selftest": (INTEGER, (POINTER, ctypes.c_char_p, SIZE)),
}
SAMPLING = {
    "message": (ctypes.c_char_p, (INTEGER,)),
    "sample": (INTEGER, (POINTER, POINTER, POINTER, INTEGER, WORD, WORD, SIZE, POINTER)),
    "cells": (SIZE, (POINTER, POINTER, POINTER)),
    "latents": (None, (POINTER, POINTER)),
}


@dataclass(frozen=True)
class Answer:
    """What became of a call: 0 and "ok", or why there is no shower."""

    status: int
    message: str


class DecoderLibrary:
    """A decoder in this process; any thread may call it, each has memory of its own.

    Args:
        header: of a decoder; its weights are beside it or inside.
        weights: the weights file, None where they are inside.
        manifest: of the decoder.
        flags: of the compiler.

    Raises:
        MissingDependency: there is no compiler.
        CompilationError: it fails.
        InputFileError: the decoder refuses its weights.
    """

    def __init__(
        self,
        header: Path,
        weights: Path | None,
        manifest: Manifest,
        flags: Sequence[str] = ("-O2",),
    ) -> None:
        network = weightless_network(manifest.network, str(header))
        self.n_inputs, self.n_outputs = network.n_inputs, network.n_outputs
        self.n_cells = 0 if manifest.sampling is None else n_cells(manifest.sampling.mesh)
        self.n_latents = 0 if manifest.sampling is None else manifest.sampling.noise.size
        self._library = _compiled(header, manifest, embedded=weights is None, flags=flags)
        functions = FUNCTIONS if manifest.sampling is None else FUNCTIONS | SAMPLING
        for name, (result, arguments) in functions.items():
            function = self._function(name)
            function.restype, function.argtypes = result, arguments
        reason = ctypes.create_string_buffer(LINE)
        path = b"" if weights is None else os.fsencode(weights.absolute())
        self._decoder = self._function("open")(path, reason, LINE)
        if not self._decoder:
            told = reason.value.decode(errors="replace")
            message = f"its decoder refuses to start: {told}"
            raise InputFileError(message, where=str(header))
        weakref.finalize(self, self._function("close"), self._decoder)
        self._threads = threading.local()

    def run(self, x: Array) -> Float32:
        """Return the network's outputs (n, n_out) of inputs (n, n_in)."""
        rows = np.ascontiguousarray(x, dtype=np.float32).reshape(len(x), self.n_inputs)
        out = np.empty((len(rows), self.n_outputs), dtype=np.float32)
        self._function("run")(
            self._decoder, self.memory(), len(rows), rows.ctypes.data, out.ctypes.data
        )
        return out

    def bound_run(self, out: Float32) -> Callable[[int], object]:
        """Return a call that evaluates the network on inputs (n, n_in) at an address.

        Args:
            out: (n, n_out), filled by every call; one thread may call it.
        """
        call, room = self._function("run"), POINTER(self.memory())
        decoder, rows, place = POINTER(self._decoder), SIZE(len(out)), POINTER(out.ctypes.data)

        def run(address: int, keep: object = (self, out)) -> object:
            return call(decoder, room, rows, address, place)

        return run

    def bound_sample(
        self, given: Sequence[float], seed: int, n: int = 1, out: Float32 | None = None
    ) -> Callable[[int], int]:
        """Return a call that makes n showers of a seed from a number on, and gives their status.

        Args:
            given: the conditions in the order of the manifest, categories as their index.
            seed: of the latents.
            n: showers of a call.
            out: (n, n_cells) filled with MeV; None leaves the last one in the thread's memory.
        """
        values = (ctypes.c_double * max(1, len(given)))(*given)
        place = POINTER(None if out is None else out.ctypes.data)
        call, decoder, room = self._function("sample"), POINTER(self._decoder), self.memory()
        memory, policy, word, rows = POINTER(room), INTEGER(0), WORD(seed), SIZE(n)

        def sample(first: int, keep: object = (self, out)) -> int:
            status: int = call(decoder, memory, values, policy, word, first, rows, place)
            return status

        return sample

    def sample(
        self, given: Sequence[float], seed: int, first: int, n: int, policy: int = 0
    ) -> tuple[Answer, Float32]:
        """Make showers first to first + n - 1 of a seed under one set of conditions.

        Args:
            given: the conditions in the order of the manifest, categories as their index.
            policy: 0 error, 1 clamp, 2 extrapolate.

        Returns:
            what became of it, and (n, cells) MeV.
        """
        out = np.zeros((n, self.n_cells), dtype=np.float32)
        values = (ctypes.c_double * max(1, len(given)))(*given)
        status = self._function("sample")(
            self._decoder, self.memory(), values, policy, seed, first, n, out.ctypes.data
        )
        return Answer(status, self._function("message")(status).decode()), out

    def cells(self) -> tuple[Array, Float32]:
        """Return indices and energies of the cells of this thread's last shower."""
        indices = np.empty(self.n_cells, dtype=np.uint32)
        energies = np.empty(self.n_cells, dtype=np.float32)
        count = self._function("cells")(self.memory(), indices.ctypes.data, energies.ctypes.data)
        return indices[:count], energies[:count]

    def latents(self) -> Float32:
        """Return the latents of this thread's last shower."""
        found = np.empty(self.n_latents, dtype=np.float32)
        self._function("latents")(self.memory(), found.ctypes.data)
        return found

    def selftest(self) -> tuple[bool, str]:
        """Replay the decoder's own proof; say whether it agrees, with its line."""
        report = ctypes.create_string_buffer(LINE)
        equal = self._function("selftest")(self._decoder, report, LINE)
        return bool(equal), report.value.decode(errors="replace")

    def memory(self) -> int:
        """Return this thread's memory."""
        found: int | None = getattr(self._threads, "memory", None)
        if found is None:
            found = self._threads.memory = self._function("memory")()
            if not found:
                message = "a decoder's memory could not be allocated"
                raise MemoryError(message)
            release = self._function("release")
            # of the thread's own storage: it goes with the thread, or with the library
            self._threads.keep = _Kept()
            weakref.finalize(self._threads.keep, release, found)
        return found

    def _function(self, name: str) -> ctypes._NamedFuncPointer:
        # by attribute: only that way the library keeps the types of arguments
        function: ctypes._NamedFuncPointer = getattr(self._library, f"caloexport_{name}")
        return function


#: libraries by their identity; one that was opened stays so as long as the process
_OPENED: dict[str, ctypes.CDLL] = {}
_LOCK = threading.Lock()


class _Kept:
    """Something that a thread's storage alone refers to."""


def _compiled(
    header: Path, manifest: Manifest, *, embedded: bool, flags: Sequence[str]
) -> ctypes.CDLL:
    """Compile a header, unless that was done before; the library's file is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, _LOCK:
        source, library = Path(folder) / "shared.cc", Path(folder) / "decoder.so"
        # under a name of ours: a path in #include has no escapes for quotes and other bytes
        (Path(folder) / INCLUDED).symlink_to(header.absolute())
        write_shared(source, INCLUDED, manifest, embedded=embedded)
        identity = _identity(source, header, flags)
        key = identity["text"] + identity["compiler"] + identity["flags"]
        if key not in _OPENED:
            _make(source, library, flags, identity)
            _OPENED[key] = ctypes.CDLL(str(library))
        return _OPENED[key]


def _identity(source: Path, header: Path, flags: Sequence[str]) -> dict[str, str]:
    """Return all that a library follows from."""
    return {
        "level": "decoder",
        "text": hashlib.sha256(source.read_bytes() + header.read_bytes()).hexdigest(),
        "compiler": compiler_release(),
        "flags": " ".join(flags),
    }


def _make(source: Path, library: Path, flags: Sequence[str], identity: Mapping[str, str]) -> None:
    """Compile, or take what another process compiled."""
    place = cache.folder()
    path = None if place is None else cache.path_of(identity, place / FOLDER)
    kept = None if path is None else cache.read(path)
    if kept is not None:
        library.write_bytes(kept)
        return
    compile_library(source, library, flags)
    if path is not None and library.stat().st_size <= KEPT_BYTES:
        cache.write(path, library.read_bytes())
