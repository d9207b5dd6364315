"""Generated decoders for tests: written once, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.converters.targets import Options
from caloexport.runtime.generator import Generator
from tests.cpp.generators import GENERATORS
from tests.networks_large import large_decoder

#: (generator, precision, embed) -> the header
Written = Callable[[str, str, bool], Path]


def generator(name: str) -> Generator:
    """Return a small generator, or the one whose kernels are large enough to be rounded."""
    return large_decoder() if name == "large" else GENERATORS[name]()


@pytest.fixture(scope="session")
def decoders(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A function that writes a decoder, without executing it."""

    @cache
    def write(name: str, precision: str, embed: bool) -> Path:
        path = tmp_path_factory.mktemp("decoder") / f"{name}.h"
        options = Options(embed=embed)
        return export(
            generator(name), "cpp", path, verify=False, precision=precision, options=options
        ).path

    return write
