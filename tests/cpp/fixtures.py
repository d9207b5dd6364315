"""Fixtures that tests anywhere in the tree take to compile C++."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cpp.compiling import Compiler
from tests.cpp.onnxruntime_wheels import OnnxRuntime, headers, libraries


@pytest.fixture(scope="session", params=["g++", "clang++"])
def compiler(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    """Each of the compilers; a test that takes it carries the mark ``system``."""
    folder = tmp_path_factory.getbasetemp() / f"programs-{request.param}"
    folder.mkdir(exist_ok=True)
    return Compiler(request.param, folder)


@pytest.fixture(scope="session")
def any_compiler(tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    """One compiler, g++, where a second one would prove nothing more."""
    folder: Path = tmp_path_factory.getbasetemp() / "programs-g++"
    folder.mkdir(exist_ok=True)
    return Compiler("g++", folder)


@pytest.fixture(scope="session")
def onnxruntime(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> OnnxRuntime:
    """ONNX Runtime's headers and library: ``compiler.program(…, **onnxruntime.options)``."""
    cache = request.config.cache.mkdir("onnxruntime")
    folder = libraries(tmp_path_factory.mktemp("onnxruntime"))
    return OnnxRuntime(headers(cache), folder)
