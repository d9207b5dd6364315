"""The real lwtnn, compiled around one of its interfaces and called through ctypes."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caloexport.bench.peers import BoundCall, Peer
from caloexport.converters.cpp.compiler import require_compiler
from caloexport.converters.lwtnn.write import write_graph
from caloexport.converters.targets import targets
from caloexport.cpp_snippets import folder as cpp_folder
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import InputFileError, MissingDependency, UnsupportedError
from caloexport.runtime.network import Network, Shape

TARGET = "lwtnn"
#: names the folder that lwtnn was installed in
PREFIX = "LWTNN_PREFIX"
HINT = f"set {PREFIX} to the folder that lwtnn 2.11 or later was installed in"
GRAPH, LIBRARY = "graph.json", "network.so"
#: where its build may have found Eigen, if it does not say
USUAL_EIGEN = (Path("/usr/include/eigen3"), Path("/usr/local/include/eigen3"))
#: folders in what lwtnn installs for CMake
INCLUDED = re.compile(r'INTERFACE_INCLUDE_DIRECTORIES "([^"]*)"')
#: as lwtnn's own build does it: no option for the machine at hand
FLAGS = ("-std=c++17", "-O2", "-shared", "-fPIC")
LINE = 4096


@dataclass(frozen=True)
class Installation:
    """Where header folders and the shared library are."""

    includes: tuple[Path, ...]
    library: Path


def installation() -> Installation:
    """Return where lwtnn is installed.

    Raises:
        MissingDependency: nobody says so, or it or Eigen is not there.
    """
    prefix = Path(os.environ.get(PREFIX) or "/nonexistent").absolute()
    found = [prefix / name / "liblwtnn.so" for name in ("lib", "lib64")]
    libraries = [path for path in found if path.is_file()]
    include = prefix / "include"
    if not libraries or not (include / "lwtnn" / "generic" / "FastGraph.hh").is_file():
        raise MissingDependency("lwtnn", hint=HINT)
    for place in (*built_with(prefix), include / "eigen3", *USUAL_EIGEN):
        if (place / "Eigen" / "Dense").is_file():
            return Installation((include, place), libraries[0])
    raise MissingDependency("Eigen, which lwtnn includes,", hint="apt-get install libeigen3-dev")


def built_with(prefix: Path) -> list[Path]:
    """Return the header folders that an installed lwtnn was built with."""
    path = prefix / "cmake" / "lwtnnConfig-targets.cmake"
    named = INCLUDED.findall(path.read_text(errors="replace")) if path.is_file() else []
    return [Path(place) for places in named for place in places.split(";")]


class LwtnnModel:
    """A file that lwtnn opened."""

    def __init__(self, folder: Path, n_inputs: int) -> None:
        library = ctypes.CDLL(str(folder / LIBRARY))
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        library.caloexport_open.restype = pointer
        library.caloexport_close.restype = library.caloexport_run.restype = None
        reason = ctypes.create_string_buffer(LINE)
        path = str(folder / GRAPH)
        opened = library.caloexport_open(path.encode(), reason, size(LINE))
        if not opened:
            message = f"lwtnn does not open it: {reason.value.decode(errors='replace')}"
            raise InputFileError(message, where=path)
        self._network = pointer(opened)
        library.caloexport_n_outputs.restype = size
        self._run = library.caloexport_run
        self._sizes = n_inputs, library.caloexport_n_outputs(self._network)
        weakref.finalize(self, library.caloexport_close, self._network)

    def bound(self, batch: int) -> BoundCall:
        n_inputs, n_outputs = self._sizes
        inputs = np.zeros((batch, n_inputs), dtype=np.float32)
        outputs = np.zeros((batch, n_outputs), dtype=np.float32)
        pointer, size, run = ctypes.c_void_p, ctypes.c_size_t, self._run
        arguments = (
            *(self._network, size(batch)),
            *(size(n_inputs), pointer(inputs.ctypes.data)),
            pointer(outputs.ctypes.data),
        )

        def call(x: Float32) -> Array:
            inputs[...] = x
            run(*arguments)
            return outputs

        return call


class LwtnnPeer(Peer):
    """One of lwtnn's interfaces.

    Args:
        source: in ``cpp_snippets/bench``, that calls it.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    def require(self) -> None:
        installation()
        require_compiler()

    def import_libraries(self) -> None:
        """Nothing: all of it is C++."""

    def obstacle(self, network: Network) -> str | None:
        if any(len(shape) != 1 for shape in network.inputs.values()):
            return "input vectors only"
        target = targets[TARGET]
        refusals = target.refusals(target.prepare(network))
        return refusals[0].reason if refusals else None

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        write_graph(folder / GRAPH, targets[TARGET].prepare(network), {})
        found, source = installation(), cpp_folder() / "bench" / self.source
        command = [*require_compiler(), *FLAGS]
        command += [word for place in found.includes for word in ("-isystem", str(place))]
        command += [str(source), str(found.library), f"-Wl,-rpath,{found.library.parent}"]
        command += ["-o", str(folder / LIBRARY)]
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            told = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            message = f"does not compile: {told[0]}"
            raise UnsupportedError(message, where=self.source, hint=HINT)

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> LwtnnModel:
        return LwtnnModel(folder, sum(shape[0] for shape in inputs))
