from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.errors import UnsupportedError, UsageError
from tests.cpp.generators import GENERATORS


@pytest.mark.parametrize(
    ("generator", "reason"),
    [("layered", "the mesh has no depth"), ("fractions", "Par04 counts azimuth from -π, the mesh")],
)
def test_what_par04_cannot_place_is_refused(generator: str, reason: str, tmp_path: Path) -> None:
    export(GENERATORS[generator](), "cpp", tmp_path / "decoder.h", verify=False)
    with pytest.raises(UnsupportedError, match=reason):
        write_snippets("par04-decoder", tmp_path / "decoder.h", tmp_path / "par04")


def test_the_name_of_the_sources_own_header_is_refused(tmp_path: Path) -> None:
    export(GENERATORS["cylinder"](), "cpp", tmp_path / "generator.h", verify=False)
    with pytest.raises(UsageError, match="name of a file that every snippet has"):
        write_snippets("par04-decoder", tmp_path / "generator.h", tmp_path / "par04")
