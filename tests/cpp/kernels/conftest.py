"""The library of all kernels, once for each compiler."""

from __future__ import annotations

import pytest

from tests.cpp.compiling import Compiler
from tests.cpp.kernels.library import KernelLibrary, compile_kernels


@pytest.fixture(scope="session")
def library(compiler: Compiler) -> KernelLibrary:
    """Every kernel at every level."""
    return compile_kernels(compiler)
