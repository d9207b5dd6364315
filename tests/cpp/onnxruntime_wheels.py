"""ONNX Runtime for C++ out of Python wheels: no package of Debian's has it.

The wheel of onnxruntime holds the library, under a name that no linker looks for, and no header.
The headers come out of another wheel, amd-quark, which ships those of release 1.17; the interface
only grows, so that newer libraries take them. That wheel is fetched by itself, because its
dependencies are gigabytes, into pytest's cache, and only once.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

#: names a folder with onnxruntime_cxx_api.h, in place of the wheel
VARIABLE = "ONNXRUNTIME_INCLUDE"
WHEEL = "amd-quark==0.13"
INSIDE = "include/onnxruntime-1.17.0/onnxruntime/core/session/"
HEADER = "onnxruntime_cxx_api.h"


@dataclass(frozen=True)
class OnnxRuntime:
    """What a program is compiled and linked with.

    Attributes:
        headers: folder of onnxruntime_cxx_api.h.
        libraries: folder of libonnxruntime.so.
    """

    headers: Path
    libraries: Path

    @property
    def options(self) -> dict[str, Any]:
        """Arguments for ``Compiler.program``."""
        paths = [f"-L{self.libraries}", f"-Wl,-rpath,{self.libraries}"]
        return {"system_includes": [self.headers], "libraries": [*paths, "-lonnxruntime"]}


def headers(cache: Path) -> Path:
    """Return the folder of the headers, fetched into a cache when it is not there yet.

    Args:
        cache: a folder that outlives the session.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not (Path(named) / HEADER).is_file():
            pytest.fail(f"{VARIABLE} names {named}, which holds no {HEADER}")
        return Path(named)
    folder = cache / WHEEL.replace("==", "-")
    if not (folder / HEADER).is_file():
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            unpacked = _unpacked(Path(scratch))
            with contextlib.suppress(OSError):  # another worker was faster
                unpacked.rename(folder)
    return folder


def _unpacked(folder: Path) -> Path:
    """Download the wheel and return a folder with nothing but the headers."""
    # the wheel is the same for every Python: its version is told so that newer ones take it, too
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version=3.11", f"--dest={folder}", WHEEL]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        told = (done.stderr.strip().splitlines() or ["no message"])[-1]
        pytest.skip(
            f"no headers of ONNX Runtime: pip download --no-deps {WHEEL} said '{told}'; or set "
            f"{VARIABLE} to a folder with {HEADER}"
        )
    found = folder / "headers"
    found.mkdir()
    with zipfile.ZipFile(wheels[0]) as wheel:
        for name in wheel.namelist():
            if INSIDE in name and name.endswith(".h"):
                (found / Path(name).name).write_bytes(wheel.read(name))
    return found


def libraries(folder: Path) -> Path:
    """Return a folder with the library of the installed wheel under its linker's names."""
    found = importlib.util.find_spec("onnxruntime")
    if found is None or found.origin is None:
        pytest.skip("onnxruntime is not installed: pip install 'caloexport[onnx]'")
    shared = sorted((Path(found.origin).parent / "capi").glob("libonnxruntime.so.*"))
    for name in ("libonnxruntime.so.1", "libonnxruntime.so"):  # SONAME, and what -l looks for
        (folder / name).symlink_to(shared[0])
    return folder
