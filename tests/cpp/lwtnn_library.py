"""The lwtnn that tests compile against: our stand-in, and the real one where it is installed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pytest

from tests.cpp.compiling import STANDINS

#: names the folder that a real lwtnn was installed in
PREFIX = "LWTNN_PREFIX"
#: of the Debian package that lwtnn's own build finds
EIGEN = Path("/usr/include/eigen3")


class Options(TypedDict):
    """Of ``Compiler.program``."""

    includes: list[Path]
    system_includes: list[Path]
    libraries: list[str]


@dataclass(frozen=True)
class LwtnnLibrary:
    """One of the two.

    Attributes:
        prefix: of the real library; None for the stand-in.
    """

    prefix: Path | None

    def options(self, *includes: Path) -> Options:
        """Return what a program that includes lwtnn is compiled with."""
        if self.prefix is None:
            return Options(
                includes=[*includes, STANDINS / "lwtnn"], system_includes=[], libraries=[]
            )
        libraries = self.prefix / "lib"
        return Options(
            includes=[*includes],
            system_includes=[self.prefix / "include", EIGEN],
            libraries=[f"-L{libraries}", "-llwtnn", f"-Wl,-rpath,{libraries}"],
        )


def _libraries() -> list[LwtnnLibrary]:
    prefix = os.environ.get(PREFIX)
    return [LwtnnLibrary(None), *([LwtnnLibrary(Path(prefix))] if prefix else [])]


@pytest.fixture(
    scope="session", params=_libraries(), ids=lambda one: "real" if one.prefix else "standin"
)
def lwtnn_library(request: pytest.FixtureRequest) -> LwtnnLibrary:
    """The stand-in and, where ``LWTNN_PREFIX`` names one, the real library."""
    library: LwtnnLibrary = request.param
    return library
